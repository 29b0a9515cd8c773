/// What a run writes down as it goes: a row for each iteration and each evaluation.
struct RunLog {
  private let files: GrowingFiles
  private var progress: Table
  private var evaluations: Table

  /// - Parameter lengths: how much of each file a checkpoint has recorded; the rest is cut off.
  init(in folder: RunDirectory, recorded lengths: [String: Int]) throws {
    files = GrowingFiles(in: folder.path, recorded: lengths)
    progress = Table(try files.open(RunDirectory.progressName))
    evaluations = Table(try files.open(RunDirectory.evaluationsName))
  }

  mutating func add(iteration record: Record) throws { try progress.append(record) }
  mutating func add(_ evaluation: TrainingEvaluation) throws { try evaluations.append(evaluation.record) }

  /// Sees that all rows are on the disk, and tells how long each file is.
  func synchronizedLengths() throws -> [String: Int] {
    try files.synchronize()
    return files.lengths
  }
}
