import Storage

/// How a call of `Training.run` ended.
public enum TrainingOutcome: Sendable {
  /// The training is complete.
  case completed(TrainingSummary)
  /// The run had been completed before; nothing was left to do.
  case alreadyComplete(CompleteRun)
  /// The stop signal was raised; everything is saved.
  case interrupted(TrainingInterruption)
}

/// What a complete training came to: the contents of `summary.json`.
public struct TrainingSummary: Sendable {
  public let robot: String
  /// Path of the run directory.
  public let folder: String
  /// Path of the best policy.
  public let policy: String
  public let steps: Int
  public let iterations: Int
  /// Env steps after which the best policy was found.
  public let bestStep: Int
  /// The score by which it was chosen; see `BestPolicy.score(of:)`.
  public let bestScore: Double
  public let clock: TrainingClock
  /// Env steps that failed.
  public let faults: Int
  /// How often the learner went back to its last good state.
  public let rollbacks: Int
  /// The evaluation of the best policy at the end.
  public let report: EvaluationReport
  /// What the run doctor finds wrong at the end.
  public let findings: [Finding]
  /// The conditions of the goal that do not hold, if the training was to end with it.
  public let missed: [String]?
  /// Path of the page that plays episodes; nil where none was made.
  public let replay: String?

  package var json: JSON {
    .object(
      figures + (missed.map { [("solved", .flag($0.isEmpty))] } ?? [])
        + [("doctor", .array(findings.map(\.json))), ("evaluation", report.json)])
  }

  private var figures: [(key: String, value: JSON)] {
    [
      ("robot", .text(robot)), ("run_dir", .text(folder)), ("policy", .text(policy)), ("steps", .whole(steps)),
      ("iterations", .whole(iterations)), ("best_step", .whole(bestStep)),
      ("best_return_ci95_low", .number(bestScore)),
      ("training_seconds", .number(clock.training)), ("evaluation_seconds", .number(clock.evaluation)),
      ("checkpoint_seconds", .number(clock.checkpoints)), ("logging_seconds", .number(clock.logging)),
      ("faults", .whole(faults)), ("rollbacks", .whole(rollbacks)), ("replay", replay.map(JSON.text) ?? .null),
    ]
  }
}

/// A run that had been completed before.
public struct CompleteRun: Sendable {
  /// Path of the run directory.
  public let folder: String
  public let robot: String
  public let steps: Int
  /// `summary.json` as one line.
  package let summary: String

  package init(in folder: RunDirectory, robot: String, steps: Int) throws {
    self.folder = folder.path
    self.robot = robot
    self.steps = steps
    let text = String(decoding: try Files.read(folder.summary, limit: 1 << 24), as: UTF8.self)
    // In JSON a line break is only ever white space.
    summary = text.split(whereSeparator: \.isNewline).map { String($0.drop { $0 == " " }) }.joined()
  }
}

/// A training that ended early because it was asked to.
public struct TrainingInterruption: Sendable {
  public let step: Int
  /// Path of the checkpoint.
  public let checkpoint: String
}
