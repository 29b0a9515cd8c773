import Environments

/// Collects the terms of a step's reward by name.
///
/// Which terms there are is found out once, by a first pass over `evaluateStep`. Later steps may add them in any order; a term
/// that is left out counts 0 in that step.
public struct RewardCursor: Sendable {
  package private(set) var names: [String] = []
  package private(set) var values: [Float] = []
  /// What the task did wrong, in words without the step; nil if nothing. It stays.
  package private(set) var problem: String?
  private var finder = NameFinder([])
  private let isRecording: Bool

  /// A cursor for the first pass.
  package init() { isRecording = true }

  /// A cursor for the terms that the first pass recorded.
  package init(terms names: [String]) {
    isRecording = false
    self.names = names
    values = names.map { _ in 0 }
    finder = NameFinder(names)
  }

  /// Sum of the terms.
  package var total: Float {
    var sum: Float = 0
    for value in values { sum += value }
    return sum
  }

  /// Begins a step: all terms are 0 until they are added.
  package mutating func rewind() {
    finder.rewind()
    clear()
  }

  /// Sets all terms to zero, for a step without a reward.
  mutating func clear() {
    for i in values.indices { values[i] = 0 }
  }

  /// Adds a term to the reward of the step.
  ///
  /// A name that the first pass has not seen, or a second term of the same name, is an error that ends a training.
  public mutating func add(_ name: String, _ value: Double) {
    guard !isRecording else {
      names.append(name)
      values.append(Float(value))
      return
    }
    switch finder.find(name) {
    case .found(let index): values[index] = Float(value)
    case .foundBefore: note("reward term '\(printable(name))' is added twice in one step; add it once, with the sum")
    case .unknown:
      note(
        "reward term '\(printable(name))' was not there in the first step; add it in every step, with 0 where it does "
          + "not count")
    }
  }

  private mutating func note(_ text: String) { if problem == nil { problem = text } }
}
