import Robotics

/// Shows a training elsewhere, and on a page from the moment its folder is known.
final class WatchedProgress: ProgressDisplay {
  private let display: any ProgressDisplay
  private let show: (String) -> Void

  /// - Parameter show: told the run's folder.
  init(_ display: any ProgressDisplay, show: @escaping (String) -> Void) {
    self.display = display
    self.show = show
  }

  func started(_ start: TrainingStart) {
    show(start.folder)
    display.started(start)
  }
  func iterated(_ iteration: TrainingIteration) { display.iterated(iteration) }
  func noticed(_ incident: Incident) { display.noticed(incident) }
  func evaluated(_ evaluation: TrainingEvaluation) { display.evaluated(evaluation) }
  func found(_ run: CompleteRun) { display.found(run) }
  func interrupted(_ interruption: TrainingInterruption) { display.interrupted(interruption) }
  func finished(_ outcome: TrainingOutcome) { display.finished(outcome) }
  func clear() { display.clear() }
}
