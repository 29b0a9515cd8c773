import Learning

/// A training repeated with several seeds, one after another, each in a run directory of its own.
enum SeedRuns {
  private static let mostSeeds = 1_000

  /// Reads seeds as people write them: `1-5`, `1,2,7`, `1-3,8`.
  static func seeds(_ text: String) throws -> [UInt64] {
    func complaint(_ reason: String) -> CommandError {
      CommandError("--seeds is \(quoted(text)); \(reason), as in --seeds 1-5 or --seeds 1,2,7")
    }
    var seeds: [UInt64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
      guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1], first <= last
      else { throw complaint("it must be whole numbers or ranges of them") }
      guard last - first < mostSeeds, seeds.count < mostSeeds else {
        throw complaint("at most \(mostSeeds) seeds can be trained at once")
      }
      seeds += Array(first...last)
    }
    guard Set(seeds).count == seeds.count else { throw complaint("no seed may stand twice") }
    return seeds
  }

  /// Trains with each seed in turn and sums up.
  ///
  /// - Parameters:
  ///   - folder: where the run directories go.
  ///   - train: trains with a seed, into a run directory at a path, showing progress.
  ///   - present: told the summary.
  static func train(
    _ seeds: [UInt64], in folder: String, showing display: any ProgressDisplay,
    train: (UInt64, String, any ProgressDisplay) throws -> Void, present: (SeedSummary) -> Void
  ) throws {
    var runs: [SeedSummary.Run] = []
    for seed in seeds {
      let keeper = OutcomeKeeper(display)
      try train(seed, "\(folder)/\(RunSet.runPrefix)\(seed)", keeper)
      if let outcome = keeper.outcome { runs.append(SeedSummary.Run(seed: seed, outcome: outcome)) }
    }
    let summary = SeedSummary(folder: folder, runs: runs)
    try AtomicFile.write(
      Array((summary.json.document + "\n").utf8), to: RunDirectory(path: folder).summary)
    present(summary)
  }
}

/// Shows a training elsewhere and keeps what came of it.
private final class OutcomeKeeper: ProgressDisplay {
  private let display: any ProgressDisplay
  private(set) var outcome: TrainingOutcome?

  init(_ display: any ProgressDisplay) { self.display = display }

  func started(_ start: TrainingStart) { display.started(start) }
  func iterated(_ iteration: TrainingIteration) { display.iterated(iteration) }
  func noticed(_ incident: Incident) { display.noticed(incident) }
  func evaluated(_ evaluation: TrainingEvaluation) { display.evaluated(evaluation) }
  func found(_ run: CompleteRun) { display.found(run) }
  func interrupted(_ interruption: TrainingInterruption) { display.interrupted(interruption) }
  func finished(_ outcome: TrainingOutcome) {
    self.outcome = outcome
    display.finished(outcome)
  }
  func clear() { display.clear() }
}
