#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A long series of numbers in numbered files of a folder, each of which only ever grows: what is in them need not be
/// written again when more is added.
///
/// The numbers are single-precision in the byte order of the machine. What the files hold beyond the noted length
/// down is of no account and is overwritten, so a process may die at any time.
public struct SegmentFiles: Sendable {
  public let folder: String
  private let name: String

  /// - Parameters:
  ///   - folder: is made if it is not there.
  ///   - name: what the files' names begin with.
  /// - Throws: `StorageError` if the folder cannot be made.
  public init(folder: String, name: String) throws(StorageError) {
    self.folder = folder
    self.name = name
    guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw AtomicFile.failure("made", folder) }
    var status = stat()
    guard unsafe stat(folder, &status) == 0 else { throw AtomicFile.failure("opened", folder) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw StorageError("\(folder) is not a folder") }
  }

  private var suffix: String { ".f32" }

  /// Where segment `number` is kept.
  public func path(of number: Int) -> String { "\(folder)/\(name)-\(number)\(suffix)" }

  /// Writes `values` behind the first `start` numbers of segment `number` and waits until they have reached the disk.
  /// What the file held from there on is lost.
  ///
  /// - Throws: `StorageError` with the path and the system's reason, also if fewer than `start` numbers are there.
  public func write(_ values: Span<Float>, to number: Int, from start: Int) throws(StorageError) {
    let path = path(of: number)
    let descriptor = AtomicFile.retrying { unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644) }
    guard descriptor >= 0 else { throw AtomicFile.failure("written", path) }
    defer { close(descriptor) }
    let size = MemoryLayout<Float>.size
    guard try fileSize(descriptor, path) >= start * size else {
      throw StorageError("\(path) has become shorter while it was in use")
    }
    guard AtomicFile.retrying({ ftruncate(descriptor, off_t(start * size)) }) == 0 else {
      throw AtomicFile.failure("written", path)
    }
    var done = 0
    while done < values.count * size {
      let count = unsafe values.bytes.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        let position = off_t(start * size + done)
        return AtomicFile.retrying { unsafe pwrite(descriptor, rest.baseAddress, rest.count, position) }
      }
      guard count > 0 else { throw AtomicFile.failure("written", path) }
      done += count
    }
    guard AtomicFile.retrying({ fsync(descriptor) }) == 0 else { throw AtomicFile.failure("written", path) }
  }

  /// The first `count` numbers of segment `number`; there may be more. Nothing is allocated before they are seen to be
  /// there.
  ///
  /// - Throws: `StorageError` with the path and the reason.
  public func read(_ number: Int, count: Int) throws(StorageError) -> [Float] {
    let path = path(of: number)
    let descriptor = AtomicFile.retrying { unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW) }
    guard descriptor >= 0 else { throw AtomicFile.failure("read", path) }
    defer { close(descriptor) }
    let size = MemoryLayout<Float>.size
    let present = try fileSize(descriptor, path) / size
    guard count <= present else {
      throw StorageError("\(path) is cut short: it holds \(present) numbers of \(count)")
    }
    var values = [Float](repeating: 0, count: count)
    var done = 0
    while done < count * size {
      let read = unsafe values.withUnsafeMutableBytes { bytes in
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
        return AtomicFile.retrying { unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(done)) }
      }
      guard read >= 0 else { throw AtomicFile.failure("read", path) }
      guard read > 0 else { throw StorageError("\(path) became shorter while it was read") }
      done += read
    }
    return values
  }

  private func fileSize(_ descriptor: Int32, _ path: String) throws(StorageError) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw AtomicFile.failure("read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw StorageError("\(path) is not a file") }
    return Int(status.st_size)
  }

  /// Removes every segment outside `range`. What cannot be removed is left, since nothing depends on its absence.
  public func removeSegments(outside range: ClosedRange<Int>) {
    guard let directory = unsafe opendir(folder) else { return }
    defer { unsafe closedir(directory) }
    var old: [Int] = []
    while let entry = unsafe readdir(directory) {
      let file = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      guard file.hasPrefix(name + "-"), file.hasSuffix(suffix),
        let number = Int(file.dropFirst(name.count + 1).dropLast(suffix.count)), !range.contains(number)
      else { continue }
      old.append(number)
    }
    for number in old { unsafe unlink(path(of: number)) }
  }
}
