import Environments
import Physics
import Robotics

/// Whether a robot that has a left and a right by name is the same on both sides, so that it can learn from its mirror
/// image.
enum MirrorCheck {
  /// Differences that may be rounding: relative to the larger figure, and to the robot's meters and kilograms.
  static let tolerance = 1e-6

  /// - Parameter symmetry: the env's.
  static func findings(of model: RobotModel, symmetry: Symmetry?) -> [Finding] {
    let names = model.linkNames + model.axes.map(\.name)
    guard names.contains(where: { RobotModel.otherSide(of: $0) != $0 }) else { return [] }
    let findings = axisFindings(model) + linkFindings(model)
    guard findings.isEmpty, symmetry == nil else { return findings }
    return [
      Finding(
        id: "mirror_unsaid", severity: .note,
        sentence: "the robot is its own mirror image, but its task does not say how all observations are mirrored",
        hint: "give mirroring: to each cursor.write, so that samples can be mirrored")
    ]
  }

  private static func axisFindings(_ model: RobotModel) -> [Finding] {
    guard model.mirroredAxes() == nil else { return [] }
    return model.axes.enumerated().compactMap { i, axis in
      let wanted = RobotModel.otherSide(of: axis.name)
      guard let other = model.axes.firstIndex(where: { $0.name == wanted }) else {
        return lopsided("axis '\(axis.name)'", "there is no axis '\(wanted)'")
      }
      // Each pair once, from its left.
      guard i <= other, let why = difference(axis, model.axes[other], model.isSliding(axis: i)) else { return nil }
      return lopsided(i == other ? "axis '\(axis.name)'" : "axes \(list([axis.name, wanted]))", why)
    }
  }

  private static func difference(_ a: Axis, _ b: Axis, _ isSliding: Bool) -> String? {
    let seen = a.direction * [1, -1, 1]
    guard b.direction == seen || b.direction == -seen else {
      return "their directions, \(text(a.direction)) and \(text(b.direction)), are no mirror images"
    }
    let sign = (b.direction == seen) == isSliding ? 1.0 : -1.0
    let (lower, upper) = (a.range?.lowerBound ?? -.infinity, a.range?.upperBound ?? .infinity)
    let stops = sign > 0 ? (lower, upper) : (-upper, -lower)
    let theirs = (b.range?.lowerBound ?? -.infinity, b.range?.upperBound ?? .infinity)
    if stops != theirs {
      return
        "seen in the mirror, stops at \(figure(stops.0)) and \(figure(stops.1)) meet stops at \(figure(theirs.0)) and "
        + figure(theirs.1)
    }
    if b.neutral != sign * a.neutral {
      return "seen in the mirror, a neutral position of \(figure(sign * a.neutral)) meets one of \(figure(b.neutral))"
    }
    var dynamics = a.dynamics
    dynamics.rest *= sign
    if dynamics != b.dynamics { return "their frictions, springs or rotors differ" }
    return a.actuator == b.actuator ? nil : "their actuators differ"
  }

  private static func linkFindings(_ model: RobotModel) -> [Finding] {
    let names = model.linkNames
    return model.links.enumerated().compactMap { i, flat in
      guard let other = model.mirroredLink(i) else {
        let wanted = RobotModel.otherSide(of: flat.link.name)
        return lopsided(
          "link '\(flat.link.name)'",
          wanted == flat.link.name ? "no link is in the mirrored place" : "there is no link '\(wanted)'")
      }
      let wanted = names[other]
      guard i <= other, let why = difference(flat, model.links[other], around: model.links[0].origin.y) else {
        return nil
      }
      return lopsided(i == other ? "link '\(flat.link.name)'" : "links \(list([flat.link.name, wanted]))", why)
    }
  }

  private static func difference(
    _ a: RobotModel.FlatLink, _ b: RobotModel.FlatLink, around middle: Double
  ) -> String? {
    let mirror: Vector3 = [1, -1, 1]
    func differ(_ a: Double, _ b: Double) -> Bool { abs(a - b) > tolerance * max(1e-3, abs(a), abs(b)) }
    func differ(_ a: Vector3, _ b: Vector3) -> Bool { (a - b).length > tolerance * max(1, a.length, b.length) }
    if differ(a.mass.mass, b.mass.mass) { return "masses are \(figure(a.mass.mass)) and \(figure(b.mass.mass)) kg" }
    if differ((a.origin - [0, middle, 0]) * mirror, b.origin - [0, middle, 0]) {
      return "seen in the mirror, a joint at \(text(a.origin * mirror)) m meets one at \(text(b.origin)) m"
    }
    if differ(a.mass.centerOfMass * mirror, b.mass.centerOfMass) { return "their centers of mass are no mirror images" }
    let (i, j) = (a.mass.inertia, b.mass.inertia)
    // Products with y change sign.
    if differ(i.diagonal, j.diagonal) || differ(i.offDiagonal * [-1, 1, -1], j.offDiagonal) {
      return "their inertias are no mirror images"
    }
    let touching = { (flat: RobotModel.FlatLink) in
      flat.link.colliders.map { "\($0.friction) \($0.collides) \($0.category) \($0.mask)" }.sorted()
    }
    if touching(a) != touching(b) { return "their colliders' frictions, or what they collide with, differ" }
    let directions: [Vector3] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 2, 3], [3, 1, -2], [-2, 3, 1]]
    for way in directions + directions.map({ -1 * $0 }) where differ(reach(a, way), reach(b, way * mirror)) {
      return "their shapes are no mirror images"
    }
    return nil
  }

  /// How far a link's shapes reach along a direction from its origin, m times the direction's length.
  private static func reach(_ flat: RobotModel.FlatLink, _ way: Vector3) -> Double {
    flat.link.colliders.reduce(-.infinity) { farthest, collider in
      max(
        farthest,
        collider.pose.position.dot(way) + collider.shape.reach(along: collider.pose.orientation.conjugate.act(on: way)))
    }
  }

  private static func text(_ v: Vector3) -> String { "[\(figure(v.x)), \(figure(v.y)), \(figure(v.z))]" }

  private static func lopsided(_ place: String, _ why: String) -> Finding {
    Finding(
      id: "lopsided", severity: .warning, place: place, sentence: "left and right differ: \(why)",
      hint: "declare both sides by one function of the side, or leave 'left' and 'right' out of the names")
  }
}
