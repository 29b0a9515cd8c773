/// Finds the names that a task gives to what it writes, known from a first pass, again at every step.
///
/// A task mostly gives them in the order of the first pass, so that one comparison with the next name in turn is enough:
/// two pointers where both are the same literal. Any other order works as well.
struct NameFinder: Sendable {
  private(set) var names: [String]
  private var isUsed: [Bool]
  private var next = 0
  /// How many names have been found since the last `rewind`.
  private(set) var usedCount = 0

  init(_ names: [String]) {
    self.names = names
    isUsed = names.map { _ in false }
  }

  /// What became of a search.
  enum Result: Sendable {
    case found(Int)
    case foundBefore
    case unknown
  }

  /// Looks for a name, which counts as used from then on.
  mutating func find(_ name: String) -> Result {
    let index: Int
    if next < names.count, names[next] == name {
      index = next
    } else {
      guard let place = names.firstIndex(of: name) else { return .unknown }
      index = place
    }
    guard !isUsed[index] else { return .foundBefore }
    isUsed[index] = true
    usedCount += 1
    next = index + 1
    return .found(index)
  }

  /// The first name that has not been used since the last `rewind`.
  var firstUnused: String? { isUsed.firstIndex(of: false).map { names[$0] } }

  func isUsed(_ index: Int) -> Bool { isUsed[index] }

  mutating func rewind() {
    next = 0
    usedCount = 0
    for i in isUsed.indices { isUsed[i] = false }
  }
}
