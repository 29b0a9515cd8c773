import Learning
import Networks
import Storage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The operating system's files and folders, with its reasons as errors of one line.
package enum Files {
  /// What is at a path.
  package enum Kind: Equatable {
    case nothing
    case folder
    case other
  }

  package static func kind(at path: String) -> Kind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .nothing }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
  }

  /// What differs once a file has been written to or replaced.
  package struct Stamp: Equatable {
    package let file: UInt64
    package let length: Int
    package let seconds: Int
    package let nanoseconds: Int
  }

  /// The stamp of what is at a path; nil if nothing is.
  package static func stamp(of path: String) -> Stamp? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Stamp(
      file: UInt64(status.st_ino), length: Int(status.st_size), seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  /// Reads a whole file of at most `limit` bytes; folders, pipes and devices are refused.
  ///
  /// - Parameter takesPipes: see `InputFile.read(_:limit:takesPipes:)`.
  package static func read(_ path: String, limit: Int, takesPipes: Bool = false) throws -> [UInt8] {
    do { return try InputFile.read(path, limit: limit, takesPipes: takesPipes) } catch {
      switch error {
      case .unreadable(let reason): throw TrainingError("cannot read '\(path)': \(reason)")
      case .tooLong: throw TrainingError("'\(path)' is larger than \(limit) bytes")
      }
    }
  }

  /// The path of what is at `path` without links and dots; nil if nothing is.
  static func canonical(_ path: String) -> String? {
    guard let text = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }

  /// The folder that a file is in; `.` for a name alone.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path without a slash at its end.
  package static func withoutTrailingSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// Makes a folder and its parents.
  package static func createFolder(_ path: String) throws {
    guard kind(at: path) != .folder else { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try createFolder(String(path[..<slash])) }
    guard unsafe mkdir(path, 0o777) == 0 || (errno == EEXIST && kind(at: path) == .folder) else {
      throw TrainingError("cannot make the folder '\(path)': \(lastReason())")
    }
  }

  /// Makes a folder that must not exist yet; returns whether it could.
  package static func createNewFolder(_ path: String) throws -> Bool {
    if unsafe mkdir(path, 0o777) == 0 { return true }
    if errno == EEXIST { return false }
    throw TrainingError("cannot make the folder '\(path)': \(lastReason())")
  }

  /// The names of what a folder holds, sorted.
  package static func names(in path: String) throws -> [String] {
    guard let folder = unsafe opendir(path) else { throw TrainingError("cannot read '\(path)': \(lastReason())") }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file if it is there.
  package static func remove(_ path: String) throws {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw TrainingError("cannot remove '\(path)': \(lastReason())")
    }
  }

  /// Gives a file another name; what had that name is replaced.
  package static func move(_ path: String, to other: String) throws {
    guard unsafe rename(path, other) == 0 else { throw TrainingError("cannot write '\(other)': \(lastReason())") }
  }

  /// Removes a folder if it is there and empty.
  package static func removeEmptyFolder(_ path: String) { unsafe rmdir(path) }

  /// Writes all of `bytes`; returns whether it could, the reason why not being left in `errno`.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var written = 0
      while written < bytes.count {
        guard let start = bytes.baseAddress else { return true }
        let count = unsafe systemWrite(descriptor, start + written, bytes.count - written)
        if count >= 0 {
          written += count
        } else if errno == EAGAIN {
          // Another program has made it non-blocking.
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          unsafe poll(&ready, 1, -1)
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
  }

  private static func systemWrite(_ descriptor: Int32, _ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
    #if canImport(Darwin)
      unsafe Darwin.write(descriptor, start, count)
    #elseif canImport(Glibc)
      unsafe Glibc.write(descriptor, start, count)
    #else
      unsafe Musl.write(descriptor, start, count)
    #endif
  }

  /// Why the last call failed, in the system's words.
  package static func lastReason() -> String { unsafe String(cString: strerror(errno)) }
}
