import Environments
import Learning
import Networks

/// The episodes that ended last, so that progress does not jump with every iteration.
struct RecentEpisodes: Sendable {
  private static let capacity = 100
  private(set) var returns: [Double] = []
  /// In control steps.
  private(set) var lengths: [Double] = []

  init() {}

  init(returns: [Double], lengths: [Double]) throws {
    guard returns.count == lengths.count, returns.count <= Self.capacity, returns.allSatisfy(\.isFinite),
      lengths.allSatisfy((0...0x1p53).contains)
    else {
      throw LearningError("its last episodes are damaged")
    }
    self.returns = returns
    self.lengths = lengths
  }

  mutating func add(_ episodes: [EpisodeResult]) {
    returns = (returns + episodes.map(\.episodeReturn)).suffix(Self.capacity)
    lengths = (lengths + episodes.map { Double($0.length) }).suffix(Self.capacity)
  }

  /// Mean return; nil before an episode has ended.
  var meanReturn: Double? { Self.mean(returns) }
  /// Mean length in control steps; nil before an episode has ended.
  var meanLength: Double? { Self.mean(lengths) }

  private static func mean(_ figures: [Double]) -> Double? {
    figures.isEmpty ? nil : figures.reduce(0, +) / Double(figures.count)
  }
}
