import Environments

enum Turns {
  /// Takes turns until the time is up, but four at least: the first warms up and does not count.
  static func take(for seconds: Double, _ turn: () throws -> Void) rethrows {
    let watch = Stopwatch()
    var turns = 0
    while turns < 4 || watch.seconds < seconds {
      try turn()
      turns += 1
    }
  }
}

/// Figures of one kind, one a turn but for the first, in which caches are cold and room is made.
struct Samples: Sendable {
  private(set) var values: [Double] = []
  private var isWarm = false

  mutating func add(_ value: Double) {
    if isWarm { values.append(value) }
    isWarm = true
  }

  var median: Double { Statistics.percentile(0.5, ofSorted: values.sorted()) ?? .nan }

  /// The median of this one's figures, each divided by the other's of the same turn.
  func ratio(to other: Samples) -> Double {
    var ratios = self
    ratios.values = zip(values, other.values).map { $0 / $1 }
    return ratios.median
  }
}

extension Workers {
  /// "1 thread", "2 threads".
  package var label: String { "\(threads) \(threads == 1 ? "thread" : "threads")" }
}
