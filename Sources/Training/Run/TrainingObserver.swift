import Environments
import Storage

/// Receives what happens in a training, in order, on the thread that runs it.
public protocol TrainingObserver: AnyObject {
  func observe(_ event: TrainingEvent)
}

/// Asks a training to save and to end; polled after every iteration and between batches of evaluation episodes.
public protocol StopSignal: Sendable {
  var isRaised: Bool { get }
}

/// What happens in a training.
public enum TrainingEvent: Sendable {
  case started(TrainingStart)
  case iterated(TrainingIteration)
  /// Something went wrong and was handled.
  case incident(Incident)
  /// An evaluation that no iteration came with: of the policy that the training starts from, or after the last iteration.
  case evaluated(TrainingEvaluation)
}

/// What is fixed when a training starts.
public struct TrainingStart: Sendable {
  public let robot: String
  /// Path of the run directory.
  public let folder: String
  public let steps: Int
  public let envs: Int
  public let threads: Int
  public let seed: UInt64
  /// Env steps taken before; 0 for a new training.
  public let firstStep: Int
  /// Whether it resumes a run.
  public let isResumed: Bool
  /// What the user may not expect of it, a sentence each.
  public var notes: [String] = []
}

/// The outcome of an iteration.
public struct TrainingIteration: Sendable {
  public let progress: TrainingProgress
  /// Env steps taken so far.
  public let step: Int
  /// The row of `progress.csv`.
  package let row: MetricRow
  /// The evaluation after it, if one was due.
  public let evaluation: TrainingEvaluation?
  /// Findings of the run doctor that are new.
  public let findings: [Finding]
}

/// How far a training has come.
public struct TrainingProgress: Sendable, Equatable {
  public var robot: String
  public var steps: Int
  public var totalSteps: Int
  /// Mean over the episodes that ended last; nil before one has.
  public var episodeReturn: Double?
  /// Mean over the episodes that ended last, s; nil before one has.
  public var lengthSeconds: Double?
  /// Env steps per second of training, over the whole training.
  public var stepsPerSecond: Double
  /// Estimated time to the end, s.
  public var secondsLeft: Double

  package init(
    robot: String, steps: Int, totalSteps: Int, episodeReturn: Double?, lengthSeconds: Double?, stepsPerSecond: Double,
    secondsLeft: Double
  ) {
    self.robot = robot
    self.steps = steps
    self.totalSteps = totalSteps
    self.episodeReturn = episodeReturn
    self.lengthSeconds = lengthSeconds
    self.stepsPerSecond = stepsPerSecond
    self.secondsLeft = secondsLeft
  }

  /// The share that is done, from 0 to 1.
  public var share: Double { totalSteps > 0 ? min(1, Double(steps) / Double(totalSteps)) : 1 }
}

/// An evaluation during a training.
public struct TrainingEvaluation: Sendable {
  public let report: EvaluationReport
  /// Env steps taken before it.
  public let step: Int
  /// Duration, s.
  public let seconds: Double
  /// Whether the policy is the best so far.
  public let isBest: Bool
  /// The full evaluation that followed, if this one reached the goal of the training.
  public var confirmation: GoalConfirmation?
}

extension TrainingEvaluation {
  package var json: JSON {
    let goal = confirmation.map { confirmation in
      [
        (
          "confirmation",
          JSON.object([
            ("solved", .flag(confirmation.missed.isEmpty)), ("report", confirmation.report.json),
          ])
        )
      ]
    }
    return .object(
      [("best", .flag(isBest)), ("seconds", .number(seconds)), ("report", report.json)] + (goal ?? []))
  }
}
