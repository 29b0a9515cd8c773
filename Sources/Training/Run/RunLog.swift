/// What a run writes down as it goes: a row for each iteration and each evaluation.
struct RunLog {
  private let files: GrowingFiles
  private var progress: CSVTable
  private var evaluations: CSVTable
  private let events: TensorBoardEvents

  /// - Parameter lengths: how much of each file a checkpoint has recorded; the rest is cut off.
  init(in folder: RunDirectory, recorded lengths: [String: Int]) throws {
    files = GrowingFiles(in: folder.path, recorded: lengths)
    progress = CSVTable(try files.open(RunDirectory.progressName))
    evaluations = CSVTable(try files.open(RunDirectory.evaluationsName))
    // A process that was killed may have left one, even before its first checkpoint.
    let present = try Files.names(in: folder.path).first { $0.hasPrefix(TensorBoardEvents.namePrefix) }
    let name = present ?? TensorBoardEvents.newName()
    events = try TensorBoardEvents(files.open(name))
  }

  mutating func add(iteration row: MetricRow, step: Int) throws {
    try progress.append(row)
    try events.append(row, step: step)
  }

  mutating func add(_ evaluation: TrainingEvaluation) throws {
    let row = evaluation.row
    try evaluations.append(row)
    try events.append(row, step: evaluation.step)
  }

  /// Sees that all rows are on the disk, and returns how long each file is.
  func synchronizedLengths() throws -> [String: Int] {
    try files.synchronize()
    return files.lengths
  }
}
