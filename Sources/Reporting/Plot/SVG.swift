import Environments
import Training

/// An SVG picture, or a part of a page, as it is put together: elements that can be written as text or painted.
struct SVG {
  /// What an element holds.
  indirect enum Node {
    case element(Element)
    case text(String)
    /// Text that is markup already.
    case raw(String)
  }

  struct Element {
    let name: String
    let attributes: [(key: String, value: String)]
    var content: [Node]

    subscript(key: String) -> String? { attributes.first { $0.key == key }?.value }

    /// An attribute that is a number; 0 where it is none.
    func number(_ key: String) -> Double { self[key].flatMap(Double.init) ?? 0 }
  }

  private(set) var nodes: [Node] = []

  /// An element, with text in it if it is given.
  mutating func add(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String? = nil) {
    nodes.append(
      .element(
        Element(
          name: name, attributes: attributes.map { ($0.key, $0.value) }, content: text.map { [.text($0)] } ?? [])))
  }

  /// An element with others in it.
  mutating func add(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], content: (inout SVG) -> Void
  ) {
    var inner = SVG()
    content(&inner)
    nodes.append(
      .element(Element(name: name, attributes: attributes.map { ($0.key, $0.value) }, content: inner.nodes)))
  }

  /// Adds all of another picture.
  mutating func add(_ other: SVG) { nodes += other.nodes }

  /// Adds markup.
  mutating func add(raw markup: String) { nodes.append(.raw(markup)) }

  var text: String {
    var text = ""
    for node in nodes { Self.write(node, to: &text) }
    return text
  }

  private static func write(_ node: Node, to text: inout String) {
    switch node {
    case .text(let content): text += WebPage.escaped(content)
    case .raw(let markup): text += markup
    case .element(let element):
      text += "<\(element.name)"
      for (key, value) in element.attributes { text += " \(key)=\"\(WebPage.escaped(value))\"" }
      guard !element.content.isEmpty else {
        text += "/>"
        return
      }
      text += ">"
      for child in element.content { write(child, to: &text) }
      text += "</\(element.name)>"
    }
  }

  /// A length to a tenth of a pixel.
  static func number(_ value: Double) -> String {
    let text = NumberText.fixed(value, places: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
