import Environments
import Robotics

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
    let centre = scale * (share + z * z / (2 * n))
    let half = scale * z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    // Exact at both ends, where rounding would leave a little.
    return (count == 0 ? 0 : max(0, centre - half))...(count == total ? 1 : min(1, centre + half))
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

extension Success {
  /// For each episode whether it was a success; nil where an episode can only last, so that lasting says nothing.
  package func outcomes(of evaluation: Evaluation, spec: EnvSpec) -> [Bool]? {
    switch self {
    case .lasting:
      return spec.endings.isEmpty ? nil : evaluation.episodes.map { $0.ending == .truncated }
    case .ending(let name):
      return spec.endings.contains(name) ? evaluation.episodes.map { spec.name(of: $0.ending) == name } : nil
    case .metric(let name, let bounds):
      guard let index = evaluation.metricNames.firstIndex(of: name) else { return nil }
      return evaluation.metrics.map { bounds.contains($0[index]) }
    }
  }

  /// For each episode that ended in a rollout whether it was a success; none where the task has no notion of it.
  package func outcomes(of rollout: ShardRollout, spec: EnvSpec) -> [Bool] {
    switch self {
    case .lasting:
      return rollout.episodes.map { $0.ending == .truncated }
    case .ending(let name):
      return spec.endings.contains(name) ? rollout.episodes.map { spec.name(of: $0.ending) == name } : []
    case .metric(let name, let bounds):
      guard let index = spec.metrics.firstIndex(of: name) else { return [] }
      return stride(from: index, to: rollout.episodeMetrics.count, by: spec.metrics.count).map {
        bounds.contains(rollout.episodeMetrics[$0])
      }
    }
  }

  /// "lasting to the end", "within 3cm", "final error at most 0.02".
  package var words: String {
    switch self {
    case .lasting: return "lasting to the end"
    case .ending(let name): return "ending as \(name)"
    // A metric that is 0 or 1 says itself what it means.
    case .metric(let name, 1...1): return Quantity(name).words
    case .metric(let name, let bounds): return "\(Quantity(name).words) \(bounds.words)"
    }
  }
}

extension ClosedRange<Double> {
  /// "0.8 to 2", "at least 1", "at most 8", "1".
  package var words: String {
    let (low, high) = (NumberText.short(lowerBound), NumberText.short(upperBound))
    if lowerBound == upperBound { return low }
    if upperBound == .infinity { return "at least \(low)" }
    return lowerBound == -.infinity ? "at most \(high)" : "\(low) to \(high)"
  }
}
