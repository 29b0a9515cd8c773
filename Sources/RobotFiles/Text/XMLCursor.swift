/// Goes forward through the bytes of an XML file, all of which are characters that XML allows.
struct XMLCursor {
  let file: String
  /// Where the text ends; zero bytes and blanks may follow.
  let end: Int
  var offset: Int
  /// Where the text begins.
  let start: Int
  private let bytes: [UInt8]
  /// Line and column of an offset, from which later ones are counted on.
  private var mark = Mark()

  private struct Mark {
    var offset = 0
    var line = 1
    var column = 1
  }

  /// Begins after the byte order mark, if there is one.
  ///
  /// - Throws: where the bytes are not UTF-8, or hold control characters.
  init(_ bytes: [UInt8], file: String, warnings: inout [RobotFileWarning]) throws(RobotFileError) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw RobotFileError("the file is UTF-16; save it as UTF-8", file: file)
    }
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var end = bytes.count
    var firstZero: Int?
    while end > start, bytes[end - 1] == 0 || Self.isBlank(bytes[end - 1]) {
      end -= 1
      if bytes[end] == 0 { firstZero = end }
    }
    self.end = end
    offset = start
    mark.offset = start
    if start > 0 { warnings.append(warning("the file begins with a byte order mark; it was skipped", at: start)) }
    try checkCharacters()
    if let firstZero {
      warnings.append(warning("zero bytes follow the end of the text; they were skipped", at: firstZero))
    }
  }

  private mutating func checkCharacters() throws(RobotFileError) {
    for i in offset..<end {
      let byte = bytes[i]
      if byte < 0x20, !Self.isBlank(byte) {
        throw byte == 0
          ? error("there is a zero byte: the file is no text, or not UTF-8", at: i)
          : error("there is a control character, which XML does not allow", at: i)
      }
      if byte == 0xEF, i + 2 < end, bytes[i + 1] == 0xBF, bytes[i + 2] >= 0xBE {
        throw error("there is a character that XML does not allow", at: i)
      }
    }
    let invalid: Int
    do {
      _ = try UTF8Span(validating: bytes.span.extracting(offset..<end))
      return
    } catch {
      invalid = offset + error.byteOffsets.lowerBound
    }
    throw error("the file is not UTF-8; save it as UTF-8", at: invalid)
  }

  // MARK: Places

  /// Fast where places are asked for in the order of the file.
  mutating func position(at offset: Int) -> SourcePosition {
    if offset < mark.offset { mark = Mark(offset: start) }
    while mark.offset < min(offset, bytes.count) {
      let byte = bytes[mark.offset]
      mark.offset += 1
      switch byte {
      case UInt8(ascii: "\r") where mark.offset < bytes.count && bytes[mark.offset] == UInt8(ascii: "\n"): break
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        mark.line += 1
        mark.column = 1
      case 0x80...0xBF: break  // inside a character
      default: mark.column += 1
      }
    }
    return SourcePosition(file: file, line: mark.line, column: mark.column)
  }

  mutating func error(_ text: String, at offset: Int) -> RobotFileError {
    RobotFileError(text, at: position(at: offset))
  }

  mutating func warning(_ text: String, at offset: Int) -> RobotFileWarning {
    RobotFileWarning(text, at: position(at: offset))
  }

  // MARK: Bytes

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  var next: UInt8? { offset < end ? bytes[offset] : nil }

  subscript(_ offset: Int) -> UInt8? { offset < end ? bytes[offset] : nil }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  func areEqual(_ a: Range<Int>, _ b: Range<Int>) -> Bool { bytes[a].elementsEqual(bytes[b]) }

  /// Goes past `text` if it is next.
  mutating func take(_ text: String) -> Bool {
    var i = offset
    for byte in text.utf8 {
      guard i < end, bytes[i] == byte else { return false }
      i += 1
    }
    offset = i
    return true
  }

  /// Whether there were any.
  @discardableResult
  mutating func skipBlanks() -> Bool {
    let start = offset
    while offset < end, Self.isBlank(bytes[offset]) { offset += 1 }
    return offset > start
  }

  /// Goes to the next `byte`, or to the end.
  mutating func skip(to byte: UInt8, or other: UInt8, or third: UInt8) {
    while offset < end, bytes[offset] != byte, bytes[offset] != other, bytes[offset] != third { offset += 1 }
  }

  /// Goes past the next `text`; false where there is none.
  mutating func skip(past text: String) -> Bool {
    while offset < end {
      if take(text) { return true }
      offset += 1
    }
    return false
  }

  // MARK: Words

  /// A name; empty where none begins here.
  mutating func name() -> Range<Int> {
    let start = offset
    guard let first = next, Self.beginsName(first) else { return start..<start }
    while offset < end {
      let byte = bytes[offset]
      guard Self.beginsName(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E else { break }
      offset += 1
    }
    return start..<offset
  }

  private static func beginsName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "_"), UInt8(ascii: ":"), 0x80...: true
    default: false
    }
  }

  /// A value in quotes, with references replaced and every line break a blank.
  mutating func quoted() throws(RobotFileError) -> String {
    let opening = offset
    guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw error("a value must be in quotes", at: opening)
    }
    offset += 1
    let start = offset
    while offset < end, bytes[offset] != quote, bytes[offset] >= 0x20, bytes[offset] != UInt8(ascii: "&"),
      bytes[offset] != UInt8(ascii: "<")
    {
      offset += 1
    }
    var text: [UInt8] = []
    if next != quote { text = Array(bytes[start..<offset]) }
    let plain = start..<offset
    while let byte = next {
      offset += 1
      switch byte {
      case quote: return text.isEmpty ? string(plain) : String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "<"): throw error("'<' must be written &lt; in a value; is a quote missing?", at: offset - 1)
      case UInt8(ascii: "&"):
        offset -= 1
        text += Array(String(try reference()).utf8)
      case UInt8(ascii: "\r"):
        if next == UInt8(ascii: "\n") { offset += 1 }
        text.append(0x20)
      case UInt8(ascii: "\n"), UInt8(ascii: "\t"): text.append(0x20)
      default: text.append(byte)
      }
    }
    throw error("a value does not end: its quote is missing", at: opening)
  }

  /// The character that a reference stands for.
  mutating func reference() throws(RobotFileError) -> Unicode.Scalar {
    let start = offset
    offset += 1
    if take("#") { return try numericReference(start) }
    let word = name()
    let scalar: Unicode.Scalar? =
      switch word.count > 4 ? "" : string(word) {
      case "lt": "<"
      case "gt": ">"
      case "amp": "&"
      case "apos": "'"
      case "quot": "\""
      default: nil
      }
    guard let scalar, take(";") else {
      throw error(
        "the reference is unknown; there are &lt; &gt; &amp; &apos; &quot; and numbers, as in &#65;", at: start)
    }
    return scalar
  }

  private mutating func numericReference(_ start: Int) throws(RobotFileError) -> Unicode.Scalar {
    let radix: UInt32 = take("x") ? 16 : 10
    var value: UInt32 = 0
    var count = 0
    while let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < radix {
      value = min(value * radix + UInt32(digit), 0x110000)
      count += 1
      offset += 1
    }
    guard count > 0, take(";"), value >= 0x20 || [0x09, 0x0A, 0x0D].contains(value),
      value & 0xFFFE != 0xFFFE || value > 0xFFFF,
      let scalar = UnicodeScalar(value)
    else { throw error("the reference is not to a character that XML allows", at: start) }
    return scalar
  }
}
