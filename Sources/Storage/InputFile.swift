#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reads files whose paths come from outside: ordinary ones, of bounded length. It never waits for what is no file, such as
/// a named pipe, and never reads what does not end, such as a device.
package enum InputFile {
  /// Why there are no bytes.
  package enum Failure: Error, Equatable {
    /// In words, such as the system's.
    case unreadable(String)
    /// There are more bytes than may be.
    case tooLong
  }

  /// Milliseconds for which a pipe may say nothing.
  private static let patience: Int32 = 30_000

  /// All bytes of the file at `path`.
  ///
  /// - Parameters:
  ///   - limit: how many bytes it may have.
  ///   - takesPipes: whether it may be a pipe that the shell made for this process, as it does for `<(…)` and `/dev/stdin`.
  package static func read(_ path: String, limit: Int, takesPipes: Bool = false) throws(Failure) -> [UInt8] {
    let descriptor = retrying { unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw .unreadable(lastReason()) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(lastReason()) }
    let kind = status.st_mode & S_IFMT
    let isPipe = kind == S_IFIFO && takesPipes && isOfThisProcess(path)
    guard kind == S_IFREG || isPipe else { throw .unreadable("it is \(name(of: kind)), not a file") }
    guard isPipe || status.st_size <= limit else { throw .tooLong }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        retrying { unsafe systemRead(descriptor, buffer) }
      }
      if count < 0, errno == EAGAIN {
        try wait(for: descriptor)
        continue
      }
      guard count >= 0 else { throw .unreadable(lastReason()) }
      if count == 0 { return bytes }
      guard count <= limit - bytes.count else { throw .tooLong }
      bytes += chunk[..<count]
    }
  }

  /// Whether the path is one of the descriptors that this process was started with, not a pipe with a name.
  private static func isOfThisProcess(_ path: String) -> Bool {
    path == "/dev/stdin" || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/self/fd/")
  }

  private static func wait(for descriptor: Int32) throws(Failure) {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let count = retrying { unsafe poll(&waiting, 1, patience) }
    guard count >= 0 else { throw .unreadable(lastReason()) }
    guard count > 0 else { throw .unreadable("nothing has come from the pipe for \(patience / 1000) s") }
  }

  private static func name(of kind: mode_t) -> String {
    switch kind {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }

  private static func lastReason() -> String { unsafe String(cString: strerror(errno)) }

  private static func retrying<T: SignedInteger>(_ call: () -> T) -> T {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  private static func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    #if canImport(Darwin)
      unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
    #elseif canImport(Glibc)
      unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    #else
      unsafe Musl.read(descriptor, buffer.baseAddress, buffer.count)
    #endif
  }
}
