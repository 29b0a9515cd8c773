/// One direction in which a joint moves, how far, and what it does there by itself.
public struct JointAxis: Sendable, Equatable {
  /// The direction in world axes at the zero pose; its length does not matter.
  public var direction: Vector3
  /// The lower stop in rad (a slider: m); −∞ for none.
  public var lower: Double
  /// The upper stop in rad (a slider: m); ∞ for none.
  public var upper: Double
  /// Friction, spring and rotor.
  public var dynamics: JointDynamics
  /// Its position in the pose in which the joint is added, rad (a slider: m).
  public var start: Double

  /// The farthest a turning axis' stop may be from `start`, rad.
  ///
  /// Angles wrap at ±π from there, and a joint pushed past a stop that stands there would jump to the other one.
  public static let maximumAngle = 3.1

  /// Makes an axis, by default without stops and free, whose position is 0 where the joint is added.
  public init(
    _ direction: Vector3, lower: Double = -.infinity, upper: Double = .infinity,
    dynamics: JointDynamics = JointDynamics(), start: Double = 0
  ) {
    self.direction = direction
    self.lower = lower
    self.upper = upper
    self.dynamics = dynamics
    self.start = start
  }
}

/// How one body moves against another, or against the world.
///
/// A positive position is a movement of the child along, or about, the axis. The zero pose is the one in which the joint is
/// added; there each axis has the position `start`, which is 0 by default.
public struct JointDefinition: Sendable, Equatable {
  /// The kinds of joints and how many axes each has.
  public enum Kind: Sendable, Equatable {
    /// Turns about one axis.
    case hinge
    /// Moves along one axis.
    case slider
    /// Turns about any axis; it has no positions.
    case ball
    /// Turns about a first axis, which stays with the parent, and then a second, which stays with the child.
    case universal
    /// Does not move.
    case fixed

    /// The number of axes with a position.
    public var axisCount: Int {
      switch self {
      case .hinge, .slider: 1
      case .universal: 2
      case .ball, .fixed: 0
      }
    }
  }

  /// A name for messages.
  public var name: String
  /// What it is.
  public var kind: Kind
  /// The body that carries the joint; `nil` is the world.
  public var parent: BodyID?
  /// The body that it moves.
  public var child: BodyID
  /// Where it sits, in the world at the zero pose, m.
  public var anchor: Vector3
  /// As many axes as the kind has.
  public var axes: [JointAxis]
  /// The share of a stop's violation that a substep repairs, in (0, 1]; `nil` takes the world's.
  public var stopERP: Double?
  /// The softness of the stops; `nil` takes the world's constraint force mixing.
  public var stopCFM: Double?

  /// Makes a definition; nothing is checked until a world takes it.
  public init(
    name: String, kind: Kind, parent: BodyID?, child: BodyID, anchor: Vector3, axes: [JointAxis] = [],
    stopERP: Double? = nil, stopCFM: Double? = nil
  ) {
    self.name = name
    self.kind = kind
    self.parent = parent
    self.child = child
    self.anchor = anchor
    self.axes = axes
    self.stopERP = stopERP
    self.stopCFM = stopCFM
  }

  func validate() throws(PhysicsError) {
    let owner = "joint '\(name)'"
    guard anchor.isFinite else { throw .invalidDefinition("\(owner): the anchor must be finite, not \(anchor)") }
    guard axes.count == kind.axisCount else {
      throw .invalidDefinition("\(owner): a \(kind) joint has \(kind.axisCount) axes, not \(axes.count)")
    }
    guard parent != child else { throw .invalidDefinition("\(owner): parent and child must be two bodies") }
    for axis in axes { try validate(axis, owner) }
    if kind == .universal {
      let cosine = axes[0].direction.normalized.dot(axes[1].direction.normalized)
      guard abs(cosine) < 1e-6 else {
        throw .invalidDefinition("\(owner): the axes of a universal joint must be perpendicular")
      }
    }
    if let stopERP, !(stopERP > 0 && stopERP <= 1) {
      throw .invalidDefinition("\(owner): a stop's ERP must be above 0 and at most 1, not \(stopERP)")
    }
    if let stopCFM, !(stopCFM >= 0 && stopCFM.isFinite) {
      throw .invalidDefinition("\(owner): a stop's CFM must be finite and at least 0, not \(stopCFM)")
    }
  }

  private func validate(_ axis: JointAxis, _ owner: String) throws(PhysicsError) {
    let length = axis.direction.length
    guard length.isFinite, length > 1e-9 else {
      throw .invalidDefinition("\(owner): an axis must be finite and longer than 0, not \(axis.direction)")
    }
    guard axis.lower <= axis.upper, axis.lower < .infinity, axis.upper > -.infinity else {
      throw .invalidDefinition("\(owner): the lower limit \(axis.lower) must not be above the upper \(axis.upper)")
    }
    guard axis.start.isFinite else {
      throw .invalidDefinition("\(owner): the start of an axis must be finite, not \(axis.start)")
    }
    try axis.dynamics.validate(owner)
    guard kind != .slider else { return }
    for limit in [axis.lower, axis.upper] where limit.isFinite && abs(limit - axis.start) > JointAxis.maximumAngle {
      let place = axis.start == 0 ? "" : " of its start at \(axis.start) rad"
      throw .invalidDefinition("\(owner): the limit \(limit) must be within ±\(JointAxis.maximumAngle) rad\(place)")
    }
  }
}
