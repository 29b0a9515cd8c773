import Synchronization

/// Notes what a task asked of a simulation that it has not got, such as a fifth axis of two.
///
/// Functions that only read a simulation do not throw; the env asks for their errors afterwards.
final class Misuse: Sendable {
  private let isNoted = Atomic(false)
  private let text = Mutex<String?>(nil)

  /// The first mistake in words; nil if there was none.
  var problem: String? { isNoted.load(ordering: .relaxed) ? text.withLock { $0 } : nil }

  func note(_ problem: @autoclosure () -> String) {
    guard !isNoted.load(ordering: .relaxed) else { return }
    text.withLock { if $0 == nil { $0 = problem() } }
    isNoted.store(true, ordering: .relaxed)
  }
}
