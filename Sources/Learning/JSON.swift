/// A JSON value: as much of RFC 8259 as the headers of our files need, which is all of it but `null`.
enum JSON: Sendable, Equatable {
  case string(String)
  /// A number as it is written.
  case number(String)
  case bool(Bool)
  case array([JSON])
  case object([String: JSON])

  /// Reads one value and nothing after it but white space.
  ///
  /// - Throws: `LearningError` on anything that is not JSON, on duplicate keys and on values nested deeper than 16.
  init(_ bytes: ArraySlice<UInt8>) throws(LearningError) {
    var reader = JSONReader(bytes: bytes)
    self = try reader.value(depth: 0)
    guard reader.isAtEnd else { throw LearningError("the text goes on after its end") }
  }

  var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The value of a whole number.
  var int: Int? {
    if case .number(let text) = self { Int(text) } else { nil }
  }

  var double: Double? {
    if case .number(let text) = self { Double(text) } else { nil }
  }

  var array: [JSON]? {
    if case .array(let values) = self { values } else { nil }
  }

  var object: [String: JSON]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The value as text, keys sorted, so that equal values give equal text.
  var text: String {
    switch self {
    case .string(let value): Self.quoted(value)
    case .number(let text): text
    case .bool(let value): value ? "true" : "false"
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.text }.joined(separator: ",")
        + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Goes through the bytes of a JSON text once.
private struct JSONReader {
  let bytes: ArraySlice<UInt8>
  private var position: Int

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Whether only white space is left.
  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return position == bytes.endIndex
    }
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private func failure(_ what: String) -> LearningError {
    LearningError("\(what) at byte \(position - bytes.startIndex)")
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(LearningError) {
    guard take(byte) else { throw failure("'\(Character(UnicodeScalar(byte)))' is missing") }
  }

  mutating func value(depth: Int) throws(LearningError) -> JSON {
    guard depth < 16 else { throw failure("values are nested too deeply") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    default: return .number(try number())
    }
  }

  private mutating func word(_ word: String, _ value: JSON) throws(LearningError) -> JSON {
    guard bytes[position...].starts(with: word.utf8) else { throw failure("there is no value") }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(LearningError) -> JSON {
    try expect(UInt8(ascii: "{"))
    var members: [String: JSON] = [:]
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      let key = try string()
      try expect(UInt8(ascii: ":"))
      let value = try value(depth: depth + 1)
      guard members.updateValue(value, forKey: key) == nil else { throw failure("the key '\(key)' stands twice") }
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
    return .object(members)
  }

  private mutating func array(depth: Int) throws(LearningError) -> JSON {
    try expect(UInt8(ascii: "["))
    var values: [JSON] = []
    if take(UInt8(ascii: "]")) { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
    return .array(values)
  }

  private mutating func number() throws(LearningError) -> String {
    var text = ""
    let marks = "+-.eE".utf8
    while let byte = next, (0x30...0x39).contains(byte) || marks.contains(byte) {
      text.unicodeScalars.append(UnicodeScalar(byte))
      position += 1
    }
    guard let first = text.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
      let value = Double(text), value.isFinite
    else { throw failure("there is no value") }
    return text
  }

  private mutating func string() throws(LearningError) -> String {
    guard next == UInt8(ascii: "\"") else { throw failure("a string is missing") }
    position += 1
    var utf8: [UInt8] = []
    while true {
      guard let byte = next, byte >= 0x20 else { throw failure("a string does not end") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: utf8, as: UTF8.self) else { throw failure("a string is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): utf8.append(contentsOf: Array(String(try escape()).utf8))
      default: utf8.append(byte)
      }
    }
  }

  private mutating func escape() throws(LearningError) -> Character {
    guard let byte = next else { throw failure("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code) {
        guard next == UInt8(ascii: "\\") else { throw failure("half a character stands alone") }
        position += 1
        guard next == UInt8(ascii: "u") else { throw failure("half a character stands alone") }
        position += 1
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("half a character stands alone") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw failure("half a character stands alone") }
      return Character(scalar)
    default: throw failure("an escape is unknown")
    }
  }

  private mutating func hexadecimal() throws(LearningError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw failure("an escape is unknown")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
