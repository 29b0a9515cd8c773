import Environments
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Standard output and standard error, unbuffered: a line is out when the call returns.
///
/// Lines may hold names from files and from the network. Nothing in them reaches a terminal as a control character.
enum Output {
  /// Writes a line on standard output. A reader who has gone is not an error; see `isLost` for all else.
  static func print(_ line: String, terminator: String = "\n") { pass(clean(line) + terminator, to: STDOUT_FILENO) }

  /// Writes text as it is.
  static func pass(_ text: String, to descriptor: Int32) {
    guard !write(text, to: descriptor), descriptor == STDOUT_FILENO, errno != EPIPE else { return }
    let reason = Files.lastReason()
    if !lost.exchange(true, ordering: .relaxed) { note("Error: standard output cannot be written: \(reason)") }
  }

  /// Whether something could not be written on standard output though somebody was to read it, which makes a failure of
  /// the command. The reason was told at once; a training goes on, since its run directory has all of it.
  static var isLost: Bool { lost.load(ordering: .relaxed) }

  private static let lost = Atomic(false)

  /// Writes a line on standard error.
  static func note(_ line: String) { _ = write(clean(line) + "\n", to: STDERR_FILENO) }

  /// Writes why the command has failed, on one line of bearable length.
  static func fail(_ error: any Error) {
    let text = printable("\(error)")
    note("Error: \(text.count > longestError ? text.prefix(longestError) + "…" : text)")
  }

  private static let longestError = 2_000

  /// Text whose lines are printable.
  package static func clean(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { printable(String($0)) }.joined(separator: "\n")
  }

  /// Writes a warning on standard error, the same one only once in a process.
  static func warn(_ sentence: String) { noteOnce("Warning: \(sentence)") }

  /// Writes a line on standard error, the same one only once in a process.
  static func noteOnce(_ line: String) {
    if told.withLock({ $0.insert(line).inserted }) { note(printable(line)) }
  }

  private static let told = Mutex<Set<String>>([])

  /// Writes text on standard error as it is, for drawing on a terminal.
  static func draw(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Writes all of `text`; tells whether it could, the reason for not being left in `errno`.
  static func write(_ text: String, to descriptor: Int32) -> Bool { write(Array(text.utf8), to: descriptor) }

  /// Writes all of `bytes`; tells whether it could, the reason for not being left in `errno`.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
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
}

/// What standard error can show.
struct Terminal: Sendable, Equatable {
  /// Whether a line can be drawn over: a terminal that is not dumb.
  var isInteractive: Bool
  /// Whether colour is welcome (see no-color.org).
  var hasColor: Bool

  /// The terminal behind standard error.
  static func standardError() -> Terminal {
    let isInteractive = isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb"
    return Terminal(isInteractive: isInteractive, hasColor: isInteractive && (variable("NO_COLOR") ?? "").isEmpty)
  }

  /// Columns of the terminal behind standard error at this moment.
  static func width() -> Int {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
