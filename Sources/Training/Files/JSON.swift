import Environments

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
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where isControl(scalar):
        for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
