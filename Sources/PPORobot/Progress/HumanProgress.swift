/// Words and a bar for a person: a line that is redrawn on a terminal, lines now and then in a log. Progress goes to
/// standard error, the outcome to standard output.
final class HumanProgress: ProgressDisplay {
  private let terminal: Terminal
  private var sinceLine = Stopwatch()
  private var isFirstLine = true
  private var isDrawn = false

  /// Seconds between two drawings on a terminal, so that it does not flicker, and between two lines in a log.
  private static let drawingInterval = 0.1
  private static let logInterval = 10.0

  private init(_ terminal: Terminal) { self.terminal = terminal }

  static func display(on terminal: Terminal) -> HumanProgress { HumanProgress(terminal) }

  func started(_ start: TrainingStart) {
    if start.isResumed { Output.note(start.sentence) }
    Output.note(
      "Training \(start.robot) for \(NumberText.grouped(start.steps)) steps: \(start.envs) envs, "
        + "\(start.threads) \(start.threads == 1 ? "thread" : "threads"), seed \(start.seed); run directory \(start.folder)"
    )
    for note in start.notes { Output.note("Note: \(note)") }
  }

  func iterated(_ iteration: TrainingIteration) {
    let said = iteration.sentences
    if !said.isEmpty { clear() }
    for sentence in said { Output.note(sentence) }
    let isDue =
      isFirstLine || sinceLine.seconds >= (terminal.isInteractive ? Self.drawingInterval : Self.logInterval)
      || (terminal.isInteractive && !said.isEmpty)
    guard isDue else { return }
    isFirstLine = false
    sinceLine = Stopwatch()
    guard terminal.isInteractive else { return Output.note(iteration.line.plain) }
    // One column stays free: a full last column makes some terminals wrap.
    let line = iteration.line.live(width: Terminal.width() - 1, hasColor: terminal.hasColor)
    Output.draw("\r\(line)\u{1B}[K")
    isDrawn = true
  }

  func noticed(_ incident: Incident) {
    clear()
    Output.note(incident.sentence)
  }

  func evaluated(_ evaluation: TrainingEvaluation) {
    clear()
    for sentence in evaluation.sentences { Output.note(sentence) }
  }

  func interrupted(_ interruption: TrainingInterruption) {
    clear()
    Output.note(interruption.sentence)
  }

  func finished(_ outcome: TrainingOutcome) {
    clear()
    Output.print(outcome.text)
  }

  func found(_ run: CompleteRun) { Output.print(run.sentence) }

  func clear() {
    guard isDrawn else { return }
    Output.draw("\r\u{1B}[K")
    isDrawn = false
  }
}

extension TrainingStart {
  /// Where a resumed training takes up.
  var sentence: String {
    firstStep == 0
      ? "There is no checkpoint to resume in '\(folder)': the training starts at step 0"
      : "Resumed at step \(NumberText.grouped(firstStep))"
  }
}

extension CompleteRun {
  var sentence: String {
    "The run in '\(folder)' is complete: \(robot), \(NumberText.grouped(steps)) steps; a larger --steps would extend it"
  }
}

extension TrainingIteration {
  /// What is to be said of it beside its line.
  fileprivate var sentences: [String] {
    (evaluation?.sentences ?? []) + findings.map { "Doctor: \($0.text)." }
  }
}

extension TrainingEvaluation {
  /// What is to be said of it, a line each.
  fileprivate var sentences: [String] { [sentence] + (confirmation.map { [$0.sentence] } ?? []) }

  /// The evaluation in one line.
  var sentence: String {
    let figure = { (value: Double?) in value.map(NumberText.short) ?? "–" }
    let interval = report.episodeReturn.ci95.map { " [\(figure($0.lowerBound)), \(figure($0.upperBound))]" } ?? ""
    return
      "Evaluation after \(NumberText.grouped(step)) steps: return \(figure(report.episodeReturn.mean))\(interval), "
      + "length \(figure(report.lengthSeconds.mean)) s\(isBest ? ", the best so far" : "")"
  }
}

extension GoalConfirmation {
  /// What came of it in one line.
  var sentence: String {
    missed.isEmpty
      ? "It reaches the goal, and so does a full evaluation: \(report.episodes) episodes from new starts"
      : "It reaches the goal, but a full evaluation of \(report.episodes) episodes does not: "
        + missed.joined(separator: ", ")
  }
}

extension TrainingInterruption {
  var sentence: String {
    "Stopped by \(signal) after \(NumberText.grouped(step)) steps; everything is saved in \(checkpoint)"
  }
}

extension TrainingOutcome {
  /// What came of it and what to do next.
  var text: String {
    """
    Trained \(robot) for \(NumberText.grouped(steps)) steps in \(NumberText.duration(clock.training)); evaluations took \
    \(NumberText.duration(clock.evaluation)) more, checkpoints \(NumberText.duration(clock.checkpoints)).\(troubles)
    The best policy, from step \(NumberText.grouped(bestStep)), on \(report.episodes) new starts:
    \(report.sentence)\(verdict)\(diagnosis)
    Policy: \(policy)\(showing)
    Next:   \(Program.command) evaluate --policy \(Shell.quoted(folder))
    """
  }

  /// A line of its own about the page that shows it.
  private var showing: String { replay.map { "\nReplay: \($0) (open it in a browser)" } ?? "" }

  /// A line of its own for each thing that is still wrong.
  private var diagnosis: String { findings.map { "\nDoctor: \($0.text)." }.joined() }

  /// A line of its own about what went wrong on the way, if anything did.
  private var troubles: String {
    var parts: [String] = []
    if faults > 0 {
      parts.append("env steps that broke down: \(NumberText.grouped(faults)), the first in \(folder)/crashes")
    }
    if rollbacks > 0 { parts.append("learning went back to a sound state: \(rollbacks) times") }
    return parts.isEmpty ? "" : "\nTrouble on the way: \(parts.joined(separator: "; "))."
  }

  /// A line of its own about the goal, if there is one.
  private var verdict: String {
    guard let missed else { return "" }
    return missed.isEmpty
      ? "\nSolved: every condition of the robot's goal holds."
      : "\nNot solved; of the robot's goal it misses: \(missed.joined(separator: ", "))."
  }
}
