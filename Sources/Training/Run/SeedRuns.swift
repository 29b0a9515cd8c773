import Learning
import Networks
import Storage

/// A training repeated with several seeds, one after another, each in a run directory of its own.
package enum SeedRuns {
  /// How training with several seeds ended.
  package enum Outcome {
    case completed(SeedSummary)
    /// The training of a seed was stopped, and those after it were not begun.
    case interrupted
  }

  /// Trains with each seed in turn and sums up.
  ///
  /// - Parameters:
  ///   - folder: where the run directories are.
  ///   - train: trains with a seed.
  package static func train(
    _ seeds: [UInt64], in folder: String, train: (UInt64) throws -> TrainingOutcome
  ) throws -> Outcome {
    let directory = RunDirectory(path: folder)
    let commands = try GrowingFile(directory.command)
    guard commands.lock() else { throw TrainingError("'\(folder)' is in use: another process is training in it") }
    try RunSession.note(in: commands)
    var runs: [SeedSummary.Run] = []
    for seed in seeds {
      switch try train(seed) {
      case .completed(let summary): runs.append(try SeedSummary.Run(seed: seed, summary: summary.json.line))
      case .alreadyComplete(let run): runs.append(try SeedSummary.Run(seed: seed, summary: run.summary))
      case .interrupted: return .interrupted
      }
    }
    let summary = SeedSummary(folder: folder, runs: runs)
    try AtomicFile.write(Array((summary.json.document + "\n").utf8), to: directory.summary)
    return .completed(summary)
  }

  /// The request for one of the seeds.
  ///
  /// Where a set is continued, a run that has not begun takes the settings of one that has.
  ///
  /// - Parameter folder: where the run directories are; nil before there is one.
  package static func request(_ request: TrainingRequest, for seed: UInt64, in folder: String?) throws
    -> TrainingRequest
  {
    var own = request
    own.options.append(.init(key: "seed", text: String(seed)))
    guard let folder else {
      own.isResumed = false
      return own
    }
    own.folder = "\(folder)/\(SeedFolder.prefix)\(seed)"
    guard request.isResumed else { return own }
    own.mayStart = true
    own.sibling = try SeedFolder.runs(in: folder).map(RunDirectory.init(path:)).first { $0.isBegun }
    return own
  }
}
