/// A solid that can touch the ground and other bodies.
public struct Collider: Sendable, Equatable {
  /// Its geometry.
  public var shape: Shape
  /// Where the shape stands in the link frame.
  public var pose: Pose
  /// Its share of the friction coefficient: the coefficient of a contact is the product of the two surfaces' shares.
  public var friction: Double
  /// Whether it also collides with other bodies; the ground it always meets.
  public var collides: Bool

  /// Makes a collider, by default at the link frame's origin, with friction 1, colliding with other bodies.
  public init(_ shape: Shape, pose: Pose = .identity, friction: Double = 1, collides: Bool = true) {
    self.shape = shape
    self.pose = pose
    self.friction = friction
    self.collides = collides
  }

  func validate(_ owner: String) throws(PhysicsError) {
    try shape.validate(owner)
    guard pose.isFinite, abs(pose.orientation.norm - 1) < 1e-6 else {
      throw .invalidDefinition("\(owner): a collider's pose must be finite, its quaternion of norm 1")
    }
    guard friction.isFinite, friction >= 0 else {
      throw .invalidDefinition("\(owner): a collider's friction must be finite and at least 0, not \(friction)")
    }
  }
}

/// A rigid body: what it weighs, what it looks like to contacts, and where it stands before anything moves.
public struct BodyDefinition: Sendable, Equatable {
  /// A name for messages.
  public var name: String
  /// Where the link frame stands in the world while joints are added (the zero pose).
  public var pose: Pose
  /// Mass, center of mass and inertia, in the link frame.
  public var mass: MassProperties
  /// Its geometry; a body without any touches nothing.
  public var colliders: [Collider]

  /// Makes a definition; nothing is checked until a world takes it.
  public init(name: String, pose: Pose = .identity, mass: MassProperties, colliders: [Collider] = []) {
    self.name = name
    self.pose = pose
    self.mass = mass
    self.colliders = colliders
  }

  func validate() throws(PhysicsError) {
    let owner = "body '\(name)'"
    guard pose.isFinite, abs(pose.orientation.norm - 1) < 1e-6 else {
      throw .invalidDefinition("\(owner): the pose must be finite, its quaternion of norm 1")
    }
    try mass.validate(owner)
    for collider in colliders { try collider.validate(owner) }
  }
}
