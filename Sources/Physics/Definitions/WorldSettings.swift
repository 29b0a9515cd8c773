/// How the constraints of a substep are solved.
public enum Solver: Sendable, Equatable {
  /// Exactly, at a cost that grows with the cube of the number of constraints; best up to some ten bodies.
  case direct
  /// By a number of sweeps from 1 to 8, at a cost that grows with the number of constraints.
  ///
  /// More than 8 would draw from ODE's process-wide random numbers, and worlds would no longer repeat in parallel.
  case quick(iterations: Int)
}

/// How hard contacts are.
public struct ContactSettings: Sendable, Equatable {
  /// What keeps two bodies apart.
  public enum Softness: Sendable, Equatable {
    /// A spring and damper at each contact point, N/m and N·s/m.
    ///
    /// A body of mass m on n points sinks by m g / (n · stiffness).
    case springDamper(stiffness: Double, damping: Double)
    /// ODE's own numbers: the share of the overlap that a substep removes, and the constraint force mixing, m/(N·s).
    case mixing(erp: Double, cfm: Double)
  }

  /// What keeps two bodies apart.
  public var softness: Softness
  /// The greatest speed at which an overlap is removed, m/s. A point carries at most (substep · stiffness + damping) times
  /// it, however deep it is.
  public var maxCorrectingVelocity: Double
  /// The overlap that is left alone, m, so that resting contacts do not flicker.
  public var surfaceLayer: Double
  /// How fast a contact that holds creeps, m/s, where the friction force is the weight of the whole world; in proportion
  /// below. It gives the solver the direction in which a contact at rest is loaded.
  public var creep: Double

  /// Makes settings; the defaults suit robots of 1 to 100 kg.
  public init(
    softness: Softness = .springDamper(stiffness: 1e5, damping: 1e3), maxCorrectingVelocity: Double = 10,
    surfaceLayer: Double = 0.0005, creep: Double = 0.0005
  ) {
    self.softness = softness
    self.maxCorrectingVelocity = maxCorrectingVelocity
    self.surfaceLayer = surfaceLayer
    self.creep = creep
  }

  /// Error reduction and constraint force mixing for a substep of `h` seconds.
  ///
  /// A spring k and damper d, integrated implicitly, are ERP = hk/(hk + d) and CFM = 1/(hk + d) (ODE manual, §3.8.2).
  func mixing(substep h: Double) -> (erp: Double, cfm: Double) {
    switch softness {
    case .springDamper(let k, let d): (h * k / (h * k + d), 1 / (h * k + d))
    case .mixing(let erp, let cfm): (erp, cfm)
    }
  }
}

/// What holds for a whole world.
public struct WorldSettings: Sendable, Equatable {
  /// The acceleration of free fall, m/s².
  public var gravity: Vector3
  /// The time that one substep advances, s.
  public var substep: Double
  /// How the constraints are solved.
  public var solver: Solver
  /// The share of a joint's error that a substep repairs, in (0, 1].
  public var erp: Double
  /// The softness of joints (constraint force mixing), at least 0; a little steadies the solver.
  public var cfm: Double
  /// How hard contacts are.
  public var contact: ContactSettings

  /// Makes settings; the defaults are those of a small legged robot.
  public init(
    gravity: Vector3 = Vector3(0, 0, -9.81), substep: Double = 0.005, solver: Solver = .direct, erp: Double = 0.2,
    cfm: Double = 1e-8, contact: ContactSettings = ContactSettings()
  ) {
    self.gravity = gravity
    self.substep = substep
    self.solver = solver
    self.erp = erp
    self.cfm = cfm
    self.contact = contact
  }

  func validate() throws(PhysicsError) {
    func require(_ condition: Bool, _ text: @autoclosure () -> String) throws(PhysicsError) {
      guard condition else { throw .invalidDefinition("world settings: \(text())") }
    }
    try require(gravity.isFinite, "gravity must be finite, not \(gravity)")
    try require(substep > 0 && substep <= 0.1, "the substep must be above 0 and at most 0.1 s, not \(substep)")
    if case .quick(let iterations) = solver {
      try require((1...8).contains(iterations), "the quick solver takes 1 to 8 iterations, not \(iterations)")
    }
    try require(erp > 0 && erp <= 1, "ERP must be above 0 and at most 1, not \(erp)")
    try require(cfm >= 0 && cfm.isFinite, "CFM must be finite and at least 0, not \(cfm)")
    switch contact.softness {
    case .springDamper(let k, let d):
      try require(k > 0 && k.isFinite, "contact stiffness must be finite and above 0, not \(k)")
      try require(d >= 0 && d.isFinite, "contact damping must be finite and at least 0, not \(d)")
    case .mixing(let erp, let cfm):
      try require(erp > 0 && erp <= 1, "contact ERP must be above 0 and at most 1, not \(erp)")
      try require(cfm >= 0 && cfm.isFinite, "contact CFM must be finite and at least 0, not \(cfm)")
    }
    try require(
      contact.maxCorrectingVelocity > 0,
      "the correcting velocity must be above 0, not \(contact.maxCorrectingVelocity)")
    try require(
      contact.surfaceLayer >= 0 && contact.surfaceLayer.isFinite,
      "the surface layer must be finite and at least 0, not \(contact.surfaceLayer)")
    try require(
      contact.creep >= 0 && contact.creep.isFinite, "the creep must be finite and at least 0, not \(contact.creep)")
  }
}
