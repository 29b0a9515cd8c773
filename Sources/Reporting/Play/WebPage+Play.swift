import Storage
import Training

extension WebPage {
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
}
