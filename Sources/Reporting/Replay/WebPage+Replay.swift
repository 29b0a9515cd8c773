extension WebPage {
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

  package static var playerScript: String { player.map(part).joined(separator: "\n") }
}
