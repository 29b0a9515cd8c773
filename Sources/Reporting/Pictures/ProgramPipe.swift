import Training

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Another program that reads what is written to it.
struct ProgramPipe: ~Copyable {
  private let process: pid_t
  private let descriptor: Int32

  /// Starts a program that is on the PATH; nil if none of that name is.
  ///
  /// - Parameter arguments: the program's name first.
  /// - Throws: `ReportingError` with the system's reason if it cannot be started.
  init?(_ arguments: [String]) throws {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw Self.failure(arguments[0], errno) }
    // The program must not hold the write end, or it would never see the pipe close.
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    unsafe posix_spawn_file_actions_addclose(&actions, ends[0])
    var process: pid_t = 0
    var words = unsafe arguments.map { unsafe strdup($0) }
    unsafe words.append(nil)
    let status = unsafe posix_spawnp(&process, arguments[0], &actions, nil, words, environ)
    for index in unsafe words.indices { unsafe free(words[index]) }
    unsafe posix_spawn_file_actions_destroy(&actions)
    close(ends[0])
    guard status == 0 else {
      close(ends[1])
      if status == ENOENT { return nil }
      throw Self.failure(arguments[0], status)
    }
    self.process = process
    descriptor = ends[1]
  }

  private static func failure(_ program: String, _ code: Int32) -> ReportingError {
    ReportingError("cannot start \(program): \(unsafe String(cString: strerror(code)))")
  }

  /// Writes all of `bytes`; false if the program has ended.
  func write(_ bytes: [UInt8]) -> Bool { Files.write(bytes, to: descriptor) }

  /// Closes the pipe and waits for the program's end.
  ///
  /// - Returns: whether it did what it should.
  consuming func finish() -> Bool {
    close(descriptor)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return false } }
    return status == 0
  }
}
