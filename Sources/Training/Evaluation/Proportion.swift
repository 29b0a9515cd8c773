import Storage

/// A share of episodes.
public struct Proportion: Sendable, Equatable {
  public let count: Int
  public let total: Int

  package init(_ count: Int, of total: Int) {
    self.count = count
    self.total = total
  }

  package init(_ outcomes: [Bool]) { self.init(outcomes.count { $0 }, of: outcomes.count) }

  /// From 0 to 1; nil of nothing.
  public var share: Double? { total > 0 ? Double(count) / Double(total) : nil }

  /// 95 % confidence interval of the share; nil of nothing.
  ///
  /// Wilson's score interval without continuity correction ("Probable inference, the law of succession, and statistical
  /// inference", 1927): honest for few episodes and for shares of 0 and 1 as well.
  public var ci95: ClosedRange<Double>? {
    guard let share else { return nil }
    let z = 1.959963984540054
    let n = Double(total)
    let scale = 1 / (1 + z * z / n)
    let center = scale * (share + z * z / (2 * n))
    let half = scale * z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    // Exact at both ends, where rounding would leave a little.
    return (count == 0 ? 0 : max(0, center - half))...(count == total ? 1 : min(1, center + half))
  }

  package var json: JSON { .object([("count", .whole(count))] + shareMembers) }

  /// The share and its interval, without the count.
  package var shareMembers: [(key: String, value: JSON)] {
    [
      ("share", .number(ifAny: share)),
      ("ci95", .interval(ci95)),
    ]
  }
}
