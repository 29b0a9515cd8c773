/// Finding contacts.
extension World {
  /// How far apart, m or as a share of the distance, two shapes must be for the engine not to be asked: far above its
  /// rounding, so that it could not have found a contact.
  private static let clearance = 1e-9

  /// Lists the geometries that may meet the ground and the pairs of those that may meet each other, in a fixed order.
  mutating func preparePairs() {
    groundColliders.removeAll()
    pairs.removeAll()
    for a in colliders.indices {
      let definition = colliders[a].definition
      if let ground, definition.touches(ground) { groundColliders.append(a) }
      for b in colliders.indices where b > a && definition.touches(colliders[b].definition) {
        let (first, second) = (colliders[a].body, colliders[b].body)
        guard first != second, !separated.contains(BodyPair(first, second)) else { continue }
        let reach = colliders[a].boundingRadius + colliders[b].boundingRadius
        pairs.append(
          ColliderPair(
            a: a, b: b, reachSquared: reach * reach,
            friction: definition.friction * colliders[b].definition.friction))
      }
    }
  }

  /// Makes the contacts of the next substep: each geometry with the ground, then the pairs, always in the same order.
  ///
  /// No ODE space is used: its order of pairs depends on which bodies moved before.
  ///
  /// - Parameter slot: the bit of ``groundContacts(of:)`` that stands for the substep.
  mutating func collide(slot: Int) throws(PhysicsError) {
    Self.forgetContacts(&bodies)
    Self.locate(colliders, &centers)
    try collideWithGround(slot: slot)
    for index in pairs.indices {
      let (a, b) = (pairs[index].a, pairs[index].b)
      let way = centers[a] - centers[b]
      let distanceSquared = way.dot(way)
      if distanceSquared > pairs[index].reachSquared { continue }
      // A plane across the way between the centers parts the shapes if they do not reach it.
      if colliders[a].reach(along: way) + colliders[b].reach(along: way) < distanceSquared * (1 - World.clearance) {
        continue
      }
      surface.friction = pairs[index].friction
      if try engine.collide(
        colliders[a].geometry, colliders[b].geometry, surface: &surface, substep: settings.substep,
        deepest: &stepErrors.penetration) > 0
      {
        bodies[colliders[a].body].touchesBody = true
        bodies[colliders[b].body].touchesBody = true
      }
    }
  }

  // Static, so that one look at the array's storage serves for all elements.

  private static func forgetContacts(_ bodies: inout [BodyData]) {
    var bodies = bodies.mutableSpan
    for index in bodies.indices {
      bodies[index].onGround = false
      bodies[index].touchesBody = false
    }
  }

  /// Looks where the centers of all shapes are.
  private static func locate(_ colliders: [ColliderData], _ centers: inout [Vector3]) {
    var centers = centers.mutableSpan
    for index in colliders.indices {
      let body = colliders[index].engine
      centers[index] = body.position + body.rotation.act(on: colliders[index].center)
    }
  }

  private mutating func collideWithGround(slot: Int) throws(PhysicsError) {
    guard let plane, let ground else { return }
    for index in groundColliders {
      let height = centers[index].z - ground.height
      if height > colliders[index].boundingRadius { continue }
      if height > colliders[index].reach(along: .unitZ) + World.clearance { continue }
      surface.friction = colliders[index].definition.friction * ground.friction
      let body = colliders[index].body
      if try engine.collide(
        colliders[index].geometry, plane, surface: &surface, substep: settings.substep,
        deepest: &stepErrors.penetration) > 0,
        !bodies[body].onGround
      {
        bodies[body].onGround = true
        bodies[body].groundContacts |= 1 << UInt64(slot)
      }
    }
  }
}

extension ColliderData {
  /// How far the shape reaches from its center along a direction of the world, m, times the direction's length.
  @inline(__always)
  fileprivate func reach(along direction: Vector3) -> Double {
    definition.shape.reach(along: rotation.inverseAct(on: engine.rotation.inverseAct(on: direction)))
  }
}
