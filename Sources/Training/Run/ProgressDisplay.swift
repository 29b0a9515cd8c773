/// Shows a training to whoever watches.
protocol ProgressDisplay: AnyObject {
  func started(_ start: TrainingStart)
  func iterated(_ iteration: TrainingIteration)
  /// Something went wrong and was dealt with.
  func noticed(_ incident: Incident)
  /// An evaluation that no iteration brought: the one at the end, where none was due.
  func evaluated(_ evaluation: TrainingEvaluation)
  /// The training ended early by saving.
  func interrupted(_ interruption: TrainingInterruption)
  func finished(_ outcome: TrainingOutcome)
  /// There was nothing left to do.
  func found(_ run: CompleteRun)
  /// Takes off the screen what is only there for the moment.
  func clear()
}

/// What stands fixed when a training starts.
struct TrainingStart: Sendable {
  let robot: String
  let folder: String
  let steps: Int
  let envs: Int
  let threads: Int
  let seed: UInt64
  /// Where the training takes up from; 0 for a new one.
  let firstStep: Int
  /// Whether it takes up an earlier one.
  let isResumed: Bool
  /// What the user may not expect of it, a sentence each.
  var notes: [String] = []
}

/// What an iteration brought.
struct TrainingIteration: Sendable {
  let line: ProgressLine
  /// Env steps taken so far.
  let step: Int
  /// The row of `progress.csv`.
  let record: Record
  /// The evaluation that followed it, if one was due.
  let evaluation: TrainingEvaluation?
  /// What the doctor says is wrong since now.
  let findings: [Finding]
}

/// An evaluation on the way.
struct TrainingEvaluation: Sendable {
  let report: EvaluationReport
  let step: Int
  /// Seconds it took.
  let seconds: Double
  /// Whether the policy is the best so far.
  let isBest: Bool
  /// What came of holding the policy to the goal, if the evaluation reached one that the training has.
  var confirmation: GoalConfirmation?
}

extension TrainingEvaluation {
  var json: JSON {
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

/// A training that a signal ended.
struct TrainingInterruption: Sendable {
  let signal: String
  let step: Int
  /// Path of the checkpoint.
  let checkpoint: String
}

/// A training that is complete.
struct TrainingOutcome: Sendable {
  let robot: String
  let folder: String
  /// Path of the best policy.
  let policy: String
  let steps: Int
  let iterations: Int
  /// Step after which the best policy was found.
  let bestStep: Int
  /// What it was chosen by; see `BestPolicy.score(of:)`.
  let bestScore: Double
  let clock: TrainingClock
  /// Env steps that broke down.
  let faults: Int
  /// How often learning went back to its last sound state.
  let rollbacks: Int
  /// The evaluation of the best policy at the end.
  let report: EvaluationReport
  /// What the doctor says is wrong in the end.
  let findings: [Finding]
  /// What it misses of the goal, if the training was to end with one.
  var missed: [String]?
  /// Where the page is that plays what the policy does; nil where there is nothing to see.
  let replay: String?

  var json: JSON {
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
struct CompleteRun: Sendable {
  let folder: String
  let robot: String
  let steps: Int
  /// `summary.json` as one line.
  let summary: String

  init(in folder: RunDirectory, robot: String, steps: Int) throws {
    self.folder = folder.path
    self.robot = robot
    self.steps = steps
    let text = String(decoding: try Files.read(folder.summary, limit: 1 << 24), as: UTF8.self)
    // In JSON a line break is only ever white space.
    summary = text.split(whereSeparator: \.isNewline).map { String($0.drop { $0 == " " }) }.joined()
  }
}

/// Where a training's seconds went.
struct TrainingClock: Sendable, Equatable {
  var training = 0.0
  var evaluation = 0.0
  var checkpoints = 0.0
  /// The doctor, tables, TensorBoard's events and what is shown.
  var logging = 0.0

  /// What would be lost without checkpoints.
  var work: Double { training + evaluation }
}

/// Shows nothing until the training is over.
final class NoProgress: ProgressDisplay {
  func started(_ start: TrainingStart) {
    if start.isResumed, start.firstStep == 0 { Output.note(start.sentence) }
  }
  func iterated(_ iteration: TrainingIteration) {}
  func noticed(_ incident: Incident) { Output.note(incident.sentence) }
  func evaluated(_ evaluation: TrainingEvaluation) {}
  func interrupted(_ interruption: TrainingInterruption) { Output.note(interruption.sentence) }
  func finished(_ outcome: TrainingOutcome) { Output.print(outcome.text) }
  func found(_ run: CompleteRun) { Output.print(run.sentence) }
  func clear() {}
}

/// One JSON document a line, on standard output.
final class JSONProgress: ProgressDisplay {
  func started(_ start: TrainingStart) {
    if start.isResumed { resumed(at: start.firstStep) }
    print(
      "started",
      [
        ("robot", .text(start.robot)), ("run_dir", .text(start.folder)), ("step", .whole(start.firstStep)),
        ("steps", .whole(start.steps)), ("envs", .whole(start.envs)), ("threads", .whole(start.threads)),
        ("seed", .unsigned(start.seed)), ("notes", .array(start.notes.map { .text($0) })),
      ])
  }

  func iterated(_ iteration: TrainingIteration) {
    var members = iteration.record.members.map { (key: $0.name, value: $0.value) }
    if let evaluation = iteration.evaluation { members.append(("evaluation", evaluation.json)) }
    print("iteration", members)
    for finding in iteration.findings { print("doctor", [("step", .whole(iteration.step))] + finding.members) }
  }

  func noticed(_ incident: Incident) { print(incident.event, incident.members) }

  func evaluated(_ evaluation: TrainingEvaluation) {
    print("evaluation", [("steps", .whole(evaluation.step)), ("evaluation", evaluation.json)])
  }

  func interrupted(_ interruption: TrainingInterruption) {
    print(
      "interrupted",
      [
        ("signal", .text(interruption.signal)), ("step", .whole(interruption.step)),
        ("checkpoint", .text(interruption.checkpoint)),
      ])
  }

  func finished(_ outcome: TrainingOutcome) {
    guard case .object(let members) = outcome.json else { return }
    print("done", members)
  }

  func found(_ run: CompleteRun) {
    resumed(at: run.steps)
    Output.print(#"{"event":"done","# + run.summary.dropFirst())
  }

  func clear() {}

  private func resumed(at step: Int) { print("resumed", [("step", .whole(step))]) }

  private func print(_ event: String, _ members: [(key: String, value: JSON)]) {
    Output.print(JSON.object([("event", .text(event))] + members).line)
  }
}
