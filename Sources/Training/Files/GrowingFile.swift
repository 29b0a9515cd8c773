#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that grows at its end by whole pieces, each handed to the system at once.
final class GrowingFile {
  let path: String
  /// Bytes in the file.
  private(set) var length: Int
  private let descriptor: Int32

  /// Opens the file to go on at its end; makes it where there is none.
  init(_ path: String) throws {
    self.path = path
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    length = 0
    guard descriptor >= 0 else { throw failure() }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw TrainingError("cannot write '\(path)': it is not a file") }
    length = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Appends all of `text` or, where that fails, nothing.
  func append(_ text: String) throws { try append(Array(text.utf8)) }

  /// Appends all of `bytes` or, where that fails, nothing.
  func append(_ bytes: [UInt8]) throws {
    guard Files.write(bytes, to: descriptor) else {
      let error = failure()
      ftruncate(descriptor, off_t(length))
      throw error
    }
    length += bytes.count
  }

  /// Cuts off what follows the first `length` bytes, of which there must be as many.
  func cut(to length: Int) throws {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw failure() }
    self.length = length
  }

  /// Waits until everything has reached the disk.
  func synchronize() throws {
    while fsync(descriptor) != 0 {
      // Some file systems cannot; then nothing is lost but rows in a power cut.
      if errno == EINVAL || errno == ENOTSUP { return }
      guard errno == EINTR else { throw failure() }
    }
  }

  /// Whether the file's first bytes are those of `text`.
  func starts(with text: String) -> Bool {
    var bytes = [UInt8](repeating: 0, count: text.utf8.count)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe pread(descriptor, buffer.baseAddress, buffer.count, 0)
    }
    return count == bytes.count && bytes.elementsEqual(text.utf8)
  }

  /// Locks the file for this process until the process ends, however it does.
  ///
  /// - Returns: false if it is another's. Where the file system knows no locks, everybody gets it.
  func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }

  private func failure() -> TrainingError { TrainingError("cannot write '\(path)': \(Files.lastReason())") }
}
