/// A CSV file that gets its header with the first row.
struct CSVTable {
  private let file: GrowingFile
  private var header: String?

  init(_ file: GrowingFile) { self.file = file }

  /// - Throws: `TrainingError` if the file cannot be written, or goes on from rows with other columns.
  mutating func append(_ record: MetricRow) throws {
    if header == nil {
      let line = record.header
      if file.length == 0 {
        try file.append(line + "\n")
      } else if !file.starts(with: line + "\n") {
        throw TrainingError(
          "'\(file.path)' has other columns than this version of \(Program.name) writes; resume with the one that began it"
        )
      }
      header = line
    }
    try file.append(record.line + "\n")
  }
}
