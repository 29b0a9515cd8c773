import Synchronization

/// How often this process has gone on after it was stopped.
private let continuations = Atomic<Int>(0)

/// Notices whether this process was stopped (Ctrl-Z, SIGSTOP) or the machine slept since the watch was made: time that says
/// nothing about how fast anything is.
package struct PauseWatch {
  /// Seconds that the clocks may differ by without the machine having slept.
  private static let tolerance = Duration.milliseconds(100)

  private let count = continuations.load(ordering: .relaxed)
  private let start = ContinuousClock.now
  private let awakeStart = SuspendingClock.now

  /// Notes a continuation; called by the handler of SIGCONT.
  package static func noteContinuation() { continuations.add(1, ordering: .relaxed) }

  package var wasPaused: Bool {
    continuations.load(ordering: .relaxed) != count
      || (ContinuousClock.now - start) - (SuspendingClock.now - awakeStart) > Self.tolerance
  }
}
