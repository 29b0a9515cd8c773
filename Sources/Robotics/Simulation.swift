import Physics

/// A link of a robot or a prop: its body in the simulation.
public typealias LinkID = BodyID

/// A robot in its own physics world, which a task reads and initializes, and actions drive.
public struct Simulation: ~Copyable, Sendable {
  public let model: RobotModel
  private var world: World
  /// For each axis of the model its joint, its number in the joint, and its actuator, if any.
  private let axisPlaces: [(joint: JointID, axis: Int, actuator: ActuatorID?)]
  private let actuators: [ActuatorID]
  /// The target of each actuator at an action of 0, and the change at an action of 1.
  private let commands: [(rest: Double, scale: Double)]
  /// How hard the present episode is, in 0…1: 1 is the task as declared; a task may be easier below.
  public internal(set) var difficulty = 1.0
  /// Wrong calls, such as with an axis that does not exist.
  let misuse = Misuse()
  /// Room for forward kinematics.
  var poses: [Pose]
  /// Room for targets that change within a control step.
  private var laterTargets: [Double]
  /// The present action, each component in −1…1.
  public private(set) var action: [Float]

  /// - Parameter measuresContactForces: whether `groundForce(on:)` and `contactForce(on:)` are available.
  public init(_ model: RobotModel, measuresContactForces: Bool = false) throws {
    let physics = model.physics
    try self.init(
      model, measuresContactForces: measuresContactForces,
      settings: WorldSettings(
        gravity: physics.gravity, substep: physics.substep, solver: physics.solver, erp: physics.jointERP))
  }

  /// - Parameter settings: what the world is simulated with, in place of what the model's physics settings say.
  package init(_ model: RobotModel, measuresContactForces: Bool = false, settings: WorldSettings) throws {
    self.model = model
    let physics = model.physics
    var world = try World(settings)
    if let ground = physics.ground { try world.addGround(ground) }

    var places: [(joint: JointID, axis: Int, actuator: ActuatorID?)] = []
    let starts = model.axes.map(\.start)
    var poses: [Pose] = []
    for flat in model.links {
      let base = flat.parent.map { poses[$0] * Pose(position: flat.link.at) } ?? Pose(position: flat.origin)
      let pose = base * flat.displacement(starts)
      poses.append(pose)
      let body = try world.addBody(
        BodyDefinition(name: flat.link.name, pose: pose, mass: flat.mass, colliders: flat.link.colliders))
      guard let joint = flat.link.joint else { continue }
      let id = try world.addJoint(
        JointDefinition(
          name: flat.link.name, kind: joint.kind, parent: flat.parent.map(LinkID.init(index:)), child: body,
          anchor: pose.position, axes: joint.definitions(from: base.orientation), stopERP: PhysicsSettings.stopERP))
      for number in joint.axes.indices { places.append((id, number, nil)) }
    }
    for prop in model.props {
      let body = try world.addBody(
        BodyDefinition(
          name: prop.link.name, pose: Pose(position: prop.origin), mass: prop.mass, colliders: prop.link.colliders))
      if physics.isPlanar { try world.constrain(body, to: .xz) }
    }
    if measuresContactForces { world.measureContactForces() }
    if !physics.collidesWithItself {
      for a in model.links.indices {
        for b in model.links.indices where b > a {
          world.ignoreCollisions(between: LinkID(index: a), and: LinkID(index: b))
        }
      }
    }
    for (a, b) in model.ignoredPairs { world.ignoreCollisions(between: a, and: b) }
    if physics.isPlanar { try world.constrain(LinkID(index: 0), to: .xz) }
    var actuators: [ActuatorID] = []
    var commands: [(rest: Double, scale: Double)] = []
    for index in model.actuatedAxes {
      let axis = model.axes[index]
      guard let actuator = axis.actuator else { continue }
      let id = try world.addActuator(
        places[index].joint, axis: places[index].axis, actuator.drive, speedLimit: actuator.speedLimit)
      places[index].actuator = id
      actuators.append(id)
      if case .position = actuator.drive {
        commands.append((axis.neutral, actuator.scale))
      } else {
        commands.append((0, actuator.scale))
      }
    }
    axisPlaces = places
    action = Array(repeating: 0, count: actuators.count)
    laterTargets = Array(repeating: 0, count: actuators.count)
    self.actuators = actuators
    self.commands = commands
    self.poses = poses
    self.world = world
    place(at: rootPose)
  }

  // MARK: Acting

  /// Carries out `action` for one control step.
  ///
  /// - Throws: `PhysicsError` if the simulation failed; the world is then of no further use.
  package mutating func step(_ action: Span<Float>) throws(PhysicsError) {
    try check(action)
    for i in actuators.indices {
      self.action[i] = min(max(action[i], -1), 1)
      world.setTarget(actuators[i], target(ofActuator: i, under: self.action[i]))
    }
    try world.step(model.physics.substeps)
  }

  /// Carries out `earlier` for the first `substeps` physics steps of a control step, and `action` from then on.
  mutating func step(
    _ earlier: Span<Float>, for substeps: Int, then action: Span<Float>
  ) throws(PhysicsError) {
    try check(earlier)
    try check(action)
    // Moved out while in use, so that its span and calls on the world do not overlap.
    var targets = exchange(&laterTargets, with: [])
    defer { laterTargets = targets }
    for i in actuators.indices {
      self.action[i] = min(max(action[i], -1), 1)
      world.setTarget(actuators[i], target(ofActuator: i, under: min(max(earlier[i], -1), 1)))
      targets[i] = target(ofActuator: i, under: self.action[i])
    }
    try world.step(model.physics.substeps, aimingAt: targets.span, from: substeps)
  }

  private func check(_ action: Span<Float>) throws(PhysicsError) {
    guard action.count == actuators.count else {
      throw .invalidDefinition(
        "\(model.name): an action has \(action.count) components; \(actuators.count) are needed")
    }
  }

  /// The target of an actuator for a component of the action within −1…1.
  private func target(ofActuator index: Int, under command: Float) -> Double {
    commands[index].rest + commands[index].scale * Double(command)
  }

  // MARK: Randomization and forces

  /// Factors of a simulation's declared values.
  struct Scales {
    /// Of the ground.
    var friction = 1.0
    /// Masses and inertias, of props as well.
    var mass = 1.0
    /// All actuators' gains and limits.
    var strength = 1.0
    /// Stiffness and damping of all contacts.
    var contact = 1.0
    /// Of all joints and position drives.
    var damping = 1.0
  }

  /// Multiplies the declared values.
  mutating func scale(by scales: Scales) {
    if world.ground != nil { world.setGroundFriction(model.physics.groundFriction * scales.friction) }
    for index in 0..<world.bodyCount { world.setMassScale(of: LinkID(index: index), scales.mass) }
    for actuator in actuators { world.setStrength(actuator, scales.strength) }
    world.setContactScale(scales.contact)
    world.setDampingScale(scales.damping)
  }

  /// Changes the velocity of the whole robot at once, m/s.
  mutating func push(by change: Vector3) {
    for index in model.links.indices { world.addVelocity(change, to: LinkID(index: index)) }
  }

  /// Applies an impulse (N·s) to a link or a prop through its center of mass; joints pass it on in the next physics step.
  mutating func push(_ link: LinkID, by impulse: Vector3) {
    world.addVelocity(impulse / model.mass(of: link), to: link)
  }

  /// Applies a force in N, in world axes, to a link or a prop at a point of the world, for the whole of the next control
  /// step; call it in a task's `disturb`.
  public mutating func applyForce(_ force: Vector3, to link: LinkID, at point: Vector3) {
    guard has(link, askedBy: "applyForce(_:to:at:)") else { return }
    world.applyForce(force, to: link, at: point)
  }

  /// Applies a torque in N·m, in world axes, to a link or a prop for the whole of the next control step.
  public mutating func applyTorque(_ torque: Vector3, to link: LinkID) {
    guard has(link, askedBy: "applyTorque(_:to:)") else { return }
    world.applyTorque(torque, to: link)
  }

  // MARK: Placing

  /// Puts the whole robot somewhere by forward kinematics, with velocities that its joints allow, puts its props back
  /// where they were declared to be, at rest, and resets the measurements.
  ///
  /// - Parameters:
  ///   - pose: of the root link; `rootPose`, where it is in the zero pose, is the only one possible for a root that is
  ///     fixed to the world.
  ///   - velocity: of the root's origin, m/s; every link moves with it.
  ///   - positions: of all axes of the model, rad or m; the neutral pose if `nil`.
  public mutating func place(at pose: Pose, velocity: Vector3 = .zero, positions: [Double]? = nil) {
    guard has(positions, askedBy: "place") else { return }
    computePoses(at: pose, positions: positions ?? model.neutralPositions)
    for index in poses.indices {
      world.setPose(of: LinkID(index: index), poses[index])
      world.setVelocity(of: LinkID(index: index), linear: velocity, angular: .zero)
    }
    for i in action.indices { action[i] = 0 }
    for (index, prop) in model.props.enumerated() {
      place(prop: LinkID(index: model.links.count + index), at: Pose(position: prop.origin))
    }
    world.forgetLastStep()
    for i in actuators.indices { world.setTarget(actuators[i], commands[i].rest) }
  }

  /// Puts a prop somewhere, to be called after the robot is placed.
  ///
  /// - Parameter velocity: m/s; it does not turn.
  public mutating func place(prop: LinkID, at pose: Pose, velocity: Vector3 = .zero) {
    guard has(prop, askedBy: "place(prop:)") else { return }
    guard prop.index >= model.links.count else {
      return misuse.note(
        "place(prop:) was given the link '\(model.linkNames[prop.index])'; only a prop can be placed by itself")
    }
    world.setPose(of: prop, pose)
    world.setVelocity(of: prop, linear: velocity, angular: .zero)
  }

  /// Sets a link's or a prop's pose and velocities as they are given.
  package mutating func setMotion(of link: LinkID, _ pose: Pose, _ velocity: Vector3, _ spin: Vector3) {
    world.setPose(of: link, pose)
    world.setVelocity(of: link, linear: velocity, angular: spin)
  }

  /// Resets the measurements of earlier steps; the present action stays.
  mutating func forget(carryingOut action: [Float]) {
    self.action = action
    world.forgetLastStep()
    for i in actuators.indices { world.setTarget(actuators[i], target(ofActuator: i, under: action[i])) }
  }

  // MARK: Measuring

  /// Seconds since the robot was placed.
  public var time: Double { world.time }
  /// Seconds of a control step.
  public var controlInterval: Double { model.physics.controlInterval }
  /// Degrees of freedom of all joints.
  public var axisCount: Int { axisPlaces.count }

  /// Whether there is such a link or prop; notes the mistake if not.
  func has(_ link: LinkID, askedBy function: StaticString) -> Bool {
    let count = model.links.count + model.props.count
    if link.index >= 0, link.index < count { return true }
    misuse.note(
      "\(function) was asked for link \(link.index); \(model.name) has the links and props 0 to \(count - 1) "
        + "(get a link by name: model.link)")
    return false
  }

  /// Whether there is such an axis; notes the mistake if not.
  func has(axis index: Int, askedBy function: StaticString) -> Bool {
    if index >= 0, index < axisPlaces.count { return true }
    misuse.note("\(function) was asked for axis \(index); \(model.name) has \(Self.range(axisPlaces.count, "axes"))")
    return false
  }

  /// Whether there is such an actuator; notes the mistake if not.
  func has(actuator index: Int, askedBy function: StaticString) -> Bool {
    if index >= 0, index < actuators.count { return true }
    misuse.note(
      "\(function) was asked for actuator \(index); \(model.name) has \(Self.range(actuators.count, "actuators"))")
    return false
  }

  /// Whether there is a position for each axis; notes the mistake if not.
  func has(_ positions: [Double]?, askedBy function: StaticString) -> Bool {
    guard let positions, positions.count != axisPlaces.count else { return true }
    misuse.note(
      "\(function) was given \(positions.count) positions; \(model.name) has \(axisPlaces.count) axes: "
        + list(model.axes.map(\.name)))
    return false
  }

  private static func range(_ count: Int, _ things: String) -> String {
    count == 0 ? "no \(things)" : "\(things) 0 to \(count - 1)"
  }

  /// Pose of a link's frame in the world.
  ///
  /// Values of a link, an axis or an actuator that does not exist are not-a-number; the env then reports the mistake and the
  /// episode is over.
  public func pose(of link: LinkID) -> Pose { has(link, askedBy: "pose(of:)") ? world.pose(of: link) : .undefined }
  /// Poses of all links' frames in the world, and then of the props'.
  var bodyPoses: [Pose] {
    var poses = Array(repeating: Pose.identity, count: world.bodyCount)
    for index in poses.indices { poses[index] = world.pose(of: LinkID(index: index)) }
    return poses
  }
  /// What the robot stands on, if anything.
  var ground: Ground? { world.ground }
  /// What a recording notes of axes, actuators, links and props.
  var readings: Recording.Readings {
    var readings = Recording.Readings()
    for axis in 0..<axisCount { readings.positions.append(position(ofAxis: axis)) }
    for actuator in actuators.indices { readings.efforts.append(torque(ofActuator: actuator)) }
    for index in 0..<world.bodyCount {
      let link = LinkID(index: index)
      // Before the first step no contacts have been computed.
      readings.contacts.append(time > 0 ? touchesGround(link) : isNearGround(link))
    }
    return readings
  }
  /// Whether a link is placed on the ground, or within a millimeter of it.
  private func isNearGround(_ link: LinkID) -> Bool {
    guard let ground = world.ground else { return false }
    let touching = model.colliders(of: link).filter { $0.collides && $0.touches(ground) }
    return touching.lowestPoint(at: world.pose(of: link)) < ground.height + 1e-3
  }

  /// Velocity of a link's origin in the world, m/s.
  public func velocity(of link: LinkID) -> Vector3 {
    has(link, askedBy: "velocity(of:)") ? world.linearVelocity(of: link) : .undefined
  }
  /// Angular velocity of a link in the world, rad/s.
  public func angularVelocity(of link: LinkID) -> Vector3 {
    has(link, askedBy: "angularVelocity(of:)") ? world.angularVelocity(of: link) : .undefined
  }

  /// Where axis `index` is in the world: the joint's place on it, m, and its direction, about or along which it moves.
  public func line(ofAxis index: Int) -> (point: Vector3, direction: Vector3) {
    guard has(axis: index, askedBy: "line(ofAxis:)") else { return (.undefined, .undefined) }
    let place = axisPlaces[index]
    return world.line(of: place.joint, axis: place.axis)
  }

  /// Position of axis `index`, rad or m.
  public func position(ofAxis index: Int) -> Double {
    guard has(axis: index, askedBy: "position(ofAxis:)") else { return .nan }
    let place = axisPlaces[index]
    // A driven axis has been handled already.
    return place.actuator.map { world.position(of: $0) } ?? world.jointPosition(place.joint, axis: place.axis)
  }

  /// Velocity of axis `index`, rad/s or m/s.
  public func velocity(ofAxis index: Int) -> Double {
    guard has(axis: index, askedBy: "velocity(ofAxis:)") else { return .nan }
    let place = axisPlaces[index]
    return place.actuator.map { world.velocity(of: $0) } ?? world.jointVelocity(place.joint, axis: place.axis)
  }

  /// The effort that actuator `index` gave in the last physics step, N·m or N.
  public func torque(ofActuator index: Int) -> Double {
    has(actuator: index, askedBy: "torque(ofActuator:)") ? world.torque(of: actuators[index]) : .nan
  }
  /// Σ|τ|Δt of actuator `index` over the last control step, N·m·s or N·s.
  func impulse(ofActuator index: Int) -> Double { world.impulse(of: actuators[index]) }
  /// The greatest |τ| of actuator `index` in the physics steps of the last control step, N·m or N.
  func peakTorque(ofActuator index: Int) -> Double { world.peakTorque(of: actuators[index]) }
  /// The most that actuator `index` can give, N·m or N.
  package func torqueLimit(ofActuator index: Int) -> Double { world.torqueLimit(of: actuators[index]) }
  /// Σ|τω|Δt over all actuators in the last control step, in joules.
  public var work: Double { world.actuatorWork }

  /// Whether a link touched the ground at the end of the last control step.
  public func touchesGround(_ link: LinkID) -> Bool { has(link, askedBy: "touchesGround") && world.isOnGround(link) }
  /// In which physics steps of the last control step a link touched the ground: bit *k* for the *k*th, or for the *k*th
  /// 64th of a control step of more.
  public func groundContactSteps(_ link: LinkID) -> UInt64 {
    has(link, askedBy: "groundContactSteps") ? world.groundContacts(of: link) : 0
  }

  /// Whether a link touched another link or a prop at the end of the last control step.
  public func touchesAnotherLink(_ link: LinkID) -> Bool {
    has(link, askedBy: "touchesAnotherLink") && world.touchesBody(link)
  }

  /// The force of the ground on a link or a prop in world axes, N: its mean over the physics steps of the last control step,
  /// zero before the first. Its part along z is the normal force, such as that of a foot. For tasks whose
  /// `measuresContactForces` is true.
  public func groundForce(on link: LinkID) -> Vector3 {
    has(link, askedBy: "groundForce(on:)") && hasContactForces("groundForce(on:)")
      ? world.groundForce(on: link) : .undefined
  }

  /// The force of all other links and props that touch a link or a prop, joints left out, in world axes, N; as
  /// `groundForce(on:)` otherwise.
  public func contactForce(on link: LinkID) -> Vector3 {
    has(link, askedBy: "contactForce(on:)") && hasContactForces("contactForce(on:)")
      ? world.contactForce(on: link) : .undefined
  }

  /// Whether contact forces are measured; notes the mistake if not.
  private func hasContactForces(_ function: StaticString) -> Bool {
    if world.measuresContactForces { return true }
    misuse.note(
      "\(function) was called, but contact forces are not measured; let the task's measuresContactForces be true")
    return false
  }

  /// The height of the lowest point of a link's shapes above the ground, m.
  public func clearance(of link: LinkID) -> Double {
    guard has(link, askedBy: "clearance(of:)") else { return .nan }
    return model.colliders(of: link).lowestPoint(at: world.pose(of: link))
  }

  /// Links that overlap each other or the ground now.
  package mutating func overlaps() throws(PhysicsError) -> [Overlap] { try world.overlaps() }

  /// Logs the commands to the physics engine from now on; see `World.startCommandLog()`.
  mutating func startCommandLog() throws { try world.startCommandLog() }
  /// Repeats the logged commands and does nothing else; see `World.rerunCommandLog()`.
  mutating func rerunCommandLog() throws { try world.rerunCommandLog() }

  /// What the world is simulated with.
  package var worldSettings: WorldSettings { world.settings }

  /// Kinetic and potential energy, J.
  var energy: (kinetic: Double, potential: Double) { (world.kineticEnergy, world.potentialEnergy) }

  /// Whether control steps measure `stepErrors`.
  var measuresErrors: Bool {
    get { world.measuresErrors }
    set { world.measuresErrors = newValue }
  }
  /// How far the last control step deviated from rigid bodies, exact joints and hard stops; see `measuresErrors`.
  var stepErrors: StepErrors { world.stepErrors }

  /// The widest gap between the two halves of a joint, m.
  package var maximumJointGap: Double { world.maximumJointGap }

  // MARK: Saving

  var snapshotCount: Int { world.snapshotCount }
  func snapshot(into values: inout [Double]) { world.snapshot(into: &values) }

  mutating func restore(_ values: Span<Double>, action: [Float]) throws {
    try world.restore(from: values)
    self.action = action
  }
}

extension Vector3 {
  static let undefined = Vector3(.nan, .nan, .nan)
}

extension Pose {
  static let undefined = Pose(position: .undefined)
}

extension Joint {
  /// The axes in the pose in which the simulation builds the robot, where the parent's frame is turned by `orientation`. A
  /// second axis is turned by the first.
  fileprivate func definitions(from orientation: Quaternion) -> [JointAxis] {
    var orientation = orientation
    return axes.map { axis in
      let direction = orientation.act(on: axis.direction)
      if kind != .slider, axis.start != 0 { orientation = Quaternion(angle: axis.start, axis: direction) * orientation }
      return JointAxis(
        direction, lower: axis.range?.lowerBound ?? -.infinity, upper: axis.range?.upperBound ?? .infinity,
        dynamics: axis.dynamics, start: axis.start)
    }
  }
}
