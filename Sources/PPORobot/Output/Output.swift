import Environments
import Synchronization
import Training

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
  /// Writes a line on standard output. A reader who has gone is not an error; see `isLost` for other failures.
  static func print(_ line: String, terminator: String = "\n") { pass(clean(line) + terminator, to: STDOUT_FILENO) }

  /// Writes text as it is.
  static func pass(_ text: String, to descriptor: Int32) {
    guard !write(text, to: descriptor), descriptor == STDOUT_FILENO, errno != EPIPE else { return }
    let reason = Files.lastReason()
    if !lost.exchange(true, ordering: .relaxed) { note("Error: standard output cannot be written: \(reason)") }
  }

  /// Whether something could not be written on standard output though it had a reader, which makes a failure of
  /// the command. The reason was printed at once; a training goes on, since its run directory has all of it.
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

  /// Writes a notice on standard error, the same one only once in a process.
  static func show(_ notice: Notice) {
    guard shown.withLock({ $0.insert(notice).inserted }) else { return }
    switch notice {
    case .information(let sentence): note(printable(sentence))
    case .warning(let sentence): note(printable("Warning: \(sentence)"))
    }
  }

  private static let shown = Mutex<Set<Notice>>([])

  /// Writes text on standard error as it is, for drawing on a terminal.
  static func draw(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Writes all of `text`; returns whether it could, the reason why not being left in `errno`.
  static func write(_ text: String, to descriptor: Int32) -> Bool {
    Files.write(Array(text.utf8), to: descriptor)
  }
}
