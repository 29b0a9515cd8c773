import Environments

enum Rounds {
  /// Runs rounds until the time is up, at least four: the first one warms up and does not count.
  static func run(for seconds: Double, _ round: () throws -> Void) rethrows {
    let watch = Stopwatch()
    var rounds = 0
    while rounds < 4 || watch.seconds < seconds {
      try round()
      rounds += 1
    }
  }
}

/// Measurements of one quantity, one per round except the first, in which caches are cold and buffers are allocated.
struct Samples: Sendable {
  private(set) var values: [Double] = []
  private var isWarm = false

  mutating func add(_ value: Double) {
    if isWarm { values.append(value) }
    isWarm = true
  }

  var median: Double { Statistics.percentile(0.5, ofSorted: values.sorted()) ?? .nan }

  /// The median of this one's figures, each divided by the other's of the same round.
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
