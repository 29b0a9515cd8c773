import Physics

/// A rigid part of a robot with its joint and its child links, or a prop: a tree of values.
///
/// A link's frame is parallel to its parent's in the zero pose, and its origin is where its joint sits.
public struct Link: Sendable {
  public var name: String
  /// Shapes in the link's frame, for contact and, where `mass` asks for it, for inertia.
  public var colliders: [Collider]
  public var mass: Mass
  /// Origin of the link's frame in the parent's frame, in meters. For the root and for props: in the world, in the zero
  /// pose.
  public var at: Vector3
  /// The joint to the link's parent; for the root, to the world. A root without a joint floats.
  public var joint: Joint?
  public var children: [Link]
  /// Shapes that are only seen, in the link's frame.
  public var decorations: [Decoration] = []
  /// Parts of the link that have names of their own, such as a foot at the end of a shank, with their frames in the link's.
  public var parts: [Part] = []

  /// A named part of a link.
  public struct Part: Sendable, Equatable {
    public var name: String
    /// In the link's frame.
    public var pose: Pose

    public init(_ name: String, at pose: Pose = .identity) {
      self.name = name
      self.pose = pose
    }
  }

  /// How a link's mass and inertia are given.
  public enum Mass: Sendable {
    /// The total mass, kg, with a uniform density.
    case total(Double)
    /// Kilograms per cubic meter of the shapes.
    case density(Double)
    /// Given explicitly, in the link's frame.
    case explicit(MassProperties)
  }

  /// A link of one shape, `mass` kilograms in all.
  ///
  /// - Parameters:
  ///   - center: where the shape's center lies in the link's frame, m.
  ///   - along: the direction in the link's frame in which the shape's own z axis (the length of a capsule or a
  ///     cylinder) points.
  ///   - collides: whether the shape touches anything; its mass counts in any case.
  public init(
    _ name: String, _ shape: Shape, mass: Double, center: Vector3 = .zero, along: Vector3 = .unitZ,
    friction: Double = 1, collides: Bool = true, at: Vector3 = .zero, joint: Joint? = nil,
    @LinkBuilder children: () -> [Link] = { [] }
  ) {
    self.init(
      name, [Collider(shape, center: center, along: along, friction: friction, collides: collides)],
      mass: .total(mass), at: at, joint: joint, children: children)
  }

  /// A link of any number of shapes.
  public init(
    _ name: String, _ colliders: [Collider], mass: Mass, at: Vector3 = .zero, joint: Joint? = nil,
    @LinkBuilder children: () -> [Link] = { [] }
  ) {
    self.name = name
    self.colliders = colliders
    self.mass = mass
    self.at = at
    self.joint = joint
    self.children = children()
  }
}

/// Lets links be listed in a block, with loops and conditions.
@resultBuilder
public enum LinkBuilder {
  public static func buildExpression(_ link: Link) -> [Link] { [link] }
  public static func buildBlock(_ parts: [Link]...) -> [Link] { parts.flatMap { $0 } }
  public static func buildArray(_ parts: [[Link]]) -> [Link] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [Link]?) -> [Link] { part ?? [] }
  public static func buildEither(first part: [Link]) -> [Link] { part }
  public static func buildEither(second part: [Link]) -> [Link] { part }
}

/// How a link moves against its parent.
public struct Joint: Sendable {
  public var kind: JointDefinition.Kind
  /// One for a hinge or slider, two for a universal joint (the first is fixed in the parent), none otherwise.
  public var axes: [Axis]

  public static let fixed = Joint(kind: .fixed, axes: [])
  public static let ball = Joint(kind: .ball, axes: [])
  public static func hinge(_ axis: Axis) -> Joint { Joint(kind: .hinge, axes: [axis]) }
  public static func slider(_ axis: Axis) -> Joint { Joint(kind: .slider, axes: [axis]) }

  /// Two crossing axes, perpendicular in the zero pose, with no body in between.
  public static func universal(_ first: Axis, _ second: Axis) -> Joint {
    Joint(kind: .universal, axes: [first, second])
  }
}

/// One degree of freedom of a joint and what drives it.
public struct Axis: Sendable {
  public var name: String
  /// Unit vector in the parent's frame, in the zero pose. Positive angles turn the link about it by the right hand.
  public var direction: Vector3
  /// Where the stops are, in radians or meters; `nil` for none. Those of a turning axis may be up to 6.2 rad apart.
  public var range: ClosedRange<Double>?
  /// The default position, in radians or meters: where episodes start and what an action of zero commands.
  public var neutral: Double
  /// Friction, a spring and a rotor's inertia, whether driven or not.
  public var dynamics: JointDynamics
  public var actuator: Actuator?

  public init(
    _ name: String, _ direction: Vector3, range: ClosedRange<Double>? = nil, neutral: Double = 0,
    dynamics: JointDynamics = JointDynamics(), actuator: Actuator? = nil
  ) {
    self.name = name
    self.direction = direction
    self.range = range
    self.neutral = neutral
    self.dynamics = dynamics
    self.actuator = actuator
  }

  /// An axis whose stops and default position are given in degrees.
  public init(
    _ name: String, _ direction: Vector3, degrees: ClosedRange<Double>, neutral: Double = 0,
    dynamics: JointDynamics = JointDynamics(), actuator: Actuator? = nil
  ) {
    let unit = Double.pi / 180
    self.init(
      name, direction, range: degrees.lowerBound * unit...degrees.upperBound * unit, neutral: neutral * unit,
      dynamics: dynamics, actuator: actuator)
  }
}

extension Axis {
  /// Its position in the pose in which the simulation builds the robot, rad or m: 0 unless a stop is too far from there for
  /// the engine, which wraps angles.
  var start: Double {
    guard let range, max(abs(range.lowerBound), abs(range.upperBound)) > JointAxis.maximumAngle else { return 0 }
    return (range.lowerBound + range.upperBound) / 2
  }
}

/// What turns an action in −1…1 into effort at an axis.
public struct Actuator: Sendable, Equatable {
  public var drive: Drive
  /// The change of the target by an action of 1: radians or meters (position), rad/s or m/s (velocity),
  /// N·m or N (torque).
  public var scale: Double
  /// The speed of the axis at which the motor gives no more torque, rad/s or m/s: what speeds it up falls from its limit
  /// at a standstill in a straight line to none there. Infinite, as by default, for the same torque at every speed.
  public var speedLimit = Double.infinity

  /// A spring and a damper towards a commanded position, within a torque limit.
  ///
  /// - Parameters:
  ///   - stiffness: N·m/rad (or N/m).
  ///   - damping: N·m·s/rad (or N·s/m).
  ///   - limit: the greatest effort, N·m (or N).
  ///   - reach: how far from the neutral an action of 1 moves the target, rad (or m).
  ///   - form: how the law is integrated; see `Drive`.
  ///   - speedLimit: see `speedLimit`.
  public static func position(
    stiffness: Double, damping: Double, limit: Double, reach: Double, form: Drive.Form = .explicit,
    speedLimit: Double = .infinity
  ) -> Actuator {
    Actuator(
      drive: .position(stiffness: stiffness, damping: damping, maxTorque: limit, form: form), scale: reach,
      speedLimit: speedLimit)
  }

  /// Effort proportional to the action; friction in the bearing is the axis' own.
  ///
  /// - Parameters:
  ///   - limit: the greatest effort, N·m (or N).
  ///   - speedLimit: see `speedLimit`.
  public static func torque(limit: Double, speedLimit: Double = .infinity) -> Actuator {
    Actuator(drive: .torque(maxTorque: limit), scale: limit, speedLimit: speedLimit)
  }

  /// A commanded speed of up to `speed` (rad/s or m/s) within an effort of `limit` (N·m or N).
  ///
  /// - Parameters:
  ///   - gain: effort per deviation from that speed, N·m·s/rad (or N·s/m).
  ///   - speedLimit: see `speedLimit`.
  public static func velocity(
    gain: Double = .infinity, limit: Double, speed: Double, speedLimit: Double = .infinity
  ) -> Actuator {
    Actuator(drive: .velocity(gain: gain, maxTorque: limit), scale: speed, speedLimit: speedLimit)
  }
}

extension Collider {
  /// A shape whose center lies at `center` and whose own z axis (the length of a capsule or a cylinder) points `along`, in
  /// the link's frame.
  public init(
    _ shape: Shape, center: Vector3, along: Vector3 = .unitZ, friction: Double = 1, collides: Bool = true
  ) {
    let pose = Pose(position: center, orientation: Quaternion(from: .unitZ, to: along))
    self.init(shape, pose: pose, friction: friction, collides: collides)
  }
}

extension Quaternion {
  /// The shortest turn that takes the direction `from` to the direction `to`.
  init(from: Vector3, to: Vector3) {
    let (a, b) = (from.normalized, to.normalized)
    let cosine = a.dot(b)
    guard cosine > -1 + 1e-12 else {
      let across = abs(a.x) < 0.9 ? a.cross(.unitX) : a.cross(.unitY)
      self.init(angle: .pi, axis: across.normalized)
      return
    }
    let axis = a.cross(b)
    self = Quaternion(w: 1 + cosine, x: axis.x, y: axis.y, z: axis.z).normalized
  }
}

extension [Collider] {
  /// Height of the lowest point of all shapes of a link whose frame lies at `frame`, m; infinite without a shape.
  func lowestPoint(at frame: Pose) -> Double {
    var lowest = Double.infinity
    for collider in self { lowest = Swift.min(lowest, collider.shape.lowestPoint(at: frame * collider.pose)) }
    return lowest
  }
}

extension Shape {
  /// Height of the shape's lowest point when its frame lies at `pose`, m.
  package func lowestPoint(at pose: Pose) -> Double {
    pose.position.z - reach(along: pose.orientation.conjugate.act(on: -.unitZ))
  }
}
