import Training

/// Shows a training on standard output and standard error.
protocol ProgressDisplay: TrainingObserver {
  /// Shows how the training ended.
  func finish(_ outcome: TrainingOutcome)
  /// Takes off the screen what is only there for the moment.
  func clear()
}

/// Shows nothing until the training is over, except for what went wrong.
final class QuietProgress: ProgressDisplay {
  func observe(_ event: TrainingEvent) {
    switch event {
    case .started(let start): if start.isResumed, start.firstStep == 0 { Output.note(start.sentence) }
    case .incident(let incident): Output.note(incident.sentence)
    case .iterated, .evaluated: break
    }
  }

  func finish(_ outcome: TrainingOutcome) {
    switch outcome {
    case .completed(let summary): Output.print(summary.text)
    case .alreadyComplete(let run): Output.print(run.sentence)
    case .interrupted(let interruption): Output.note(interruption.sentence)
    }
  }

  func clear() {}
}

/// Shows a training with another display, and passes on the path of its run directory as soon as it is known.
final class WatchedProgress: ProgressDisplay {
  private let display: any ProgressDisplay
  private let show: (String) -> Void

  /// - Parameter show: receives the path.
  init(_ display: any ProgressDisplay, show: @escaping (String) -> Void) {
    self.display = display
    self.show = show
  }

  func observe(_ event: TrainingEvent) {
    if case .started(let start) = event { show(start.folder) }
    display.observe(event)
  }

  func finish(_ outcome: TrainingOutcome) { display.finish(outcome) }

  func clear() { display.clear() }
}
