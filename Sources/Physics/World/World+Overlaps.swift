/// Two bodies, or a body and the ground, that overlap.
public struct Overlap: Sendable, Equatable {
  public let body: BodyID
  /// `nil` is the ground.
  public let other: BodyID?
  /// How deep, m.
  public let depth: Double
}

/// Finds overlaps without making contacts.
extension World {
  /// Every pair of bodies that may collide, and every body with the ground, that overlap now, with
  /// the depth of their deepest point.
  ///
  /// - Throws: `PhysicsError.engine` where the engine failed; the world is then of no further use.
  public mutating func overlaps() throws(PhysicsError) -> [Overlap] {
    preparePairs()
    var depths: [Overlap] = []
    func note(_ a: Int, _ b: Int?, _ depth: Double) {
      guard depth > 0 else { return }
      let (body, other) = (BodyID(index: a), b.map { BodyID(index: $0) })
      if let known = depths.firstIndex(where: { $0.body == body && $0.other == other }) {
        depths[known] = Overlap(body: body, other: other, depth: max(depth, depths[known].depth))
      } else {
        depths.append(Overlap(body: body, other: other, depth: depth))
      }
    }
    do throws(PhysicsError) {
      if let plane {
        for collider in colliders { note(collider.body, nil, try engine.depth(collider.geometry, plane)) }
      }
      for pair in pairs {
        let (a, b) = (colliders[pair.a], colliders[pair.b])
        note(a.body, b.body, try engine.depth(a.geometry, b.geometry))
      }
    } catch {
      isBroken = true
      fault = error
      throw error
    }
    return depths
  }
}
