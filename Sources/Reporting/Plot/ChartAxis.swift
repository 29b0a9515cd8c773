import Environments
import Training

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An axis of a chart: which values it spans, and which of them it names.
package struct ChartAxis: Sendable, Equatable {
  package enum Scale: Sendable { case linear, logarithmic }

  package struct Tick: Sendable, Equatable {
    package let value: Double
    package let text: String
  }

  package let scale: Scale
  package let range: ClosedRange<Double>
  package let ticks: [Tick]

  /// A value's place, 0 at the axis's start and 1 at its end.
  package func position(of value: Double) -> Double {
    switch scale {
    case .linear: (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    case .logarithmic: log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }
  }

  // MARK: Making one

  /// An axis over exactly `range`, which must not be empty, with about `count` ticks at 1, 2 or 5 times a power of ten.
  package init(linear range: ClosedRange<Double>, ticks count: Int) {
    scale = .linear
    self.range = range
    let step = Self.step(for: (range.upperBound - range.lowerBound) / Double(count))
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    let values = stride(from: first, through: last, by: 1).map { $0 * step }
    ticks = zip(values, Self.texts(of: values, step: step)).map { Tick(value: $0, text: $1) }
  }

  /// An axis over `range`, which lies above 0, with ticks at powers of ten, and between them where there are few.
  package init(logarithmic range: ClosedRange<Double>) {
    scale = .logarithmic
    self.range = range
    let decades = Int(log10(range.lowerBound).rounded(.down))...Int(log10(range.upperBound).rounded(.up))
    let powers = decades.map { (exponent: $0, value: pow(10, Double($0))) }
    let count = powers.count { range.contains($0.value) }
    let isWide = count > 2
    // Wide ones name every power or, so that there are no more than five, every second, third, …
    let stride = max(1, (count + 4) / 5)
    let isPlain = range.lowerBound > 0.9e-3 && range.upperBound < 1e4
    ticks = powers.flatMap { exponent, power in
      (isWide ? (exponent % stride == 0 ? [1] : []) : [1, 2, 5]).map { (exponent, power, $0) }
    }.filter { range.contains($1 * $2) }.map { exponent, power, mantissa in
      Tick(value: power * mantissa, text: Self.text(mantissa: mantissa, exponent: exponent, isPlain: isPlain))
    }
  }

  /// The axis on which all of `values`, of which at least one is finite, can be distinguished.
  ///
  /// A few that lie far off do not push the rest together: they stay outside. 0 is on it where it is not far.
  package init(showing values: [Double], mayBeLogarithmic: Bool = false, ticks count: Int = 4) {
    let sorted = values.filter(\.isFinite).sorted()
    let range = Self.core(ofSorted: sorted)
    if mayBeLogarithmic, range.lowerBound > 0, range.upperBound > 20 * range.lowerBound {
      let margin = pow(range.upperBound / range.lowerBound, 0.05)
      self.init(logarithmic: range.lowerBound / margin...range.upperBound * margin)
    } else {
      self.init(linear: Self.padded(range), ticks: count)
    }
  }

  /// All values, or where some lie more than twice as far off as the middle 98 of 100 reach, these alone.
  private static func core(ofSorted values: [Double]) -> ClosedRange<Double> {
    guard let first = values.first, let last = values.last,
      let low = Statistics.percentile(0.01, ofSorted: values), let high = Statistics.percentile(0.99, ofSorted: values)
    else { return 0...1 }
    let reach = 2 * (high - low)
    return (first < low - reach ? low : first)...(last > high + reach ? high : last)
  }

  private static func padded(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    var (low, high) = (range.lowerBound, range.upperBound)
    // A constant is drawn in the upper part, 0 in the middle.
    if high - low <= 1e-9 * max(abs(low), abs(high)) {
      return high == 0 ? -1...1 : high > 0 ? 0...1.5 * high : 1.5 * low...0
    }
    let margin = 0.06 * (high - low)
    let isNearZero = low > 0 ? low < 0.6 * high : high < 0 && high > 0.6 * low
    if low > 0 { low = isNearZero ? 0 : max(0, low - margin) } else if low < 0 { low -= margin }
    if high < 0 { high = isNearZero ? 0 : min(0, high + margin) } else if high > 0 { high += margin }
    return low...high
  }

  private static func step(for least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    // A step that is a little short is better than one twice as long.
    return ([1, 2, 5].first { $0 * power >= 0.75 * least } ?? 10) * power
  }

  // MARK: Words

  /// All with the same unit and the same number of places: 0, 50,000, 100,000; 0, 0.5 M, 1.0 M; 0, 2e-5, 4e-5.
  private static func texts(of values: [Double], step: Double) -> [String] {
    let size = values.map(abs).max() ?? 0
    if size > 0, size < 1e-3 || size >= 1e12 {
      let exponent = Int(log10(size * (1 + 1e-9)).rounded(.down))
      let unit = pow(10, Double(exponent))
      return values.map {
        $0 == 0 ? "0" : "\(NumberText.fixed($0 / unit, places: Self.places(of: step / unit)))e\(exponent)"
      }
    }
    let (unit, name) = size >= 1e9 ? (1e9, "G") : size >= 1e6 ? (1e6, "M") : (1, "")
    let places = Self.places(of: step / unit)
    return values.map { $0 == 0 ? "0" : plain($0 / unit, places: places) + (name.isEmpty ? "" : "\u{A0}\(name)") }
  }

  /// A tick of a logarithmic axis, on which either all are plain or all are powers.
  private static func text(mantissa: Double, exponent: Int, isPlain: Bool) -> String {
    if isPlain || exponent == 0 { return plain(mantissa * pow(10, Double(exponent)), places: max(0, -exponent)) }
    return "\(NumberText.fixed(mantissa, places: 0))e\(exponent)"
  }

  /// With commas, and `places` digits behind the point.
  private static func plain(_ value: Double, places: Int) -> String {
    places == 0 ? NumberText.grouped(value) : NumberText.fixed(value, places: places)
  }

  private static func places(of step: Double) -> Int { max(0, -Int((log10(step) + 1e-9).rounded(.down))) }
}
