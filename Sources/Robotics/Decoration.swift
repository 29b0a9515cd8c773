import Physics

/// A shape that is seen and has no other effect: it has no mass and touches nothing.
public struct Decoration: Sendable, Equatable {
  /// How it is colored.
  public enum Tone: Sendable {
    /// As the link that it is on.
    case link
    /// As joints are.
    case dark
    /// As what stands about a robot.
    case gray
    case light
  }

  public var shape: Shape
  /// In the frame of its link; for scenery in the world.
  public var pose: Pose
  public var tone: Tone

  /// - Parameters:
  ///   - center: where the shape's center is, m.
  ///   - along: the direction in which the shape's own z axis (the length of a capsule or a cylinder) points.
  public init(_ shape: Shape, center: Vector3, along: Vector3 = .unitZ, tone: Tone = .link) {
    self.shape = shape
    pose = Pose(position: center, orientation: Quaternion(from: .unitZ, to: along))
    self.tone = tone
  }

  package init(_ shape: Shape, pose: Pose, tone: Tone = .link) {
    self.shape = shape
    self.pose = pose
    self.tone = tone
  }

  /// Whether it has a place, a direction and a size.
  var isDrawable: Bool {
    let turn = pose.orientation
    let axes = [Vector3.unitX, .unitY, .unitZ]
    return pose.position.isFinite && turn.w.isFinite && turn.vector.isFinite && shape.boundingRadius.isFinite
      && axes.allSatisfy { shape.reach(along: $0) > 0 }
  }
}

extension Link {
  /// The link with shapes that are only seen, such as a head or a nose.
  public func decorated(_ decorations: Decoration...) -> Link { decorated(decorations) }

  /// The link with shapes that are only seen.
  public func decorated(_ decorations: [Decoration]) -> Link {
    var link = self
    link.decorations += decorations
    return link
  }
}

extension RobotModel {
  /// What shows on a wheel that it turns: a bar across its faces and its tread. A wheel is a shape about a hinge without
  /// stops: a cylinder or a capsule whose length lies along the axis, or a ball on it.
  func wheelMarks(of index: Int) -> [Decoration] {
    let link = links[index].link
    guard let joint = link.joint, joint.kind == .hinge, let axis = joint.axes.first, axis.range == nil else {
      return []
    }
    let direction = axis.direction.normalized
    return link.colliders.compactMap { collider in
      let offset = collider.pose.position
      guard (offset - offset.dot(direction) * direction).length < 1e-6 else { return nil }
      let own = collider.pose.orientation.act(on: .unitZ)
      let isAlong = abs(abs(own.dot(direction)) - 1) < 1e-6
      switch collider.shape {
      case .cylinder(let radius, let length) where isAlong:
        return Decoration(
          .box(size: [0.22 * radius, 2.02 * radius, 1.03 * length]), pose: collider.pose, tone: .dark)
      case .capsule(let radius, let length) where isAlong:
        return Decoration(.box(size: [0.22 * radius, 2.02 * radius, length]), pose: collider.pose, tone: .dark)
      case .sphere(let radius):
        let pose = Pose(position: offset, orientation: Quaternion(from: .unitZ, to: direction))
        return Decoration(.box(size: [0.22 * radius, 2.03 * radius, 0.22 * radius]), pose: pose, tone: .dark)
      default: return nil
      }
    }
  }
}
