/// A JSON value whose objects keep the order of their keys.
package enum JSON: Sendable, Equatable {
  case null
  case flag(Bool)
  case whole(Int)
  /// A whole number beyond `Int`, such as a seed.
  case unsigned(UInt64)
  /// Written so that it reads back to the same bits; `null` if it is not finite.
  case number(Double)
  case text(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  package static func == (a: JSON, b: JSON) -> Bool { a.line == b.line }

  /// A number, or `null` where there is none.
  package static func number(ifAny value: Double?) -> JSON { value.map(JSON.number) ?? .null }

  /// Both ends of an interval, or `null` where there is none.
  package static func interval(_ range: ClosedRange<Double>?) -> JSON {
    range.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
  }

  /// The value on one line.
  package var line: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  /// The value over several lines, two spaces deeper for each level.
  package var document: String {
    var text = ""
    write(to: &text, indent: 0)
    return text
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .flag(let flag): text += flag ? "true" : "false"
    case .whole(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    case .number(let value): text += value.isFinite ? String(value) : "null"
    case .text(let string): Self.write(string, to: &text)
    case .array(let values):
      // Figures stay on one line even in a document.
      let isFlat = values.allSatisfy(\.isScalar)
      Self.write(values, between: ("[", "]"), to: &text, indent: isFlat ? nil : indent) { value, text, indent in
        value.write(to: &text, indent: indent)
      }
    case .object(let members):
      Self.write(members, between: ("{", "}"), to: &text, indent: indent) { member, text, indent in
        Self.write(member.key, to: &text)
        text += indent == nil ? ":" : ": "
        member.value.write(to: &text, indent: indent)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], between brackets: (String, String), to text: inout String, indent: Int?,
    each: (Element, inout String, Int?) -> Void
  ) {
    text += brackets.0
    let deeper = indent.map { $0 + 2 }
    for (i, element) in elements.enumerated() {
      if i > 0 { text += "," }
      if let deeper { text += "\n" + String(repeating: " ", count: deeper) }
      each(element, &text, deeper)
    }
    if let indent, !elements.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
    text += brackets.1
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case _ where Self.isControl(scalar):
        for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// Control and format characters and line separators, which are written as escapes.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}

// MARK: Reading

extension JSON {
  /// Reads one value and nothing after it but white space (RFC 8259).
  ///
  /// - Throws: `StorageError` on anything that is not JSON, on duplicate keys and on values nested deeper than 16.
  package init(_ bytes: ArraySlice<UInt8>) throws(StorageError) {
    var reader = JSONReader(bytes: bytes)
    self = try reader.value(depth: 0)
    guard reader.isAtEnd else { throw StorageError("the text goes on after its end") }
  }

  package var string: String? { if case .text(let value) = self { value } else { nil } }
  package var int: Int? { if case .whole(let value) = self { value } else { nil } }
  package var bool: Bool? { if case .flag(let value) = self { value } else { nil } }

  package var double: Double? {
    switch self {
    case .whole(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  package var array: [JSON]? { if case .array(let values) = self { values } else { nil } }

  /// The members of an object by key.
  package var object: [String: JSON]? {
    guard case .object(let members) = self else { return nil }
    return Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// An object whose members are sorted by key, so that equal values give equal text.
  package static func sorted(_ members: [String: JSON]) -> JSON {
    .object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
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

  private func failure(_ what: String) -> StorageError {
    StorageError("\(what) at byte \(position - bytes.startIndex)")
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(StorageError) {
    guard take(byte) else { throw failure("'\(Character(UnicodeScalar(byte)))' is missing") }
  }

  mutating func value(depth: Int) throws(StorageError) -> JSON {
    guard depth < 16 else { throw failure("values are nested too deeply") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSON) throws(StorageError) -> JSON {
    guard bytes[position...].starts(with: word.utf8) else { throw failure("there is no value") }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(StorageError) -> JSON {
    try expect(UInt8(ascii: "{"))
    var members: [(key: String, value: JSON)] = []
    var keys: Set<String> = []
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      let key = try string()
      try expect(UInt8(ascii: ":"))
      let value = try value(depth: depth + 1)
      guard keys.insert(key).inserted else { throw failure("duplicate key '\(key)'") }
      members.append((key, value))
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
    return .object(members)
  }

  private mutating func array(depth: Int) throws(StorageError) -> JSON {
    try expect(UInt8(ascii: "["))
    var values: [JSON] = []
    if take(UInt8(ascii: "]")) { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
    return .array(values)
  }

  private mutating func number() throws(StorageError) -> JSON {
    var text = ""
    let marks = "+-.eE".utf8
    while let byte = next, (0x30...0x39).contains(byte) || marks.contains(byte) {
      text.unicodeScalars.append(UnicodeScalar(byte))
      position += 1
    }
    guard let first = text.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
      let value = Double(text), value.isFinite
    else { throw failure("there is no value") }
    if let whole = Int(text) { return .whole(whole) }
    return UInt64(text).map { .unsigned($0) } ?? .number(value)
  }

  private mutating func string() throws(StorageError) -> String {
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

  private mutating func escape() throws(StorageError) -> Character {
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
        guard next == UInt8(ascii: "\\") else { throw failure("half of a surrogate pair stands alone") }
        position += 1
        guard next == UInt8(ascii: "u") else { throw failure("half of a surrogate pair stands alone") }
        position += 1
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("half of a surrogate pair stands alone") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw failure("half of a surrogate pair stands alone") }
      return Character(scalar)
    default: throw failure("an escape is unknown")
    }
  }

  private mutating func hexadecimal() throws(StorageError) -> UInt32 {
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
