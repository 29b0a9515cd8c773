#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Whole files in and out, without ever leaving half of one.
public enum AtomicFile {
  /// Where the bytes for `path` stand until they are complete; a process that dies meanwhile leaves them there.
  public static func partialPath(of path: String) -> String { path + ".partial" }

  /// Replaces the file at `path` by one with the given bytes.
  ///
  /// They go to a file beside it first, which then takes its place, so that a reader, a crash or a full disk finds the
  /// old file or the new one.
  ///
  /// - Throws: `StorageError` with the path and the system's reason; also if something is there that is not a
  ///   file, such as a folder or a device.
  public static func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw StorageError("\(path) cannot be written: it is not a file")
    }
    let partial = partialPath(of: path)
    let descriptor = retrying { unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644) }
    guard descriptor >= 0 else { throw failure("written", path) }
    do throws(StorageError) {
      try writeAll(bytes, to: descriptor, path)
      guard retrying({ fsync(descriptor) }) == 0 else { throw failure("written", path) }
    } catch {
      close(descriptor)
      unsafe unlink(partial)
      throw error
    }
    guard close(descriptor) == 0, unsafe rename(partial, path) == 0 else {
      let error = failure("written", path)
      unsafe unlink(partial)
      throw error
    }
    synchronizeFolder(of: path)
  }

  /// All bytes of the file at `path`.
  ///
  /// - Parameter limit: how many bytes it may have.
  /// - Throws: `StorageError` with the path and the reason: the system's, that there are more bytes, or that it is a
  ///   folder, a pipe or a device.
  public static func read(_ path: String, limit: Int = .max) throws(StorageError) -> [UInt8] {
    do { return try InputFile.read(path, limit: limit) } catch {
      switch error {
      case .unreadable(let reason): throw StorageError("\(path) cannot be read: \(reason)")
      case .tooLong: throw StorageError("\(path) has more than \(limit) bytes")
      }
    }
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(StorageError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
        return retrying { unsafe systemWrite(descriptor, rest.baseAddress, rest.count) }
      }
      guard count > 0 else { throw failure("written", path) }
      done += count
    }
  }

  /// A rename lasts only once its folder has reached the disk. Some file systems cannot do this; then nothing is lost
  /// but time in a power cut.
  private static func synchronizeFolder(of path: String) {
    let end = path.lastIndex(of: "/")
    let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  static func retrying<T: SignedInteger>(_ call: () -> T) -> T {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  static func failure(_ done: String, _ path: String) -> StorageError {
    let code = errno
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return StorageError("\(path) cannot be \(done): \(reason)")
  }
}

// Under a name that the members above do not hide.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, buffer, count)
}
