/// Numbers for people.
package enum NumberText {
  /// About three significant digits, but never fewer than all digits before the point: 1,234, 18.2, 0.93, 0.012, 2.4e-4.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let size = abs(value)
    if size >= 1e9 || (size > 0 && size < 1e-3) { return scientific(value) }
    let places = size >= 99.95 || size == 0 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : size >= 0.00995 ? 3 : 4
    if size >= 999.95 { return grouped(value) }
    return trimmed(fixed(value, places: size >= 99.95 ? 1 : places))
  }

  /// "0.95 … 1.2", or a dash where there is none.
  package static func interval(_ range: ClosedRange<Double>?) -> String {
    range.map { "\(short($0.lowerBound)) … \(short($0.upperBound))" } ?? "–"
  }

  /// Exactly `places` digits behind the point; a dash for numbers from 10¹² on, or that have more than 18 digits so.
  package static func fixed(_ value: Double, places: Int) -> String {
    guard abs(value) < 1e12, (0...18).contains(places) else { return "–" }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    guard let units = Int(exactly: (abs(value) * Double(scale)).rounded()), units <= longest else { return "–" }
    let sign = value < 0 && units > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(units)" }
    let digits = String(units % scale)
    return "\(sign)\(units / scale)." + String(repeating: "0", count: places - digits.count) + digits
  }

  private static let longest = 1_000_000_000_000_000_000

  /// A number without its fraction, with commas: 1,234,567; a dash where it has more than 18 digits or is none.
  package static func grouped(_ value: Double) -> String {
    Int(exactly: value.rounded()).flatMap { abs($0) <= longest ? grouped($0) : nil } ?? "–"
  }

  /// A whole number with commas: 1,234,567.
  package static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A duration: 0:53, 12:07, 1:02:03.
  package static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e8 else { return "–" }
    let whole = Int(max(0, seconds).rounded())
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  /// A duration in a sentence: 0.47 s, 53.2 s, 12:07.
  package static func duration(_ seconds: Double) -> String {
    seconds < 60 ? "\(short(seconds)) s" : clock(seconds)
  }

  private static func scientific(_ value: Double) -> String {
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 9.995 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 0.9995 {
      mantissa *= 10
      exponent -= 1
    }
    return "\(value < 0 ? "-" : "")\(trimmed(fixed(mantissa, places: 2)))e\(exponent)"
  }

  /// Without zeros at the end of the fraction.
  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    let kept = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return String(kept.reversed())
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
