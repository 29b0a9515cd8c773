import Environments
import Robotics

/// Whether steps look in the mirror as the task says that they do: mirrored states under mirrored actions must show the
/// mirrored observations, give the same rewards and end for the same reasons.
package enum MirroredStepsCheck {
  /// The mean difference that may be rounding or, after a step, the solver's: as a share of the mean deviation of the
  /// figure from its mean.
  static let (greatestBefore, greatestAfter) = (0.01, 0.2)
  /// Differences too small to count whatever the figure is like.
  static let leastDifference = 1e-5
  /// The share of endings that may differ: of those a rounding decides some.
  static let greatestEndings = 0.3

  package static func findings(of entry: Catalog.Entry, _ spec: EnvSpec, seed: UInt64) throws -> [Finding] {
    guard let robot = entry.robot, let task = entry.task, let play = try play(robot, task, seed), !play.steps.isEmpty
    else { return [] }
    return findings(play, spec)
  }

  private static func play(_ robot: some Robot, _ task: some RobotTask, _ seed: UInt64) throws -> MirroredSteps? {
    try MirroredSteps(robot, task, seed: seed)
  }

  private static func findings(_ play: MirroredSteps, _ spec: EnvSpec) -> [Finding] {
    var findings: [Finding] = []
    var unknown: [String] = []
    var start = 0
    for slice in spec.observations {
      let columns = start..<start + slice.count
      defer { start += slice.count }
      guard let wrong = columns.lazy.compactMap({ difference(ofColumn: $0, in: play) }).first else { continue }
      if !play.isMemoryMirrored, play.columnsWithMemory[wrong.column] {
        unknown.append("observation '\(slice.name)'")
        continue
      }
      findings.append(
        Finding(
          id: "wrong_mirror", severity: .error,
          place: "observation \(ObservationCheck.name(wrong.column, spec))",
          sentence:
            "in a mirrored step it is \(figure(wrong.found)) where its mirroring says \(figure(wrong.expected))",
          hint: "correct the mirroring: of its cursor.write (.same, .negated, .vector for directions, .axial for turns)"
            + memoryHint(play, play.columnsWithMemory[wrong.column])))
    }
    for (term, name) in spec.rewardTerms.enumerated() {
      guard
        let wrong = difference(play.steps.map { ($0.terms.expected[term], $0.terms.found[term]) }, greatestAfter)
      else { continue }
      if !play.isMemoryMirrored, play.termsWithMemory[term] {
        unknown.append("reward term '\(name)'")
        continue
      }
      findings.append(
        Finding(
          id: "wrong_mirror", severity: .error, place: "reward term '\(name)'",
          sentence: "a step gives \(figure(wrong.expected)), its mirror image \(figure(wrong.found))",
          hint:
            "reward left and right alike, or leave mirroring: out, so that trainings do not learn from mirror images"
            + memoryHint(play, play.termsWithMemory[term])))
    }
    if let finding = endings(play, spec) { findings.append(finding) }
    guard !unknown.isEmpty else { return findings }
    return findings + [
      Finding(
        id: "mirror_unchecked", severity: .note,
        sentence:
          "the mirroring of \(unknown.joined(separator: ", ")) could not be checked: it depends on "
          + "what the task remembers",
        hint: "let the task's mirror(for:) turn that into its mirror image")
    ]
  }

  private static func memoryHint(_ play: MirroredSteps, _ hasMemory: Bool) -> String {
    hasMemory ? ", and check whether the task's mirror(for:) mirrors everything that it depends on" : ""
  }

  private static func endings(_ play: MirroredSteps, _ spec: EnvSpec) -> Finding? {
    let over = play.steps.filter { $0.endings.expected.isOver || $0.endings.found.isOver }
    let different = over.filter { $0.endings.expected != $0.endings.found }
    guard let first = different.first, different.count > 1,
      Double(different.count) > greatestEndings * Double(over.count)
    else { return nil }
    func name(_ ending: Ending) -> String { spec.name(of: ending).map { "ends as '\($0)'" } ?? "goes on" }
    return Finding(
      id: "wrong_mirror", severity: .error,
      place:
        "ending '\(spec.name(of: first.endings.expected.isOver ? first.endings.expected : first.endings.found) ?? "–")'",
      sentence: "a step \(name(first.endings.expected)), its mirror image \(name(first.endings.found))",
      hint:
        "end episodes alike on both sides, or leave mirroring: out, so that trainings do not learn from mirror images")
  }

  private struct Difference {
    var column = 0
    let expected: Double
    let found: Double
  }

  private static func difference(ofColumn column: Int, in play: MirroredSteps) -> Difference? {
    let before = play.steps.map { ($0.before.expected[column], $0.before.found[column]) }
    // What a state shows, it shows exactly. What only a step shows, such as contacts, is at rest before it, and the solver
    // goes through the two sides in another order.
    let isAtRest = before.allSatisfy { $0 == before[0] }
    var found =
      isAtRest
      ? difference(play.steps.map { ($0.after.expected[column], $0.after.found[column]) }, greatestAfter)
      : difference(before, greatestBefore)
    found?.column = column
    return found
  }

  /// The greatest difference, if the mean one is more than may be.
  private static func difference(_ pairs: [(Float, Float)], _ greatest: Double) -> Difference? {
    let pairs = pairs.map { (expected: Double($0), found: Double($1)) }
    let count = Double(2 * pairs.count)
    let mean = pairs.reduce(0) { $0 + $1.expected + $1.found } / count
    let deviation = pairs.reduce(0) { $0 + abs($1.expected - mean) + abs($1.found - mean) } / count
    let difference = pairs.reduce(0) { $0 + abs($1.expected - $1.found) } / Double(pairs.count)
    guard difference > max(greatest * deviation, leastDifference),
      let worst = pairs.max(by: { abs($0.expected - $0.found) < abs($1.expected - $1.found) })
    else { return nil }
    return Difference(expected: worst.expected, found: worst.found)
  }
}
