import Physics

/// The bodies of a file in its zero pose, in which every joint reads 0 as the file counts, in the axes of the root.
///
/// Joints that only tie, because they are locked, stand at the position they are locked at.
struct ZeroPose {
  /// Of each body, in the world.
  private(set) var frames: [Pose] = []
  /// Of each body, its joints that move.
  private(set) var joints: [[AssemblyJoint]] = []

  /// - Parameters:
  ///   - locked: positions of joints that do not move, by name.
  ///   - keepsRoot: whether the root's joints stand for its motion in the world, so that it stays as drawn.
  init(_ model: FileModel, locked: [String: Double], keepsRoot: Bool) {
    for (index, body) in model.bodies.enumerated() {
      var frame = (body.parent.map { frames[$0] } ?? .identity) * body.pose
      var moving: [AssemblyJoint] = []
      for joint in body.joints where !(index == 0 && keepsRoot) {
        let axis = frame.orientation.act(on: joint.axis)
        let anchor = frame.act(on: joint.anchor)
        let change = (locked[joint.name] ?? 0) - joint.drawnPosition
        switch joint.kind {
        case .slide: frame.position += change * axis
        case .hinge:
          let turn = Quaternion(angle: change, axis: axis)
          if change != 0 {
            frame = Pose(
              position: anchor + turn.act(on: frame.position - anchor), orientation: turn * frame.orientation)
          }
        }
        if locked[joint.name] == nil {
          moving.append(AssemblyJoint(joint, anchor: anchor, axis: axis))
        }
      }
      frames.append(frame)
      joints.append(moving)
    }
  }
}

/// A joint of a file in the zero pose, in the axes of the root.
struct AssemblyJoint {
  var name: String
  var kind: FileJoint.Kind
  /// m.
  var anchor: Vector3
  /// Unit vector.
  var axis: Vector3
  var range: ClosedRange<Double>?
  var dynamics: JointDynamics
  var effortLimit: Double?
  var velocityLimit: Double?
  var position: SourcePosition

  init(_ joint: FileJoint, anchor: Vector3, axis: Vector3) {
    name = joint.name
    kind = joint.kind
    // A slider's place along its axis is of no consequence.
    self.anchor = anchor
    self.axis = axis
    range = joint.range
    dynamics = joint.dynamics
    effortLimit = joint.effortLimit
    velocityLimit = joint.velocityLimit
    position = joint.position
  }
}
