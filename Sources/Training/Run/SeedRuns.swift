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
      let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { SettingKind.seed(String($0)) }
      guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1], first <= last
      else { throw complaint("it must be whole numbers or ranges of them") }
      guard last - first < mostSeeds, seeds.count < mostSeeds else {
        throw complaint("at most \(mostSeeds) seeds can be trained at once")
      }
      seeds += Array(first...last)
    }
    guard Set(seeds).count == seeds.count else { throw complaint("no seed may be given twice") }
    return seeds
  }

  /// Trains with each seed in turn and sums up.
  ///
  /// - Parameters:
  ///   - folder: where the run directories are.
  ///   - train: trains with a seed, showing progress.
  ///   - present: told the summary.
  static func train(
    _ seeds: [UInt64], in folder: String, showing display: any ProgressDisplay,
    train: (UInt64, any ProgressDisplay) throws -> Void, present: (SeedSummary) -> Void
  ) throws {
    let directory = RunDirectory(path: folder)
    let commands = try GrowingFile(directory.command)
    guard commands.lock() else { throw CommandError("'\(folder)' is in use: another process is training in it") }
    try RunSession.note(in: commands)
    var runs: [SeedSummary.Run] = []
    for seed in seeds {
      let keeper = OutcomeKeeper(display)
      try train(seed, keeper)
      if let summary = keeper.summary { runs.append(try SeedSummary.Run(seed: seed, summary: summary)) }
    }
    let summary = SeedSummary(folder: folder, runs: runs)
    try AtomicFile.write(Array((summary.json.document + "\n").utf8), to: directory.summary)
    present(summary)
  }

  /// What is asked for with one of the seeds.
  ///
  /// Where a set is continued, a run that has not begun takes the settings of one that has.
  ///
  /// - Parameter folder: where the run directories are; nil before there is one.
  static func request(_ request: TrainingRequest, for seed: UInt64, in folder: String?) throws -> TrainingRequest {
    var own = request
    own.options.append(.init(key: "seed", text: String(seed), name: "--seeds"))
    guard let folder else {
      own.isResumed = false
      return own
    }
    own.folder = "\(folder)/\(RunSet.runPrefix)\(seed)"
    guard request.isResumed else { return own }
    own.mayStart = true
    own.sibling = try RunSet.runs(in: folder).map(RunDirectory.init(path:)).first { $0.isBegun }
    return own
  }
}

/// Shows a training elsewhere and keeps what came of it.
private final class OutcomeKeeper: ProgressDisplay {
  private let display: any ProgressDisplay
  /// What the run's `summary.json` holds.
  private(set) var summary: String?

  init(_ display: any ProgressDisplay) { self.display = display }

  func started(_ start: TrainingStart) { display.started(start) }
  func iterated(_ iteration: TrainingIteration) { display.iterated(iteration) }
  func noticed(_ incident: Incident) { display.noticed(incident) }
  func evaluated(_ evaluation: TrainingEvaluation) { display.evaluated(evaluation) }
  func found(_ run: CompleteRun) {
    summary = run.summary
    display.found(run)
  }
  func interrupted(_ interruption: TrainingInterruption) { display.interrupted(interruption) }
  func finished(_ outcome: TrainingOutcome) {
    summary = outcome.json.line
    display.finished(outcome)
  }
  func clear() { display.clear() }
}
