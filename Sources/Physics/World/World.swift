import CODEShim

/// A simulated world: rigid bodies, the joints between them, the actuators that drive these, and the ground.
///
/// Build it in the zero pose (bodies, joints, actuators, in this order), then place the bodies, then step.
/// Everything is in SI units. Poses and linear velocities are those of link frames; where a body's center of mass lies does
/// not matter to the caller.
///
/// A world belongs to one thread at a time and may move between threads. Equal calls give equal bits, whatever other
/// worlds do. Once a step has failed, every further one fails as well.
public struct World: ~Copyable, @unchecked Sendable {
  /// What the world was made with.
  public let settings: WorldSettings
  /// The ground, once there is one.
  public internal(set) var ground: Ground?
  /// Simulated time, s.
  public internal(set) var time = 0.0
  /// Why the world failed; nil if it did not.
  public internal(set) var fault: PhysicsError?
  /// Substeps, since the world was made, in which the solver complained that its solution was not exact.
  public internal(set) var inexactSubsteps = 0
  /// Mechanical work Σ|torque · velocity|·dt of all actuators over the last step, J.
  public internal(set) var actuatorWork = 0.0

  let engine: EngineWorld
  var bodies: [BodyData] = []
  var bodyNames: [String] = []
  var colliders: [ColliderData] = []
  /// Each collider's center in the world in the present substep.
  var centers: [Vector3] = []
  var joints: [JointData] = []
  var axes: [AxisData] = []
  var dynamicAxes: [DynamicAxis] = []
  var actuators: [ActuatorData] = []
  /// One for each actuator.
  var actuatorStates: [ActuatorState] = []
  /// Whether the actuators' axes are where the bodies are: after a step they are; after a body is moved they are not.
  var areAxesCurrent = false
  var planarRoots: [PlanarRoot] = []
  var planarBodies: [PlanarBody] = []
  var plane: EngineGeometry?
  /// The geometries that may meet the ground.
  var groundColliders: [Int] = []
  var pairs: [ColliderPair] = []
  var separated: Set<BodyPair> = []
  var surface: ode_shim_surface
  /// What the stiffness and damping of all contacts are multiplied by.
  var contactScale = 1.0
  /// What the damping of all joint axes and position drives is multiplied by.
  var dampingScale = 1.0
  /// Whether a step measures ``stepErrors``.
  public var measuresErrors = false
  /// How far the last step deviated from rigid bodies, exact joints and hard stops; joints and stops are measured only
  /// if ``measuresErrors``.
  public internal(set) var stepErrors = StepErrors()
  /// Of the last step, N: six numbers a body, the ground's and those of other bodies; empty where they are not measured.
  var contactForces: [Double] = []
  /// Whether forces or torques from outside wait for the next step.
  var isPushed = false
  /// Whether `groundColliders`, `pairs` and `planarBodies` are up to date.
  var isPrepared = false
  /// Whether bodies may have left the zero pose, in which alone joints can be added.
  var hasMoved = false
  /// Whether the engine failed inside a call, after which not even a snapshot brings the world back.
  var isBroken = false

  /// Makes an empty world.
  ///
  /// - Throws: `PhysicsError.invalidDefinition` for settings out of range.
  public init(_ settings: WorldSettings = WorldSettings()) throws(PhysicsError) {
    try settings.validate()
    let engine = try EngineWorld(settings)
    self.engine = engine
    self.settings = settings
    let (erp, cfm) = settings.contact.mixing(substep: settings.substep)
    surface = ode_shim_surface(friction: 1, erp: erp, cfm: cfm, creep: 0, planar: 0, plane_normal: (0, 0, 0))
  }

  /// The number of bodies.
  public var bodyCount: Int { bodies.count }
  /// The number of joints.
  public var jointCount: Int { joints.count }
  /// The number of actuators.
  public var actuatorCount: Int { actuators.count }

  /// Notes the first reason why the world failed.
  mutating func invalidate(_ reason: String) {
    if fault == nil { fault = .diverged(reason) }
  }
}
