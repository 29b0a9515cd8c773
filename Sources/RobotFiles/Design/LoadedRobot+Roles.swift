import Physics
import Robotics

/// Which links walk, and which one reaches.
extension LoadedRobot {
  /// The limbs to stand on: those that the options name, or those found.
  static func legs(
    of limbs: Limbs, _ assembly: Assembly, _ model: RobotModel, _ options: RobotFileOptions
  ) throws -> [Limbs.Limb] {
    guard let patterns = options.feet else { return assembly.base == .fixed ? [] : limbs.legs }
    let ends = model.links.indices.filter { index in
      let link = model.links[index].link
      return patterns.contains { pattern in
        pattern.matches(link.name) || link.parts.contains { pattern.matches($0.name) }
      }
    }
    let legs = Limbs.withoutShared(limbs.all.filter { ends.contains($0.end) })
    guard !legs.isEmpty else {
      throw RobotFileError(
        "'feet' matches none of the links at the ends: \(limbs.all.map { model.linkNames[$0.end] }.joined(separator: ", "))",
        at: assembly.position)
    }
    return legs
  }

  /// The end of the longest chain of axes, or what the options name, and the point of it that is farthest from its joint.
  static func hand(
    _ limbs: Limbs, _ model: RobotModel, _ options: RobotFileOptions
  ) -> (link: String, tip: Vector3)? {
    if let pattern = options.hand {
      for flat in model.links {
        if pattern.matches(flat.link.name) { return (flat.link.name, tip(of: flat.link)) }
        if let part = flat.link.parts.first(where: { pattern.matches($0.name) }) {
          return (flat.link.name, part.pose.position)
        }
      }
      return nil
    }
    let longest = limbs.all.map(\.axes.count).max()
    guard let limb = limbs.all.first(where: { $0.axes.count == longest }) else { return nil }
    let link = model.links[limb.end].link
    return (link.name, tip(of: link))
  }

  /// The part of a link that is farthest from its joint; without parts the far end of its shapes.
  private static func tip(of link: Link) -> Vector3 {
    let places = link.parts.map(\.pose.position)
    if let farthest = places.max(by: { $0.length < $1.length }), farthest.length > 1e-6 { return farthest }
    guard let shape = link.colliders.max(by: { $0.pose.position.length < $1.pose.position.length }) else {
      return .zero
    }
    let way = shape.pose.position
    guard way.length > 1e-6 else { return way }
    let direction = way.normalized
    return way + direction * shape.shape.reach(along: shape.pose.orientation.conjugate.act(on: direction))
  }
}
