/// Finding contacts.
extension World {
  /// Lists the pairs of geometries that may meet, in a fixed order.
  mutating func preparePairs() {
    pairs.removeAll()
    for a in colliders.indices where colliders[a].collides {
      for b in colliders.indices where b > a && colliders[b].collides {
        let (first, second) = (colliders[a].body, colliders[b].body)
        guard first != second, !separated.contains(BodyPair(first, second)) else { continue }
        let reach = colliders[a].boundingRadius + colliders[b].boundingRadius
        pairs.append(
          ColliderPair(
            a: a, b: b, reachSquared: reach * reach, friction: colliders[a].friction * colliders[b].friction))
      }
    }
  }

  /// Makes the contacts of the next substep: each geometry with the ground, then the pairs, always in the same order.
  ///
  /// No ODE space is used: its order of pairs depends on which bodies moved before.
  mutating func collide(substep: Int) throws(PhysicsError) {
    for index in bodies.indices {
      bodies[index].onGround = false
      bodies[index].touchesBody = false
    }
    for index in colliders.indices {
      let body = bodies[colliders[index].body].engine
      colliders[index].worldCenter = body.position + body.rotation.act(on: colliders[index].center)
    }
    try collideWithGround(substep: substep)
    for pair in pairs {
      let distance = colliders[pair.a].worldCenter - colliders[pair.b].worldCenter
      if distance.dot(distance) > pair.reachSquared { continue }
      surface.friction = pair.friction
      let count = try engine.collide(colliders[pair.a].geometry, colliders[pair.b].geometry, surface: &surface)
      if count > 0 {
        bodies[colliders[pair.a].body].touchesBody = true
        bodies[colliders[pair.b].body].touchesBody = true
      }
    }
  }

  private mutating func collideWithGround(substep: Int) throws(PhysicsError) {
    guard let plane, let ground else { return }
    var isUnexpected = false
    for index in colliders.indices {
      let collider = colliders[index]
      if collider.worldCenter.z - collider.boundingRadius > ground.height { continue }
      surface.friction = collider.friction * ground.friction
      if try engine.collide(collider.geometry, plane, surface: &surface) > 0, !bodies[collider.body].onGround {
        bodies[collider.body].onGround = true
        bodies[collider.body].groundContacts |= 1 << UInt64(min(substep, 63))
        if !bodies[collider.body].expectsGround { isUnexpected = true }
      }
    }
    if isUnexpected { unexpectedGroundSubsteps += 1 }
  }
}
