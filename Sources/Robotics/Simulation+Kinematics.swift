import Physics

/// Where the robot would be if its axes stood somewhere: nothing here moves it.
extension Simulation {
  /// Pose of the root link in the zero pose.
  public var rootPose: Pose { Pose(position: model.links[0].origin) }

  /// Forward kinematics: where every link is when the root is at `pose` and the axes are at `positions`.
  mutating func computePoses(at pose: Pose, positions: [Double]) {
    for (index, flat) in model.links.enumerated() {
      let base = flat.parent.map { poses[$0] * Pose(position: flat.link.at) } ?? pose
      poses[index] = base * flat.displacement(positions)
    }
  }

  /// Where a link would be with the root at `pose` and the axes at `positions` (rad or m).
  public mutating func pose(of link: LinkID, at pose: Pose, positions: [Double]) -> Pose {
    guard has(positions, askedBy: "pose(of:at:positions:)"), has(link, askedBy: "pose(of:at:positions:)"),
      link.index < poses.count
    else { return .undefined }
    computePoses(at: pose, positions: positions)
    return poses[link.index]
  }

  /// The lowest point of all shapes above the plane z = 0, in meters, if the robot stood as the model's links do at
  /// `pose` and `positions`.
  public mutating func lowestPoint(at pose: Pose, positions: [Double]) -> Double {
    guard has(positions, askedBy: "lowestPoint(at:positions:)") else { return .nan }
    computePoses(at: pose, positions: positions)
    var lowest = Double.infinity
    for index in poses.indices { lowest = min(lowest, model.links[index].link.colliders.lowestPoint(at: poses[index])) }
    return lowest
  }

  /// Whether the robot would surely touch neither the ground nor itself with the root at `pose` and the axes at
  /// `positions`. A root that is fixed to the world may stand on the ground.
  ///
  /// Shapes count as clear of each other if a plane across the way between their centers parts them, so that some poses
  /// that would just fit are not found to.
  public mutating func isClear(at pose: Pose, positions: [Double]) -> Bool {
    guard has(positions, askedBy: "isClear(at:positions:)") else { return true }
    computePoses(at: pose, positions: positions)
    for index in poses.indices where index > 0 || model.isFloating {
      if physics.hasGround, model.links[index].link.colliders.lowestPoint(at: poses[index]) <= 0 { return false }
    }
    guard physics.collidesWithItself else { return true }
    for (second, flat) in model.links.enumerated() {
      for first in 0..<second where first != flat.parent && !model.ignores(first, second) {
        for a in model.links[first].link.colliders {
          for b in flat.link.colliders where a.touches(b) {
            if !a.isParted(at: poses[first], from: b, at: poses[second]) { return false }
          }
        }
      }
    }
    return true
  }

  private var physics: PhysicsSettings { model.physics }
}

extension Simulation {
  /// Places the robot as `place(at:velocity:positions:)` does, with every axis moving at its rate.
  ///
  /// - Parameters:
  ///   - positions: of all axes of the model, rad or m.
  ///   - rates: of all axes of the model, rad/s or m/s.
  package mutating func place(at pose: Pose, positions: [Double], rates: [Double]) {
    place(at: pose, positions: positions)
    // Central differences over so short a time are exact to ten digits.
    let span = 1e-5
    let moved = { (time: Double) in zip(positions, rates).map { $0 + time * $1 } }
    computePoses(at: pose, positions: moved(-span))
    let before = poses
    computePoses(at: pose, positions: moved(span))
    for index in poses.indices {
      let turn = poses[index].orientation * before[index].orientation.conjugate
      let link = LinkID(index: index)
      setMotion(
        of: link, self.pose(of: link), 0.5 / span * (poses[index].position - before[index].position),
        1 / span * turn.vector)
    }
  }
}

extension RobotModel.FlatLink {
  /// The orientation of the link's frame relative to its zero pose when the model's axes are at `positions`.
  func displacement(_ positions: [Double]) -> Pose {
    var result = Pose.identity
    for (axis, index) in zip(link.joint?.axes ?? [], axes) {
      let step =
        link.joint?.kind == .slider
        ? Pose(position: axis.direction * positions[index])
        : Pose(orientation: Quaternion(angle: positions[index], axis: axis.direction))
      result = result * step
    }
    return result
  }
}

extension Collider {
  /// Whether a plane across the way between the centers of two shapes, whose links lie at `frame` and `otherFrame`, has
  /// one on either side.
  fileprivate func isParted(at frame: Pose, from other: Collider, at otherFrame: Pose) -> Bool {
    let (mine, theirs) = (frame * pose, otherFrame * other.pose)
    let way = theirs.position - mine.position
    return shape.reach(along: mine.orientation.conjugate.act(on: way))
      + other.shape.reach(along: theirs.orientation.conjugate.act(on: way)) < way.dot(way)
  }
}
