import Pages

/// Web pages from the parts that are compiled in. A page needs nothing but itself: no network, no other file.
package enum WebPage {
  /// What plays an episode document, in the order in which one needs the other.
  private static let player = [
    "numbers.js", "geometry.js", "scene.js", "camera.js", "stage.js", "arrows.js", "episode.js", "charts.js",
    "player.js",
  ]

  /// A page that plays an episode document.
  package static func replay(title: String, heading: String, subtitle: String, document: EpisodeDocument) -> String {
    filled(
      part("replay.html"),
      [
        "title": escaped(title), "heading": escaped(heading), "subtitle": escaped(subtitle), "style": part("page.css"),
        "player": part("player.html"), "document": embedded(document.json), "script": playerScript,
      ])
  }

  /// A page on which a robot is steered and pushed.
  ///
  /// - Parameter document: what `PlaySession` says of the robot.
  package static func play(robot: String, subtitle: String, document: JSON) -> String {
    let script = [
      "geometry.js", "scene.js", "camera.js", "stage.js", "arrows.js", "pick.js", "pilot.js", "gauges.js", "play.js",
    ]
    return filled(
      part("play.html"),
      [
        "title": escaped("\(robot) · play"), "heading": escaped(robot), "subtitle": escaped(subtitle),
        "style": part("page.css") + part("play.css"), "document": embedded(document),
        "script": script.map(part).joined(separator: "\n"),
      ])
  }

  package static var playerScript: String { player.map(part).joined(separator: "\n") }

  /// The part called `name`.
  package static func part(_ name: String) -> String {
    var count = 0
    guard let bytes = unsafe pages_find(name, &count) else {
      preconditionFailure("no part of a page is called \(name)")
    }
    return unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  /// `template` with `{{name}}` replaced by what `values` has for each name. What is put in is not looked at again.
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

  /// Text as it stands between tags and in attributes, of HTML and of XML, which has no place for most control characters.
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
