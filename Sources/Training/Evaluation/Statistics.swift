import Environments
import Storage

/// Describes a sample of figures, one an episode. Figures that are not finite are left out; what is then undefined is
/// `nil`.
public struct Statistics: Sendable, Equatable {
  /// How many figures were defined.
  public let count: Int
  public let mean: Double?
  /// Sample standard deviation (with n − 1), from two figures on.
  public let std: Double?
  /// 95 % confidence interval of the mean, from two figures on: a percentile bootstrap with a fixed seed.
  public let ci95: ClosedRange<Double>?
  public let min: Double?
  /// 5th percentile, interpolated.
  public let p05: Double?
  /// Median.
  public let p50: Double?
  /// 95th percentile, interpolated.
  public let p95: Double?
  public let max: Double?

  public init(_ figures: some Sequence<Double>) {
    let sample = figures.filter(\.isFinite)
    let sorted = sample.sorted()
    count = sample.count
    mean = Self.mean(of: sample)
    std = mean.flatMap { Self.deviation(of: sample, around: $0) }
    ci95 = Self.bootstrapInterval(of: sample)
    min = sorted.first
    p05 = Self.percentile(0.05, ofSorted: sorted)
    p50 = Self.percentile(0.5, ofSorted: sorted)
    p95 = Self.percentile(0.95, ofSorted: sorted)
    max = sorted.last
  }

  package var json: JSON {
    return .object([
      ("mean", .number(ifAny: mean)), ("std", .number(ifAny: std)),
      ("ci95", .interval(ci95)),
      ("min", .number(ifAny: min)), ("p05", .number(ifAny: p05)), ("p50", .number(ifAny: p50)),
      ("p95", .number(ifAny: p95)), ("max", .number(ifAny: max)),
    ])
  }

  /// The value below which a share `p` of the sample lies, interpolated between neighbors (NumPy's default).
  package static func percentile(_ p: Double, ofSorted sorted: [Double]) -> Double? {
    guard let last = sorted.indices.last else { return nil }
    let position = p * Double(last)
    let below = Int(position)
    let above = Swift.min(below + 1, last)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }

  /// Resamples of a bootstrap interval.
  package static let resamples = 2000

  /// The 2.5th and 97.5th percentile of the means of samples drawn, with replacement, from `sample`.
  package static func bootstrapInterval(of sample: [Double]) -> ClosedRange<Double>? {
    guard sample.count > 1 else { return nil }
    if let only = sample.first, sample.allSatisfy({ $0 == only }) { return only...only }
    var random = Random(seed: 0x5EED_B007)
    var means: [Double] = []
    means.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var sum = 0.0
      for _ in sample.indices { sum += sample[random.index(below: sample.count)] }
      means.append(sum / Double(sample.count))
    }
    return middle95(of: &means)
  }

  /// The mean of the middle half of a sample: a quarter of it, rounded down, is cut off at each end, as SciPy's
  /// `trim_mean` does. Up to three figures it is the mean; nil of none.
  package static func interquartileMean(of sample: [Double]) -> Double? {
    let cut = sample.count / 4
    return mean(of: Array(sample.sorted()[cut..<(sample.count - cut)]))
  }

  /// How much greater the interquartile mean of `b` is than that of `a`, with the interval that 2,000 resamples give,
  /// each of which draws from `a` and from `b` separately (a stratified bootstrap).
  ///
  /// Both are what Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice" (2021, the
  /// library rliable), recommend for figures of a few runs.
  package static func difference(
    from a: [Double], to b: [Double]
  ) -> (difference: Double, ci95: ClosedRange<Double>)? {
    guard let before = interquartileMean(of: a), let after = interquartileMean(of: b) else { return nil }
    var random = Random(seed: 0x5EED_B007)
    var differences: [Double] = []
    differences.reserveCapacity(resamples)
    for _ in 0..<resamples {
      let (drawnA, drawnB) = (draw(from: a, using: &random), draw(from: b, using: &random))
      guard let a = interquartileMean(of: drawnA), let b = interquartileMean(of: drawnB) else { return nil }
      differences.append(b - a)
    }
    return middle95(of: &differences).map { (after - before, $0) }
  }

  private static func draw(from sample: [Double], using random: inout Random) -> [Double] {
    sample.map { _ in sample[random.index(below: sample.count)] }
  }

  /// The range between the 2.5th and the 97.5th percentile.
  private static func middle95(of values: inout [Double]) -> ClosedRange<Double>? {
    values.sort()
    guard let low = percentile(0.025, ofSorted: values), let high = percentile(0.975, ofSorted: values) else {
      return nil
    }
    return low <= high ? low...high : nil
  }

  /// nil of nothing.
  package static func mean(of sample: [Double]) -> Double? {
    sample.isEmpty ? nil : sample.reduce(0, +) / Double(sample.count)
  }

  private static func deviation(of sample: [Double], around mean: Double) -> Double? {
    guard sample.count > 1 else { return nil }
    let squares = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(sample.count - 1)).squareRoot()
  }
}
