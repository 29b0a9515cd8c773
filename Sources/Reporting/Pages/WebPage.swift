import Pages
import Storage
import Training

/// Web pages from the parts that are compiled in. A page needs nothing but itself: no network, no other file.
package enum WebPage {
  /// The part called `name`.
  package static func part(_ name: String) -> String {
    var count = 0
    guard let bytes = unsafe pages_find(name, &count) else {
      preconditionFailure("no part of a page is called \(name)")
    }
    return unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  /// `template` with `{{name}}` replaced by what `values` has for each name. Inserted text is not replaced again.
  package static func filled(_ template: String, _ values: [String: String]) -> String {
    var page = ""
    var rest = Substring(template)
    while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
      page += rest[..<start.lowerBound]
      let name = String(rest[start.upperBound..<end.lowerBound])
      guard let value = values[name] else { preconditionFailure("nothing is known of {{\(name)}} in a page") }
      page += value
      rest = rest[end.upperBound...]
    }
    return page + rest
  }

  /// Text for the place between tags and for attributes, of HTML and of XML, which has no place for most control characters.
  package static func escaped(_ text: String) -> String {
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

  /// A document inside a script element, which nothing in it can end.
  package static func embedded(_ json: JSON) -> String { json.line.replacing("<", with: "\\u003c") }
}
