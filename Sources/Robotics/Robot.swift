import Physics

/// What a machine is: values only. One robot may serve several tasks.
public protocol Robot: Sendable {
  var name: String { get }
  /// The root link with all that hangs on it.
  var body: Link { get }
  /// What lies about in its world: single free bodies that it may touch and move but that are no part of it. None by
  /// default.
  var props: [Link] { get }
  /// What it stands on, or moves along, in pictures: shapes in the world that are only seen. None by default.
  var scenery: [Decoration] { get }
  /// How its world is stepped.
  var stepping: Stepping { get }
  /// How it and its surroundings differ from what is declared here while it is trained, so that what it learns holds on
  /// a real machine too. A training's settings may change or switch off each.
  var disturbances: Disturbances { get }
}

extension Robot {
  public var props: [Link] { [] }
  public var scenery: [Decoration] { [] }
  public var stepping: Stepping { Stepping() }
  public var disturbances: Disturbances { Disturbances() }
}

/// How time passes for a robot: a control step is `substeps` steps of physics.
public struct Stepping: Sendable, Equatable {
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
  /// m/s².
  public var gravity: Vector3

  public init(
    substep: Double = 0.005, substeps: Int = 4, solver: Solver = .direct, jointERP: Double = 0.8,
    isPlanar: Bool = false, collidesWithItself: Bool = true, hasGround: Bool = true, groundFriction: Double = 1,
    gravity: Vector3 = [0, 0, -9.81]
  ) {
    self.substep = substep
    self.substeps = substeps
    self.solver = solver
    self.jointERP = jointERP
    self.isPlanar = isPlanar
    self.collidesWithItself = collidesWithItself
    self.hasGround = hasGround
    self.groundFriction = groundFriction
    self.gravity = gravity
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
  package func refined(by factor: Int) -> Stepping {
    var stepping = self
    stepping.substep /= Double(factor)
    stepping.substeps *= factor
    return stepping
  }
}

/// Why a robot or a task cannot be used as declared, in one line.
public struct RobotError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
