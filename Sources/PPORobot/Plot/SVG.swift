/// Text of an SVG picture, or of HTML, as it is put together.
struct SVG {
  private(set) var text = ""

  /// An element, with text in it if it is given.
  mutating func add(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text content: String? = nil) {
    open(name, attributes)
    if let content {
      text += Self.escaped(content) + "</\(name)>"
    } else {
      text.removeLast()
      text += "/>"
    }
  }

  /// An element with others in it.
  mutating func add(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], content: (inout SVG) -> Void
  ) {
    open(name, attributes)
    content(&self)
    text += "</\(name)>"
  }

  /// Adds what is an element already.
  mutating func add(raw element: String) { text += element }

  private mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    text += "<\(name)"
    for (key, value) in attributes { text += " \(key)=\"\(Self.escaped(value))\"" }
    text += ">"
  }

  /// Text that stands for itself, in an attribute too. XML has no place for most control characters.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A length to a tenth of a pixel.
  static func number(_ value: Double) -> String {
    let text = NumberText.fixed(value, places: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
