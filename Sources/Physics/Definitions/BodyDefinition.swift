/// A solid that can touch the ground and other bodies.
public struct Collider: Sendable, Equatable {
  /// Its geometry.
  public var shape: Shape
  /// Where the shape stands in the link frame.
  public var pose: Pose
  /// Its share of the friction coefficient: the coefficient of a contact is the product of the two surfaces' shares.
  public var friction: Double
  /// Whether it also collides with other bodies, rather than with the ground alone.
  public var collides: Bool
  /// What it is, a bit for each kind: two surfaces touch where the category of one and the mask of the other share a bit.
  public var category: UInt32
  /// The categories of what it touches.
  public var mask: UInt32

  /// Makes a collider, by default at the link frame's origin, with friction 1, colliding with other bodies.
  public init(
    _ shape: Shape, pose: Pose = .identity, friction: Double = 1, collides: Bool = true, category: UInt32 = 1,
    mask: UInt32 = 1
  ) {
    self.shape = shape
    self.pose = pose
    self.friction = friction
    self.collides = collides
    self.category = category
    self.mask = mask
  }

  /// Whether it touches a collider of another body where they meet.
  package func touches(_ other: Collider) -> Bool {
    collides && other.collides && (category & other.mask | other.category & mask) != 0
  }

  /// Whether it touches the ground where they meet.
  package func touches(_ ground: Ground) -> Bool { (category & ground.mask | ground.category & mask) != 0 }

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
