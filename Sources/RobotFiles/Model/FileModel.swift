import Physics

/// A robot as its file describes it, whatever the format: bodies in frames of their own, nothing yet in the framework's
/// conventions.
package struct FileModel: Sendable {
  package var name: String
  /// Parents before children, depth first, in the order of the file.
  package var bodies: [FileBody] = []
  package var actuators: [FileActuator] = []
  /// Joints that follow others.
  package var couplings: [FileCoupling] = []
  /// Pairs of indices of `bodies` that never touch each other.
  package var excludedPairs: [(Int, Int)] = []
  /// The plane that the file declares in the world, if it does.
  package var ground: FileGround?
  /// m/s²; nil where the file says nothing.
  package var gravity: Vector3?
  /// Joint positions and the root's pose to start from; nil where the file says nothing.
  package var keyframe: FileKeyframe?
  /// Whether the format says how the root moves and how actuators work, as MJCF does; URDF leaves both open.
  package var saysBase = false
  package var warnings: [RobotFileWarning] = []
  /// Where the robot's element begins.
  package var position: SourcePosition

  package init(name: String, position: SourcePosition) {
    self.name = name
    self.position = position
  }
}

/// A body (a link) of a file.
package struct FileBody: Sendable {
  package var name: String
  /// Index in `FileModel.bodies`; nil for the world.
  package var parent: Int?
  /// In the parent's frame, in the pose that the file draws.
  package var pose: Pose
  /// What moves it against its parent, the first next to the parent. None: tied to the parent.
  package var joints: [FileJoint] = []
  /// Whether it moves freely against the world; only where `parent` is nil.
  package var isFree = false
  /// Mass, center and inertia in the body's frame; nil where the file gives none. Not yet known to be possible.
  package var inertial: FileInertial?
  package var colliders: [FileShape] = []
  /// Shapes that are only seen.
  package var visuals: [FileShape] = []
  package var position: SourcePosition

  package init(name: String, parent: Int?, pose: Pose, position: SourcePosition) {
    self.name = name
    self.parent = parent
    self.pose = pose
    self.position = position
  }
}

/// Mass and inertia as a file gives them; the numbers may be impossible.
package struct FileInertial: Sendable {
  /// kg.
  package var mass: Double
  /// In the body's frame, m.
  package var center: Vector3
  /// About the center, in axes parallel to the body's frame, kg·m².
  package var inertia: Inertia
  package var position: SourcePosition

  package init(mass: Double, center: Vector3, inertia: Inertia, position: SourcePosition) {
    self.mass = mass
    self.center = center
    self.inertia = inertia
    self.position = position
  }
}

/// One degree of freedom of a body against its parent.
package struct FileJoint: Sendable {
  package enum Kind: Sendable { case hinge, slide }

  package var name: String
  package var kind: Kind
  /// Where it sits, in the body's frame as drawn, m.
  package var anchor: Vector3
  /// Unit vector in the body's frame as drawn.
  package var axis: Vector3
  /// Stops, rad or m, as the file counts; nil for none. May not contain 0.
  package var range: ClosedRange<Double>?
  /// Its position, as the file counts, in the pose that the file draws (MJCF's `ref`).
  package var drawnPosition = 0.0
  /// Rest counted as the joint's position.
  package var dynamics = JointDynamics()
  /// The greatest effort of what drives it, N·m or N; nil where the file says nothing.
  package var effortLimit: Double?
  /// rad/s or m/s; nil where the file says nothing.
  package var velocityLimit: Double?
  package var position: SourcePosition

  package init(name: String, kind: Kind, anchor: Vector3, axis: Vector3, position: SourcePosition) {
    self.name = name
    self.kind = kind
    self.anchor = anchor
    self.axis = axis
    self.position = position
  }
}

/// A shape of a body.
package struct FileShape: Sendable {
  package var shape: Shape
  /// In the body's frame.
  package var pose: Pose
  package var friction = 1.0
  /// Two shapes touch where one's category and the other's mask share a bit.
  package var category: UInt32 = 1
  package var mask: UInt32 = 1
  /// What the shape was fitted to; nil where the file gives the shape itself.
  package var fit: MeshFit?

  package init(_ shape: Shape, pose: Pose) {
    self.shape = shape
    self.pose = pose
  }
}

/// How well a primitive stands for a mesh.
package struct MeshFit: Sendable, Equatable {
  package var file: String
  /// Volume of the primitive as a multiple of that of the mesh's convex hull, or, where the mesh is as good as flat, of that
  /// of the smallest box around it.
  package var volumeRatio: Double

  package init(file: String, volumeRatio: Double) {
    self.file = file
    self.volumeRatio = volumeRatio
  }
}

/// A motor or servo of a file at one joint.
package struct FileActuator: Sendable {
  package enum Law: Sendable, Equatable {
    /// Effort in proportion to the control, up to `limit`, N·m or N.
    case torque(limit: Double)
    /// A spring and a damper towards a commanded position. `targets` are the positions that can be commanded, in the joint's
    /// units, nil for those within its stops.
    case position(stiffness: Double, damping: Damping, limit: Double, targets: ClosedRange<Double>?)
    /// Effort `gain` · (target − velocity), up to `limit`; targets up to `speed`.
    case velocity(gain: Double, limit: Double, speed: Double)
  }

  package enum Damping: Sendable, Equatable {
    /// N·m·s/rad or N·s/m.
    case given(Double)
    /// A share of the critical damping of the stiffness and the inertia that the joint moves in the drawn pose.
    case ratio(Double)
  }

  package var name: String
  /// Name of the joint that it drives.
  package var joint: String
  package var law: Law
  package var position: SourcePosition

  package init(name: String, joint: String, law: Law, position: SourcePosition) {
    self.name = name
    self.joint = joint
    self.law = law
    self.position = position
  }
}

/// A joint whose position is a linear function of another's: `multiplier` · leader + `offset`.
package struct FileCoupling: Sendable {
  package var follower: String
  package var leader: String
  package var multiplier: Double
  package var offset: Double
  package var position: SourcePosition

  package init(follower: String, leader: String, multiplier: Double, offset: Double, position: SourcePosition) {
    self.follower = follower
    self.leader = leader
    self.multiplier = multiplier
    self.offset = offset
    self.position = position
  }
}

/// A horizontal plane in the world of a file.
package struct FileGround: Sendable {
  /// m.
  package var height: Double
  package var friction: Double
  package var category: UInt32
  package var mask: UInt32

  package init(height: Double, friction: Double, category: UInt32, mask: UInt32) {
    self.height = height
    self.friction = friction
    self.category = category
    self.mask = mask
  }
}

/// A pose to start from that a file gives.
package struct FileKeyframe: Sendable {
  package var name: String
  /// Of a free root, in the world; nil where the root does not move freely.
  package var root: Pose?
  /// Joint positions by name, as the file counts, rad or m.
  package var positions: [String: Double]

  package init(name: String, root: Pose?, positions: [String: Double]) {
    self.name = name
    self.root = root
    self.positions = positions
  }
}

extension FileModel {
  /// The greatest effort of what drives a joint, N·m or N; nil where nothing does or it is not known.
  func effortLimit(of joint: String) -> Double? {
    guard let actuator = actuators.first(where: { $0.joint == joint }) else { return nil }
    let limit =
      switch actuator.law {
      case .torque(let limit), .position(_, _, let limit, _), .velocity(_, let limit, _): limit
      }
    return limit.isFinite ? limit : nil
  }
}
