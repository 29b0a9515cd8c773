import Environments
import Robotics
import Storage

/// What an evaluation found, as it is printed and written.
public struct EvaluationReport: Sendable, Equatable {
  public let robot: String
  /// The policy's name, or the path it was read from.
  public package(set) var policy: String
  public let seed: UInt64
  public let episodes: Int
  /// Control steps of all episodes together.
  public let steps: Int
  /// How many of the episodes started differently.
  public let distinctStarts: Int
  /// Sum of an episode's rewards.
  public let episodeReturn: Statistics
  /// Control steps of an episode.
  public let length: Statistics
  public let lengthSeconds: Statistics
  /// How many episodes ended in each way that the spec has a name for.
  public let endings: [(name: String, count: Int)]
  /// The task's metrics in the order of its spec.
  public let metrics: [(name: String, statistics: Statistics)]
  /// What counts as a success, and in how many episodes there was one; nil where the task has no notion of it.
  public let success: (definition: Success, proportion: Proportion)?
  /// The best, the median and the worst episode; see `highlights(among:)`.
  package let highlights: [(label: String, number: Int)]
  /// How hard the actuators worked, where that was measured.
  package let effort: EffortReport?
  /// How far the simulation deviated from rigid bodies, exact joints and hard stops, where that was measured.
  public let physicsErrors: [(name: String, statistics: Statistics)]
  /// How far disturbances can go, if that was asked.
  package var robustness: Robustness?
  /// Seconds an episode can last.
  public let fullSeconds: Double

  /// The name under which episodes that lasted to the time limit are counted.
  package static let timeLimit = EnvSpec.timeLimit

  /// - Parameter spec: the env's, of which the evaluation's may have more metrics.
  package init(
    _ evaluation: Evaluation, spec: EnvSpec, success: Success, robot: String, policy: String, seed: UInt64
  ) {
    self.robot = robot
    self.policy = policy
    self.seed = seed
    let records = evaluation.episodes
    episodes = records.count
    steps = evaluation.steps
    distinctStarts = evaluation.distinctStarts
    episodeReturn = Statistics(records.map(\.episodeReturn))
    length = Statistics(records.map { Double($0.length) })
    lengthSeconds = Statistics(records.map { Double($0.length) * spec.controlInterval })
    let names = records.map { spec.name(of: $0.ending) }
    endings = spec.endingNames.map { name in (name, names.count { $0 == name }) }
    metrics = spec.metrics.enumerated().map { i, name in
      (name, Statistics(evaluation.metrics.map { i < $0.count ? $0[i] : .nan }))
    }
    self.success = success.outcomes(of: evaluation, spec: spec).map { (success, Proportion($0)) }
    highlights = Self.highlights(among: records.map(\.episodeReturn))
    effort = EffortReport(evaluation)
    physicsErrors = evaluation.metricNames.enumerated().compactMap { i, name in
      guard name.hasPrefix(PhysicsErrorMeter.prefix) else { return nil }
      return (String(name.dropFirst(PhysicsErrorMeter.prefix.count)), Statistics(evaluation.metrics.map { $0[i] }))
    }
    fullSeconds = Double(spec.episodeSteps) * spec.controlInterval
  }

  /// The best, the median and the worst episode by their return, each once.
  package static func highlights(among returns: [Double]) -> [(label: String, number: Int)] {
    let order = returns.indices.sorted { (returns[$0], $1) > (returns[$1], $0) }
    guard let best = order.first, let worst = order.last else { return [] }
    var choice = [("best", best)]
    let median = order[order.count / 2]
    if order.count > 2 { choice.append(("median", median)) }
    if order.count > 1 { choice.append(("worst", worst)) }
    return choice.map { (label: $0.0, number: $0.1) }
  }

  public static func == (a: EvaluationReport, b: EvaluationReport) -> Bool { a.json == b.json }

  /// The share of the episodes that ended for each reason.
  public var endingShares: [(name: String, proportion: Proportion)] {
    endings.map { ($0.name, Proportion($0.count, of: episodes)) }
  }

  /// The document that `ppo-robot evaluate --json` prints.
  public var jsonDocument: String { json.document }

  /// `jsonDocument` as a value.
  package var json: JSON {
    .object(figures + (robustness.map { [("robustness", $0.json)] } ?? []))
  }

  private var figures: [(key: String, value: JSON)] {
    [
      ("robot", .text(robot)), ("policy", .text(policy)), ("episodes", .whole(episodes)), ("seed", .unsigned(seed)),
      ("steps", .whole(steps)), ("distinct_starts", .whole(distinctStarts)), ("return", episodeReturn.json),
      ("length", length.json), ("length_s", lengthSeconds.json),
      ("endings", .object(endings.map { ($0.name, .whole($0.count)) })),
      ("metrics", .object(metrics.map { ($0.name, $0.statistics.json) })),
      ("success", success?.proportion.json ?? .null),
      ("ending_shares", .object(endingShares.map { ($0.name, .object($0.proportion.shareMembers)) })),
      ("effort", effort?.json ?? .null),
      (
        "physics",
        physicsErrors.isEmpty ? .null : .object(physicsErrors.map { (key: $0.name, value: $0.statistics.json) })
      ),
    ]
  }
}
