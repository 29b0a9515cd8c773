import Synchronization
import Training

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The number of the signal that asked to stop; 0 while none has.
private let requestedSignal = Atomic<Int32>(0)

/// Turns SIGINT and SIGTERM into a request that a training reads between two iterations.
enum StopRequest {
  /// From here on the first SIGINT or SIGTERM is noted and the second ends the process at once. A reader of our output who
  /// goes away (SIGPIPE) does not stop a training, and a file too large for the user's limit (SIGXFSZ) is an error like
  /// a full disk.
  static func listen() {
    // Read here first, so that the handler never runs the variable's initializer.
    requestedSignal.store(0, ordering: .relaxed)
    handle(SIGINT, with: noteSignal)
    handle(SIGTERM, with: noteSignal)
    handle(SIGCONT) { _ in PauseWatch.noteContinuation() }
    handle(SIGPIPE, with: SIG_IGN)
    handle(SIGXFSZ, with: SIG_IGN)
    // A parent may have started us with these blocked, as a test runner's or a server's worker threads do.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// From here on a program that reads our output and ends early does not end this process.
  static func ignoreClosedPipes() { handle(SIGPIPE, with: SIG_IGN) }

  /// The signal that came, if one has.
  static var signal: Int32? {
    let number = requestedSignal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// The usual name of the signal that came.
  static var signalName: String { signal == SIGTERM ? "SIGTERM" : "SIGINT" }

  /// The request for a training to poll.
  struct Signal: StopSignal {
    var isRaised: Bool { StopRequest.signal != nil }
  }

  private static func handle(_ signal: Int32, with handler: (@convention(c) (Int32) -> Void)?) {
    var action = sigaction()
    #if canImport(Darwin)
      unsafe action.__sigaction_u.__sa_handler = handler
    #elseif canImport(Glibc)
      unsafe action.__sigaction_handler.sa_handler = handler
    #else
      unsafe action.__sa_handler.sa_handler = handler
    #endif
    action.sa_flags = Int32(SA_RESTART)
    unsafe sigaction(signal, &action, nil)
  }
}

private func noteSignal(_ signal: Int32) {
  if requestedSignal.exchange(signal, ordering: .relaxed) != 0 { _exit(128 + signal) }
}
