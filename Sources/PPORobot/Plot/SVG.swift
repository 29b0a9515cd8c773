/// Text of an SVG picture, or of HTML, as it is put together.
struct SVG {
  private(set) var text = ""

  /// An element, with text in it if it is given.
  mutating func add(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text content: String? = nil) {
    open(name, attributes)
    if let content {
      text += WebPage.escaped(content) + "</\(name)>"
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
    for (key, value) in attributes { text += " \(key)=\"\(WebPage.escaped(value))\"" }
    text += ">"
  }

  /// A length to a tenth of a pixel.
  static func number(_ value: Double) -> String {
    let text = NumberText.fixed(value, places: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
