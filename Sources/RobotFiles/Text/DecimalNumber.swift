/// Numbers as robots' files write them: `strtod`'s decimal grammar, whatever the locale.
enum DecimalNumber {
  /// Why a text holds no numbers, where there is more to say than that.
  enum Flaw { case comma, notFinite, hexadecimal }

  /// More than the digits of any number, and few enough to be read quickly.
  private static let longest = 1200

  /// The powers of ten that a number holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// Where the next of the words that blanks separate lies, from `offset` on, which goes past it; nil where there is none.
  static func nextWord(in bytes: Span<UInt8>, from offset: inout Int) -> Range<Int>? {
    while offset < bytes.count, XMLCursor.isBlank(bytes[offset]) { offset += 1 }
    let start = offset
    while offset < bytes.count, !XMLCursor.isBlank(bytes[offset]) { offset += 1 }
    return start < offset ? start..<offset : nil
  }

  /// The finite number that a range of bytes spells, rounded correctly; nil where it spells none.
  static func value(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    guard let parts = Parts(bytes, range) else { return nil }
    if parts.isExact, parts.digits <= 1 << 53, abs(parts.exponent) < powers.count {
      // Both operands are exact, so one operation rounds once.
      let power = powers[abs(parts.exponent)]
      let size = parts.exponent < 0 ? Double(parts.digits) / power : Double(parts.digits) * power
      return parts.isNegative ? -size : size
    }
    guard range.count <= longest, let text = text(bytes, range), let value = Double(text), value.isFinite else {
      return nil
    }
    return value
  }

  static func flaw(_ bytes: Span<UInt8>) -> Flaw? {
    for i in bytes.indices where bytes[i] == UInt8(ascii: ",") { return .comma }
    var offset = 0
    var count = 0
    // What is wrong in the hundredth number of one attribute needs no hint.
    while count < 100, let word = nextWord(in: bytes, from: &offset) {
      count += 1
      guard value(bytes, word) == nil else { continue }
      if Parts(bytes, word) != nil { return word.count <= longest ? .notFinite : nil }
      let start = word.prefix(12)
      guard let bare = text(bytes, start)?.lowercased().drop(while: { $0 == "+" || $0 == "-" }) else { return nil }
      if ["nan", "inf", "infinity"].contains(bare) { return .notFinite }
      if bare.hasPrefix("0x") { return .hexadecimal }
    }
    return nil
  }

  private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String? {
    guard let characters = try? UTF8Span(validating: bytes.extracting(range)) else { return nil }
    return String(copying: characters)
  }

  /// What a decimal number consists of: ±digits · 10^exponent.
  private struct Parts {
    var isNegative = false
    var digits: UInt64 = 0
    var exponent = 0
    /// Whether `digits` holds all of them.
    var isExact = true

    /// Nil where the bytes do not have the form of a decimal number.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
      var i = range.lowerBound
      let end = range.upperBound
      var count = 0
      isNegative = i < end && bytes[i] == UInt8(ascii: "-")
      if isNegative || i < end && bytes[i] == UInt8(ascii: "+") { i += 1 }
      while i < end, let digit = Self.digit(bytes[i]) {
        take(digit)
        count += 1
        i += 1
      }
      if i < end, bytes[i] == UInt8(ascii: ".") {
        i += 1
        while i < end, let digit = Self.digit(bytes[i]) {
          take(digit)
          exponent -= 1
          count += 1
          i += 1
        }
      }
      guard count > 0 else { return nil }
      if i < end, bytes[i] == UInt8(ascii: "e") || bytes[i] == UInt8(ascii: "E") {
        i += 1
        let sign = i < end && bytes[i] == UInt8(ascii: "-") ? -1 : 1
        if sign < 0 || i < end && bytes[i] == UInt8(ascii: "+") { i += 1 }
        let first = i
        var power = 0
        while i < end, let digit = Self.digit(bytes[i]) {
          power = min(power * 10 + Int(digit), 1_000_000_000)
          i += 1
        }
        guard i > first else { return nil }
        exponent += sign * power
      }
      guard i == end else { return nil }
    }

    private mutating func take(_ digit: UInt8) {
      if digits < 1 << 59 { digits = digits * 10 + UInt64(digit) } else { isExact = false }
    }

    private static func digit(_ byte: UInt8) -> UInt8? { (0x30...0x39).contains(byte) ? byte - 0x30 : nil }
  }
}
