import Environments
import Learning
import Robotics

/// A recorded fault, lived through once more.
package struct CrashReplay: Sendable {
  /// Bytes a crash file may have.
  private static let limit = 1 << 28
  /// Steps before the end that are shown.
  private static let shown = 3

  package let crash: CrashFile
  package let replay: TailReplay

  /// - Throws: `CommandError` if the file at `path` is no crash file, or not of a robot of `catalog` as it is now.
  package init(ofFileAt path: String, in catalog: Catalog) throws {
    let (crash, fingerprint): (CrashFile, Fingerprint?)
    do {
      let file = try TensorFile(contentsOf: path, limit: Self.limit)
      (crash, fingerprint) = (try CrashFile(from: file), try PolicyFile.fingerprint(of: file))
    } catch {
      throw CommandError("\(quoted(path)) is not a sound crash file: \(error); '\(Program.name) train' writes them")
    }
    guard let entry = catalog[crash.robot] else {
      throw CommandError(
        "\(quoted(path)) is of robot \(quoted(crash.robot)), which is unknown here; the robots are "
          + catalog.names.joined(separator: ", "))
    }
    if let difference = crash.spec.difference(from: try entry.spec()) {
      throw CommandError("\(quoted(path)) does not fit robot '\(entry.name)' as it is now: \(difference)")
    }
    try PolicyFile.warn(of: fingerprint, "\(quoted(path)) was recorded", for: entry)
    do {
      var settings = TrainingSettings()
      for assignment in try SettingsFile.parse(Array(crash.settings.utf8)).assignments {
        try settings.assign(assignment)
      }
      replay = try entry.makeVectorEnv(
        count: 1, shards: 1, seed: 0, start: .together, disturbances: settings.disturbances
      ).replay(crash.tail)
    } catch { throw CommandError("\(quoted(path)) does not fit robot '\(entry.name)' as it is now: \(error)") }
    self.crash = crash
  }

  private var tail: EpisodeTail { crash.tail }
  /// Control steps of the tail.
  private var stepCount: Int { tail.actions.count / crash.spec.actionCount }

  /// Whether the last step broke down, as it did in the training, and none before it.
  package var isReproduced: Bool { replay.reason != nil && replay.steps.count == stepCount }

  /// What came of it, in a sentence.
  package var verdict: String {
    let place = "step \(tail.stepsBefore + replay.steps.count) of the episode"
    if let reason = replay.reason {
      return isReproduced
        ? "Reproduced: \(place) breaks down: \(reason)"
        : "not reproduced: \(place) breaks down already, not step \(tail.stepsBefore + stepCount): \(reason)"
    }
    let end = replay.steps.last.flatMap { crash.spec.name(of: $0.ending) }
    return "not reproduced: "
      + (end.map { "the episode ends at \(place) by \($0)" } ?? "nothing breaks down up to \(place)")
      + "; the fault depends on what the file does not hold, such as the build or the machine"
  }

  // MARK: Output

  package var json: JSON {
    .object([
      ("robot", .text(crash.robot)), ("env", .whole(crash.env)), ("step", .whole(crash.step)),
      ("episode_seed", .unsigned(tail.seed)), ("first_step", .whole(tail.stepsBefore + 1)),
      ("steps", .whole(stepCount)), ("recorded_reason", .text(crash.reason)), ("reproduced", .flag(isReproduced)),
      ("breaks_at", replay.reason == nil ? .null : .whole(tail.stepsBefore + replay.steps.count)),
      ("reason", replay.reason.map { .text($0) } ?? .null), ("last", .array(lastSteps.map(json))),
    ])
  }

  private func json(ofStep number: Int) -> JSON {
    var column = 0
    let observation = crash.spec.observations.map { slice in
      defer { column += slice.count }
      return (slice.name, JSON.array(before(number)[column..<column + slice.count].map { .number(Double($0)) }))
    }
    let actions = zip(crash.spec.actions, action(number)).map { ($0.name, JSON.number(Double($1))) }
    return .object([
      ("episode_step", .whole(tail.stepsBefore + number + 1)), ("observation", .object(observation)),
      ("action", .object(actions)), ("reward", .number(Double(replay.steps[number].reward))),
    ])
  }

  /// A table of what was seen before each of the last steps and done in it, with what it is of above and the verdict below.
  package var text: String {
    let start = tail.snapshot == nil ? "its start" : "a snapshot after step \(tail.stepsBefore)"
    var rows = [["step of the episode"] + lastSteps.map { "\(tail.stepsBefore + $0 + 1)" }]
    var column = 0
    for slice in crash.spec.observations {
      for i in 0..<slice.count {
        let name = slice.count > 1 ? "\(slice.name) \(i)" : slice.name
        rows.append([name] + lastSteps.map { Self.text(before($0)[column]) })
        column += 1
      }
    }
    for (i, channel) in crash.spec.actions.enumerated() {
      rows.append(["action \(channel.name)"] + lastSteps.map { Self.text(action($0)[i]) })
    }
    rows.append(["reward"] + lastSteps.map { Self.text(replay.steps[$0].reward) })
    return """
      \(crash.robot), env \(crash.env), broke down at step \(NumberText.grouped(crash.step)): \(printable(crash.reason))
      Repeated from \(start), \(stepCount) control \(stepCount == 1 ? "step" : "steps"), episode seed \(tail.seed).

      \(TextTable(rows).text)
      """
  }

  private static func text(_ value: Float) -> String {
    value.isFinite ? NumberText.short(Double(value)) : "\(value)"
  }

  private var lastSteps: Range<Int> { max(0, replay.steps.count - Self.shown)..<replay.steps.count }

  /// What the env showed before a step of the tail.
  private func before(_ number: Int) -> [Float] {
    number == 0 ? tail.observation : replay.steps[number - 1].observation
  }

  private func action(_ number: Int) -> [Float] {
    let width = crash.spec.actionCount
    return Array(tail.actions[number * width..<(number + 1) * width])
  }
}
