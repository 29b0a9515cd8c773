import Physics

/// A robot: values only. Several tasks may use the same robot.
public protocol Robot: Sendable {
  var name: String { get }
  /// The root link with all its descendants.
  var body: Link { get }
  /// Free objects in its scene: single bodies that it can touch and move, but that are no part of it. None by
  /// default.
  var props: [Link] { get }
  /// Shapes of its surroundings that are only drawn, such as a rail. None by default.
  var scenery: [Decoration] { get }
  /// Names of links that pass through each other, as those that a joint connects do. None by default.
  var ignoredPairs: [(String, String)] { get }
  /// Settings of its physics.
  var physics: PhysicsSettings { get }
  /// Domain randomization in its training, so that the policy works on a real machine. A training's settings may change or
  /// switch off each range.
  var randomization: DomainRandomization { get }
}

extension Robot {
  public var props: [Link] { [] }
  public var scenery: [Decoration] { [] }
  public var ignoredPairs: [(String, String)] { [] }
  public var physics: PhysicsSettings { PhysicsSettings() }
  public var randomization: DomainRandomization { DomainRandomization() }
}

/// How a robot's physics is stepped: a control step is `substeps` physics steps.
public struct PhysicsSettings: Sendable, Equatable {
  /// Seconds of one physics step.
  public var substep: Double
  /// Physics steps per control step.
  public var substeps: Int
  public var solver: Solver
  /// The share of a joint's error that a physics step repairs, in (0, 1].
  public var jointERP: Double
  /// Whether the root moves in the x–z plane only.
  public var isPlanar: Bool
  /// Whether links that no joint connects collide with each other.
  public var collidesWithItself: Bool
  public var hasGround: Bool
  public var groundFriction: Double
  /// What the ground is to colliders, and what it touches; see `Collider`.
  public var groundCategory: UInt32
  public var groundMask: UInt32
  /// m/s².
  public var gravity: Vector3

  public init(
    substep: Double = 0.005, substeps: Int = 4, solver: Solver = .direct, jointERP: Double = 0.8,
    isPlanar: Bool = false, collidesWithItself: Bool = true, hasGround: Bool = true, groundFriction: Double = 1,
    groundCategory: UInt32 = 1, groundMask: UInt32 = 1, gravity: Vector3 = [0, 0, -9.81]
  ) {
    self.substep = substep
    self.substeps = substeps
    self.solver = solver
    self.jointERP = jointERP
    self.isPlanar = isPlanar
    self.collidesWithItself = collidesWithItself
    self.hasGround = hasGround
    self.groundFriction = groundFriction
    self.groundCategory = groundCategory
    self.groundMask = groundMask
    self.gravity = gravity
  }

  /// The ground as these settings declare it; nil for none.
  var ground: Ground? {
    hasGround ? Ground(friction: groundFriction, category: groundCategory, mask: groundMask) : nil
  }

  /// Seconds of one control step.
  public var controlInterval: Double { substep * Double(substeps) }

  /// The share of a stop's violation that a physics step repairs: little, so that stops do not throw the axis back.
  static let stopERP = 0.2
  /// The most physics steps of a control step.
  public static let mostSubsteps = 1_000

  /// Into how many equal parts a control step is divided where contact with the ground is noted, a bit for each: its
  /// physics steps, or as many as there are bits.
  package var contactParts: Int { min(substeps, World.contactBits) }

  /// The same control step, and each physics step divided into `factor`.
  package func refined(by factor: Int) -> PhysicsSettings {
    var physics = self
    physics.substep /= Double(factor)
    physics.substeps *= factor
    return physics
  }
}

/// Why a robot or a task cannot be used as declared, in one line.
public struct RobotError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
