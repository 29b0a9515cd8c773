/// The files of a run that grow with it, such as its tables.
///
/// A checkpoint records how long each was when it was written, and a resumed training cuts each back to that: what came
/// later is done again, so no row is missing and none is there twice.
final class GrowingFiles {
  private let folder: String
  private let recorded: [String: Int]
  private var files: [String: GrowingFile] = [:]

  /// - Parameters:
  ///   - folder: where the files are.
  ///   - recorded: the lengths to go on from, by name; a file that has none starts empty.
  init(in folder: String, recorded: [String: Int] = [:]) {
    self.folder = folder
    self.recorded = recorded
  }

  /// Opens a file at the length that is recorded for it. Each name is opened once.
  ///
  /// - Throws: `TrainingError` if what is recorded is no longer there.
  func open(_ name: String) throws -> GrowingFile {
    let path = "\(folder)/\(name)"
    let length = recorded[name] ?? 0
    if length > 0, Files.kind(at: path) == .nothing { throw lost(path, "is gone") }
    let file = try GrowingFile(path)
    guard file.length >= length else {
      throw lost(path, "has \(file.length) bytes where \(length) had been saved")
    }
    if file.length > length { try file.cut(to: length) }
    files[name] = file
    return file
  }

  private func lost(_ path: String, _ what: String) -> TrainingError {
    TrainingError("'\(path)' \(what); restore it to resume, or start a new run from this one's policy")
  }

  /// The present lengths, for a checkpoint.
  var lengths: [String: Int] { files.mapValues(\.length) }

  /// Waits until everything has reached the disk. To be called before `lengths` are written anywhere.
  func synchronize() throws {
    for (_, file) in files.sorted(by: { $0.key < $1.key }) { try file.synchronize() }
  }
}
