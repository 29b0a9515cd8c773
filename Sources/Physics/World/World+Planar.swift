/// Robots that move in a plane.
extension World {
  /// A plane of the world.
  public enum Plane: Sendable, Equatable {
    /// x and z: the side view, in which robots that walk along x stand.
    case xz
    /// y and z.
    case yz
    /// x and y.
    case xy

    var normal: Vector3 {
      switch self {
      case .xz: .unitY
      case .yz: .unitX
      case .xy: .unitZ
      }
    }
  }

  /// Holds a body, and all that joints connect to it, in the plane in which it is built; there it moves freely and turns
  /// about the normal. Joints of such a robot turn about the normal, or slide across it.
  ///
  /// Three rows of the solver hold the body itself. What the solver's tolerance leaves is taken away at the end of each
  /// step, so that nothing ever drifts or tilts. From now on friction acts within the plane only, in the whole world.
  ///
  /// - Throws: `PhysicsError.invalidDefinition` once bodies have moved.
  public mutating func constrain(_ body: BodyID, to plane: Plane) throws(PhysicsError) {
    guard !hasMoved else {
      throw .invalidDefinition("body '\(bodyNames[body.index])' can only be held in a plane before any body has moved")
    }
    let normal = plane.normal
    let (u, v) = normal.perpendiculars
    let rows = try engine.makePlanarRows(bodies[body.index].engine, normal: normal, u: u, v: v)
    planarRoots.append(PlanarRoot(body: body.index, rows: rows, normal: normal, u: u, v: v))
    surface.planar = 1
    surface.plane_normal = (normal.x, normal.y, normal.z)
    isPrepared = false
  }

  /// Lists the bodies that planar roots carry.
  mutating func preparePlanarBodies() {
    planarBodies = planarRoots.map { PlanarBody(body: $0.body, normal: $0.normal) }
    var next = 0
    while next < planarBodies.count {
      let current = planarBodies[next]
      for joint in joints {
        guard joint.child == current.body || joint.parent == current.body,
          let neighbor = joint.child == current.body ? joint.parent : joint.child,
          !planarBodies.contains(where: { $0.body == neighbor })
        else { continue }
        planarBodies.append(PlanarBody(body: neighbor, normal: current.normal))
      }
      next += 1
    }
  }

  /// Aims the rows at what brings the roots back into their planes within the next substeps.
  func correctPlanarRoots() throws(PhysicsError) {
    let rate = settings.erp / settings.substep
    for index in planarRoots.indices {
      let root = planarRoots[index]
      let body = bodies[root.body]
      let error = (body.engine.position - body.zeroCenter).dot(root.normal)
      // The rotation vector, for small angles, from where the normal has tilted to where it belongs.
      let local = body.zeroOrientation.conjugate.act(on: root.normal)
      let tilt = body.engine.rotation.act(on: local).cross(root.normal)
      try engine.set(
        root.rows, alongNormal: -rate * error, aboutU: rate * tilt.dot(root.u), aboutV: rate * tilt.dot(root.v))
    }
  }

  /// Removes from planar bodies all that lies out of the plane: offset, tilt, velocity and spin.
  mutating func projectPlanarBodies() {
    areAxesCurrent = false
    for planar in planarBodies {
      let data = bodies[planar.body]
      let body = data.engine
      let normal = planar.normal
      body.setVelocity(
        linear: body.linearVelocity - body.linearVelocity.dot(normal) * normal,
        angular: body.angularVelocity.dot(normal) * normal)
      // The turn about the normal alone is the part of the whole turn that lies along it.
      let turn = body.quaternion * data.zeroOrientation.conjugate
      let along = turn.vector.dot(normal) * normal
      let twist = Quaternion(w: turn.w, x: along.x, y: along.y, z: along.z)
      // Upside down about another axis there is no such part, and no plane either.
      guard twist.norm > 1e-3 else {
        invalidate("body '\(bodyNames[planar.body])' has left its plane")
        return
      }
      let orientation = (twist.normalized * data.zeroOrientation).normalized
      let position = body.position
      body.setPose(
        position: position + (data.zeroCenter - position).dot(normal) * normal, quaternion: orientation,
        rotation: Matrix3(orientation))
    }
  }
}
