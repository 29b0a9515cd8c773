/// A run's figures in a file that TensorBoard reads, an event for each row of the tables.
struct TensorBoardEvents {
  /// How the file's name begins, by which tools find it.
  static let namePrefix = "events.out.tfevents."

  /// A name for a new file, as is usual: when it began and on which machine.
  static func newName() -> String { "\(namePrefix)\(Int(Host.secondsSince1970)).\(Host.name)" }

  private let file: GrowingFile

  /// - Parameter file: empty, or one to go on with.
  init(_ file: GrowingFile) throws {
    self.file = file
    if file.length == 0 { try file.append(TensorBoardEvent.version(at: Host.secondsSince1970)) }
  }

  /// - Parameter step: env steps, TensorBoard's horizontal axis.
  func append(_ record: MetricRow, step: Int) throws {
    try file.append(TensorBoardEvent.scalars(of: record, step: step, at: Host.secondsSince1970))
  }
}
