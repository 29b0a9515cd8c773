import Environments

/// What the text of a setting may be, wherever it comes from: a preset, a file, `--set` or an option.
public enum SettingKind: Sendable, Equatable {
  case whole(ClosedRange<Int>)
  /// A whole number from 0 to 2⁶⁴ − 1.
  case seed
  case number(NumberRange)
  case flag
  case choice([String])
  /// A number or two with `...` between them, each in the bounds; `off` stands for the neutral number.
  case range(within: ClosedRange<Double>, neutral: Double)
  /// Whole numbers with commas between them, each in the range.
  case list(of: ClosedRange<Int>, upTo: Int)

  /// Words that complete "it must be …".
  public var expectation: String {
    switch self {
    case .whole(let range):
      range.upperBound == .max
        ? "a whole number of at least \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .seed: "a whole number from 0 to \(UInt64.max)"
    case .number(let range): "a number \(range.words)"
    case .flag: "true or false"
    case .range(let bounds, let neutral):
      "off (\(NumberText.short(neutral))), a number from \(NumberText.short(bounds.lowerBound)) to "
        + "\(NumberText.short(bounds.upperBound)), or two of them as in 0.5...1"
    case .choice(let names): names.joined(separator: " or ")
    case .list(let range, let limit):
      "up to \(limit) whole numbers from \(range.lowerBound) to \(range.upperBound) with commas between them"
    }
  }

  /// Reads a whole number as people write it: `2000000`, `2_000_000`, `2e6`.
  public static func whole(_ text: String) -> Int? { whole(text, as: Int.self) }

  /// Reads a seed, written as a whole number is.
  public static func seed(_ text: String) -> UInt64? { whole(text, as: UInt64.self) }

  private static func whole<Value: FixedWidthInteger>(_ text: String, as type: Value.Type) -> Value? {
    let digits = String(text.filter { $0 != "_" })
    if let value = Value(digits) { return value }
    // An exponent at least: `2e6` but neither `2.0` nor `0x10p2`.
    guard digits.allSatisfy({ "0123456789.eE+".contains($0) }), digits.contains(where: { "eE".contains($0) }),
      let number = Double(digits)
    else { return nil }
    return Value(exactly: number)
  }

  public static func number(_ text: String) -> Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// Reads `off`, `0.5` or `0.5...1.2`.
  public static func range(_ text: String, within bounds: ClosedRange<Double>, neutral: Double) -> ClosedRange<Double>?
  {
    if text == "off" { return neutral...neutral }
    let parts: [Substring]
    if let dots = text.firstRange(of: "...") {
      parts = [text[..<dots.lowerBound], text[dots.upperBound...]]
    } else {
      parts = [text[...], text[...]]
    }
    let numbers = parts.compactMap { number(String($0)) }.filter(bounds.contains)
    guard numbers.count == 2, numbers[0] <= numbers[1] else { return nil }
    return numbers[0]...numbers[1]
  }

  /// The items of `64,64`, `[64, 64]` or `64`; none of `[]`.
  public static func items(_ text: String) -> [String] {
    guard text != "[]" else { return [] }
    let inner = text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text[...]
    return inner.split(separator: ",", omittingEmptySubsequences: false).map { item in
      String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}

/// Numbers between two bounds, either of which may itself be left out.
public struct NumberRange: Sendable, Equatable {
  public var low: Double
  public var high: Double
  public var excludesLow: Bool
  public var excludesHigh: Bool

  public static func from(_ low: Double, to high: Double) -> NumberRange {
    NumberRange(low: low, high: high, excludesLow: false, excludesHigh: false)
  }

  public static func above(_ low: Double, upTo high: Double = .infinity) -> NumberRange {
    NumberRange(low: low, high: high, excludesLow: true, excludesHigh: false)
  }

  public static func atLeast(_ low: Double) -> NumberRange { from(low, to: .infinity) }

  public func contains(_ value: Double) -> Bool {
    (excludesLow ? value > low : value >= low) && (excludesHigh ? value < high : value <= high)
  }

  /// "from 0 to 1", "above 0 and at most 1", "of at least 0".
  public var words: String {
    let lowText = Self.short(low)
    guard high.isFinite else { return excludesLow ? "above \(lowText)" : "of at least \(lowText)" }
    if !excludesLow, !excludesHigh { return "from \(lowText) to \(Self.short(high))" }
    return "\(excludesLow ? "above" : "of at least") \(lowText) and \(excludesHigh ? "below" : "at most") "
      + Self.short(high)
  }

  private static func short(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(value)
  }
}
