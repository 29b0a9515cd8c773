import Environments
import Reporting
import Training

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
  var sentences: [String] {
    (evaluation?.sentences ?? []) + findings.map { "Doctor: \($0.text)." }
  }
}

extension TrainingEvaluation {
  /// What is to be said of it, a line each.
  var sentences: [String] { [sentence] + (confirmation.map { [$0.sentence] } ?? []) }

  /// The evaluation in one line.
  private var sentence: String {
    let figure = { (value: Double?) in value.map(NumberText.short) ?? "–" }
    let interval = report.episodeReturn.ci95.map { " [\(figure($0.lowerBound)), \(figure($0.upperBound))]" } ?? ""
    return
      "Evaluation after \(NumberText.grouped(step)) steps: return \(figure(report.episodeReturn.mean))\(interval), "
      + "length \(figure(report.lengthSeconds.mean)) s\(isBest ? ", the best so far" : "")"
  }
}

extension GoalConfirmation {
  /// The result in one line.
  fileprivate var sentence: String {
    missed.isEmpty
      ? "It reaches the goal, and so does a full evaluation: \(report.episodes) episodes from new starts"
      : "It reaches the goal, but a full evaluation of \(report.episodes) episodes does not: "
        + missed.joined(separator: ", ")
  }
}

extension TrainingInterruption {
  var sentence: String {
    "Stopped by \(StopRequest.signalName) after \(NumberText.grouped(step)) steps; everything is saved in \(checkpoint)"
  }
}

extension TrainingSummary {
  /// The result and what to do next.
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
      parts.append("env steps that failed: \(NumberText.grouped(faults)), the first in \(folder)/crashes")
    }
    if rollbacks > 0 { parts.append("rollbacks to a sound state: \(rollbacks)") }
    return parts.isEmpty ? "" : "\nProblems: \(parts.joined(separator: "; "))."
  }

  /// A line of its own about the goal, if there is one.
  private var verdict: String {
    guard let missed else { return "" }
    return missed.isEmpty
      ? "\nSolved: every condition of the robot's goal holds."
      : "\nNot solved; of the robot's goal it misses: \(missed.joined(separator: ", "))."
  }
}

extension Incident {
  /// The incident in one line.
  var sentence: String {
    switch self {
    case .fault(let fault):
      "Env \(fault.env) failed at step \(NumberText.grouped(fault.step)) and was restarted: \(fault.reason) "
        + "(\(NumberText.grouped(fault.total)) so far)"
        + (fault.file.map { "; '\(Program.command) rerun-crash \(Shell.quoted($0))' repeats it" } ?? "")
    case .rollback(let reason, let step):
      "Rolled back to the last sound state at step \(NumberText.grouped(step)), with half the learning rate from "
        + "here on: \(reason)"
    }
  }
}
