/// Moving on.
extension World {
  /// The greatest speed of a body's center of mass at the end of a step, m/s.
  public static let maximumSpeed = 100.0
  /// The greatest angular speed of a body at the end of a step, rad/s, where its size does not allow more: a wheel may spin
  /// until its rim moves at ``maximumSpeed``.
  public static let maximumAngularSpeed = 200.0

  /// Sets what an actuator aims at: rad, rad/s or N·m, as its drive says (a slider: m, m/s, N).
  ///
  /// A position target beyond a stop is taken as the stop. A target that is not finite makes the next step throw.
  public mutating func setTarget(_ actuator: ActuatorID, _ target: Double) {
    guard target.isFinite else { return invalidate("actuator \(actuator.index) was given the target \(target)") }
    actuatorStates[actuator.index].target = target
  }

  /// Scales an actuator's torque, gains and greatest torque alike; 1 is as defined.
  ///
  /// A scale that is not finite or below 0 makes the next step throw.
  public mutating func setStrength(_ actuator: ActuatorID, _ scale: Double) {
    guard scale.isFinite, scale >= 0 else {
      return invalidate("actuator \(actuator.index) was given the strength \(scale)")
    }
    actuatorStates[actuator.index].strength = scale
  }

  /// Sets the ground's share of friction coefficients; a value that is not finite or below 0 makes the next step throw.
  public mutating func setGroundFriction(_ friction: Double) {
    guard friction.isFinite, friction >= 0 else { return invalidate("the ground was given the friction \(friction)") }
    ground?.friction = friction
  }

  /// Into how many parts a step of many substeps is divided in ``groundContacts(of:)``: its bits.
  public static let contactBits = 64

  /// The scales that ``setContactScale(_:)`` and ``setDampingScale(_:)`` take.
  public static let softnessScales = 1e-6...1e6

  /// Scales the stiffness and damping of all contacts; 1 is as defined. Where the softness is given as mixing, its
  /// constraint force mixing is divided by the scale.
  ///
  /// A scale outside ``softnessScales`` makes the next step throw.
  public mutating func setContactScale(_ scale: Double) {
    guard World.softnessScales.contains(scale) else { return invalidate("contacts were given the scale \(scale)") }
    contactScale = scale
    surface.cfm = settings.contact.mixing(substep: settings.substep).cfm / scale
  }

  /// Scales the damping of all joint axes and of all position drives; 1 is as defined.
  ///
  /// A scale outside ``softnessScales`` makes the next step throw.
  public mutating func setDampingScale(_ scale: Double) {
    guard World.softnessScales.contains(scale) else { return invalidate("joints were given the damping \(scale)") }
    dampingScale = scale
  }

  /// The scales that ``setMassScale(of:_:)`` takes.
  public static let massScales = 1e-3...1e3

  /// Scales a body's mass and inertia; 1 is as defined. A scale outside ``massScales`` makes the next step throw.
  public mutating func setMassScale(of body: BodyID, _ scale: Double) {
    let data = bodies[body.index]
    guard scale != data.massScale else { return }
    guard World.massScales.contains(scale), data.engine.setMass(data.definedMass.scaled(by: scale)) else {
      return invalidate("body '\(bodyNames[body.index])' was given the mass scale \(scale)")
    }
    bodies[body.index].massScale = scale
  }

  /// Adds a force in N, in world axes, for the whole of the next step, at a point of the world.
  ///
  /// The point is turned into a torque about the center of mass here and now, and does not move during the step.
  public mutating func applyForce(_ force: Vector3, to body: BodyID, at point: Vector3) {
    applyForce(force, to: body)
    applyTorque((point - bodies[body.index].engine.position).cross(force), to: body)
  }

  /// Adds a force in N, in world axes, on the center of mass for the whole of the next step.
  public mutating func applyForce(_ force: Vector3, to body: BodyID) {
    guard force.isFinite else { return invalidate("body '\(bodyNames[body.index])' was given the force \(force)") }
    bodies[body.index].externalForce += force
    isPushed = true
  }

  /// Adds a torque in N·m, in world axes, for the whole of the next step.
  public mutating func applyTorque(_ torque: Vector3, to body: BodyID) {
    guard torque.isFinite else { return invalidate("body '\(bodyNames[body.index])' was given the torque \(torque)") }
    bodies[body.index].externalTorque += torque
    isPushed = true
  }

  /// Advances by a number of substeps; each applies all actuators, finds contacts and solves.
  ///
  /// - Throws: `PhysicsError.diverged` where the state is not finite or too fast at the end (see ``maximumSpeed``) or an
  ///   argument was not finite, `PhysicsError.engine` where the engine failed. The world then stays faulted.
  ///   `PhysicsError.invalidDefinition` for fewer than one substep.
  public mutating func step(_ substeps: Int = 1) throws(PhysicsError) {
    try step(substeps, aimingAt: Span(), from: 0)
  }

  /// Advances as ``step(_:)`` does; from substep number `first` on, the actuators aim at `targets`, one number each in the
  /// order in which they were added, as if ``setTarget(_:_:)`` were called in between.
  public mutating func step(
    _ substeps: Int, aimingAt targets: Span<Double>, from first: Int
  ) throws(PhysicsError) {
    guard substeps > 0 else { throw .invalidDefinition("a step takes at least one substep, not \(substeps)") }
    if let fault { throw fault }
    if !isPrepared { prepare() }
    hasMoved = true
    beginStep()
    do throws(PhysicsError) {
      for number in 0..<substeps {
        if number == first { for index in targets.indices { setTarget(ActuatorID(index: index), targets[index]) } }
        // A step of more substeps than there are bits shares the bits out evenly.
        try substep(slot: number * min(substeps, World.contactBits) / substeps)
      }
    } catch {
      isBroken = true
      fault = error
      throw error
    }
    if measuresContactForces { averageContactForces(over: substeps) }
    endStep()
    if let fault { throw fault }
  }

  private mutating func beginStep() {
    actuatorWork = 0
    stepErrors = StepErrors()
    clearContactForces()
    for index in bodies.indices { bodies[index].groundContacts = 0 }
    for index in actuators.indices {
      actuatorStates[index].work = 0
      actuatorStates[index].impulse = 0
      actuatorStates[index].peakTorque = 0
    }
    if !areAxesCurrent { locateActuators() }
  }

  private mutating func substep(slot: Int) throws(PhysicsError) {
    let messages = EngineWorld.messageCount
    try driveActuators()
    try driveDynamics()
    if isPushed {
      for body in bodies where body.externalForce != .zero || body.externalTorque != .zero {
        body.engine.addForce(body.externalForce)
        body.engine.addTorque(body.externalTorque)
      }
    }
    if !planarRoots.isEmpty { try correctPlanarRoots() }
    try collide(slot: slot)
    try engine.step(settings.substep)
    if measuresContactForces { engine.addContactForces(to: &contactForces) }
    measureActuators()
    if measuresErrors { measureErrors() }
    time += settings.substep
    if EngineWorld.messageCount != messages { inexactSubsteps += 1 }
  }

  private mutating func endStep() {
    if isPushed { dropPushes() }
    for index in bodies.indices {
      let body = bodies[index].engine
      let linear = body.linearVelocity
      let angular = body.angularVelocity
      // Written so that a value that is not a number fails as well.
      let isSane =
        linear.dot(linear) < World.maximumSpeed * World.maximumSpeed
        && angular.dot(angular) < bodies[index].maximumAngularSpeed * bodies[index].maximumAngularSpeed
        && body.position.isFinite && body.quaternion.isFinite
      if !isSane {
        invalidate("body '\(bodyNames[index])' moves at \(linear.length) m/s and \(angular.length) rad/s")
      }
    }
    if fault == nil, !planarBodies.isEmpty { projectPlanarBodies() }
  }

  /// Forgets forces and torques from outside.
  mutating func dropPushes() {
    for index in bodies.indices {
      bodies[index].externalForce = .zero
      bodies[index].externalTorque = .zero
    }
    isPushed = false
  }

  private mutating func prepare() {
    preparePairs()
    let weight = bodies.reduce(0) { $0 + $1.definedMass.mass } * settings.gravity.length
    surface.creep = weight > 0 ? settings.contact.creep / weight : 0
    preparePlanarBodies()
    isPrepared = true
  }
}
