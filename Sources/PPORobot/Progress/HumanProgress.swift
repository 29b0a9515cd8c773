import Environments
import Training

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

  init(on terminal: Terminal) { self.terminal = terminal }

  func observe(_ event: TrainingEvent) {
    switch event {
    case .started(let start): show(start)
    case .iterated(let iteration): show(iteration)
    case .incident(let incident): note([incident.sentence])
    case .evaluated(let evaluation): note(evaluation.sentences)
    }
  }

  private func show(_ start: TrainingStart) {
    if start.isResumed { Output.note(start.sentence) }
    Output.note(
      "Training \(start.robot) for \(NumberText.grouped(start.steps)) steps: \(start.envs) envs, "
        + "\(start.threads) \(start.threads == 1 ? "thread" : "threads"), seed \(start.seed); run directory \(start.folder)"
    )
    for note in start.notes { Output.note("Note: \(note)") }
  }

  private func show(_ iteration: TrainingIteration) {
    let sentences = iteration.sentences
    if !sentences.isEmpty { note(sentences) }
    let isDue =
      isFirstLine || sinceLine.seconds >= (terminal.isInteractive ? Self.drawingInterval : Self.logInterval)
      || (terminal.isInteractive && !sentences.isEmpty)
    guard isDue else { return }
    isFirstLine = false
    sinceLine = Stopwatch()
    guard terminal.isInteractive else { return Output.note(iteration.progress.plainLine) }
    // One column stays free: a full last column makes some terminals wrap.
    let line = iteration.progress.liveLine(width: Terminal.width() - 1, hasColor: terminal.hasColor)
    Output.draw("\r\(line)\u{1B}[K")
    isDrawn = true
  }

  private func note(_ sentences: [String]) {
    clear()
    for sentence in sentences { Output.note(sentence) }
  }

  func finish(_ outcome: TrainingOutcome) {
    clear()
    switch outcome {
    case .completed(let summary): Output.print(summary.text)
    case .alreadyComplete(let run): Output.print(run.sentence)
    case .interrupted(let interruption): Output.note(interruption.sentence)
    }
  }

  func clear() {
    guard isDrawn else { return }
    Output.draw("\r\u{1B}[K")
    isDrawn = false
  }
}
