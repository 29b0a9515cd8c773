import Physics

extension Simulation {
  /// Puts all links and props where those of another simulation of the robot are, or where these are seen in a mirror that
  /// swaps left and right, with their velocities. What went before is forgotten.
  ///
  /// The mirror is the plane y = 0; of a robot that is fixed to the world, the parallel one through its root's origin.
  ///
  /// - Parameters:
  ///   - places: for each link and prop, the one that takes its place; nil for no mirror.
  ///   - actions: for each component of the action, the one that takes its place.
  mutating func place(
    as other: borrowing Simulation, mirroredBy places: [Int]?, actions: [(index: Int, sign: Float)]
  ) {
    let middle = model.isFloating ? 0 : rootPose.position.y
    let count = model.links.count + model.props.count
    for index in 0..<count {
      let link = LinkID(index: places?[index] ?? index)
      let from = LinkID(index: index)
      let (pose, velocity, spin) = (other.pose(of: from), other.velocity(of: from), other.angularVelocity(of: from))
      if places == nil {
        setMotion(of: link, pose, velocity, spin)
      } else {
        var image = pose.mirrored
        image.position.y += 2 * middle
        setMotion(of: link, image, velocity.mirrored, spin.mirroredAxially)
      }
    }
    difficulty = other.difficulty
    forget(carryingOut: actions.map { $0.sign * other.action[$0.index] })
  }
}

extension RobotModel {
  /// For each link and then each prop, the one on its other side; nil if one lacks it.
  package var mirroredBodies: [Int]? {
    let places = links.indices.map { mirroredLink($0) }
    guard places.allSatisfy({ $0 != nil }) else { return nil }
    let props = propNames.enumerated().map { index, name in
      links.count + (propNames.firstIndex(of: Self.otherSide(of: name)) ?? index)
    }
    return places.compactMap { $0 } + props
  }
}
