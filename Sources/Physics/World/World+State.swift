/// Looking at a world and placing its bodies.
extension World {
  // MARK: - Bodies

  /// Where a body's link frame stands.
  public func pose(of body: BodyID) -> Pose {
    let engine = bodies[body.index].engine
    return Pose(position: engine.position - bodies[body.index].centerOffset, orientation: engine.quaternion)
  }

  /// Where a body's center of mass is, m.
  public func centerOfMass(of body: BodyID) -> Vector3 { bodies[body.index].engine.position }

  /// The velocity of a body's link frame origin, in world axes, m/s.
  public func linearVelocity(of body: BodyID) -> Vector3 {
    let engine = bodies[body.index].engine
    return engine.linearVelocity - engine.angularVelocity.cross(bodies[body.index].centerOffset)
  }

  /// The velocity of a body's center of mass, in world axes, m/s.
  public func centerOfMassVelocity(of body: BodyID) -> Vector3 { bodies[body.index].engine.linearVelocity }

  /// A body's angular velocity, in world axes, rad/s.
  public func angularVelocity(of body: BodyID) -> Vector3 { bodies[body.index].engine.angularVelocity }

  /// A body's mass properties in its link frame.
  public func massProperties(of body: BodyID) -> MassProperties { bodies[body.index].mass }

  /// Places a body's link frame. The quaternion is kept to the bit if its norm is 1 within 1e-9, else normalized.
  ///
  /// Place all bodies of a robot consistently with its joints; what is not, the solver will pull together.
  /// A pose that is not finite makes the next step throw.
  public mutating func setPose(of body: BodyID, _ pose: Pose) {
    let norm = pose.orientation.norm
    guard pose.isFinite, norm.isFinite, norm > 1e-9 else {
      return invalidate("body '\(bodyNames[body.index])' was given the pose \(pose)")
    }
    let orientation = abs(norm - 1) <= 1e-9 ? pose.orientation : pose.orientation.normalized
    let rotation = Matrix3(orientation)
    let data = bodies[body.index]
    data.engine.setPose(
      position: pose.position + rotation.act(on: data.mass.centerOfMass), quaternion: orientation, rotation: rotation)
    hasMoved = true
    areAxesCurrent = false
  }

  /// Sets a body's motion: the velocity of its link frame's origin in m/s and its angular velocity in rad/s, world axes.
  ///
  /// Call it after ``setPose(of:_:)``. A velocity that is not finite makes the next step throw.
  public mutating func setVelocity(of body: BodyID, linear: Vector3, angular: Vector3) {
    guard linear.isFinite, angular.isFinite else {
      return invalidate("body '\(bodyNames[body.index])' was given the velocities \(linear) and \(angular)")
    }
    let data = bodies[body.index]
    data.engine.setVelocity(linear: linear + angular.cross(data.centerOffset), angular: angular)
    areAxesCurrent = false
  }

  /// Changes a body's velocity at once by so many m/s, in world axes, as a blow through its center of mass does.
  ///
  /// A change that is not finite makes the next step throw.
  public mutating func addVelocity(_ change: Vector3, to body: BodyID) {
    guard change.isFinite else {
      return invalidate("body '\(bodyNames[body.index])' was given the change of velocity \(change)")
    }
    let engine = bodies[body.index].engine
    engine.setVelocity(linear: engine.linearVelocity + change, angular: engine.angularVelocity)
    areAxesCurrent = false
  }

  /// Forgets what the last step left behind, so that what follows depends on poses, velocities and targets alone:
  /// contacts, torques, work and forces that wait for the next step. Time starts at 0 again.
  public mutating func forgetLastStep() {
    time = 0
    actuatorWork = 0
    stepErrors = StepErrors()
    clearContactForces()
    if isPushed { dropPushes() }
    for index in bodies.indices {
      bodies[index].engine.clearForces()
      bodies[index].onGround = false
      bodies[index].touchesBody = false
      bodies[index].groundContacts = 0
    }
    for index in actuators.indices {
      actuatorStates[index].torque = 0
      actuatorStates[index].work = 0
      actuatorStates[index].impulse = 0
      actuatorStates[index].peakTorque = 0
    }
  }

  // MARK: - Contacts

  /// Whether a body touched the ground in the last substep.
  public func isOnGround(_ body: BodyID) -> Bool { bodies[body.index].onGround }

  /// In which substeps of the last step a body touched the ground: bit *k* for substep *k*, or for the *k*th 64th of a
  /// step of more substeps.
  public func groundContacts(of body: BodyID) -> UInt64 { bodies[body.index].groundContacts }

  /// Whether a body touched another in the last substep.
  public func touchesBody(_ body: BodyID) -> Bool { bodies[body.index].touchesBody }

  // MARK: - Joints and actuators

  /// The position of a joint's axis: rad in (−π, π], a slider m; 0 in the zero pose.
  public func jointPosition(_ joint: JointID, axis: Int = 0) -> Double {
    state(of: joint, axis).position
  }

  /// The velocity of a joint's axis: rad/s, a slider m/s.
  public func jointVelocity(_ joint: JointID, axis: Int = 0) -> Double {
    state(of: joint, axis).velocity
  }

  /// Where a joint's axis is in the world: its anchor, m, and its direction.
  public func line(of joint: JointID, axis: Int = 0) -> (point: Vector3, direction: Vector3) {
    let data = joints[joint.index]
    let places = data.axes
    return (data.anchorOnChild.point, axes[places[places.lowerBound + axis]].frame.direction)
  }

  private func state(of joint: JointID, _ axis: Int) -> AxisState {
    let places = joints[joint.index].axes
    return axes[places[places.lowerBound + axis]].frame.state()
  }

  /// How far apart a joint's two anchors are, m; 0 where it holds perfectly. A slider's travel does not count.
  public func jointGap(_ joint: JointID) -> Double {
    let data = joints[joint.index]
    var gap = data.anchorOnChild.point - data.anchorOnParent.point
    if data.kind == .slider {
      let axis = axes[data.axes.lowerBound].frame.direction
      gap -= gap.dot(axis) * axis
    }
    return gap.length
  }

  /// The widest gap of all joints, m.
  public var maximumJointGap: Double {
    joints.indices.reduce(0) { max($0, jointGap(JointID(index: $1))) }
  }

  /// The position of an actuator's axis; see ``jointPosition(_:axis:)``.
  public func position(of actuator: ActuatorID) -> Double { state(of: actuator).position }

  /// The velocity of an actuator's axis: rad/s, a slider m/s.
  public func velocity(of actuator: ActuatorID) -> Double { state(of: actuator).velocity }

  private func state(of actuator: ActuatorID) -> AxisState {
    areAxesCurrent ? actuatorStates[actuator.index].axis : actuators[actuator.index].frame.state()
  }

  /// What an actuator aims at.
  public func target(of actuator: ActuatorID) -> Double { actuatorStates[actuator.index].target }

  /// The torque of an actuator in the last substep, N·m (a slider: N). What the axis does by itself is left out.
  public func torque(of actuator: ActuatorID) -> Double { actuatorStates[actuator.index].torque }

  /// The mechanical work Σ|torque · velocity|·dt of an actuator over the last step, J.
  public func work(of actuator: ActuatorID) -> Double { actuatorStates[actuator.index].work }

  /// Σ|torque|·dt of an actuator over the last step, N·m·s (a slider: N·s).
  public func impulse(of actuator: ActuatorID) -> Double { actuatorStates[actuator.index].impulse }

  /// The greatest |torque| of an actuator in the last step, N·m (a slider: N).
  public func peakTorque(of actuator: ActuatorID) -> Double { actuatorStates[actuator.index].peakTorque }

  /// The greatest torque that an actuator can give with its present strength, N·m (a slider: N).
  public func torqueLimit(of actuator: ActuatorID) -> Double {
    actuatorStates[actuator.index].strength * actuators[actuator.index].drive.maxTorque
  }

  // MARK: - The whole

  /// The sum of all masses, kg.
  public var totalMass: Double { bodies.reduce(0) { $0 + $1.mass.mass } }

  /// The center of all masses, m; not a number in an empty world.
  public var centerOfMass: Vector3 {
    bodies.reduce(Vector3.zero) { $0 + $1.mass.mass * $1.engine.position } / totalMass
  }

  /// Σ ½mv² + ½ω·Iω of the bodies and of the joints' rotors, J.
  public var kineticEnergy: Double {
    bodies.reduce(rotorEnergy) {
      let v = $1.engine.linearVelocity
      return $0 + 0.5 * $1.mass.mass * v.dot(v) + 0.5 * $1.engine.angularVelocity.dot($1.spin)
    }
  }

  /// −Σ m g·p, J, and the energy in the joints' springs; 0 with all masses at the world's origin and slack springs.
  public var potentialEnergy: Double {
    bodies.reduce(springEnergy) { $0 - $1.mass.mass * settings.gravity.dot($1.engine.position) }
  }

  /// Σ mv, kg·m/s.
  public var linearMomentum: Vector3 {
    bodies.reduce(.zero) { $0 + $1.mass.mass * $1.engine.linearVelocity }
  }

  /// Σ p × mv + Iω, about the world's origin, kg·m²/s.
  public var angularMomentum: Vector3 {
    bodies.reduce(.zero) {
      $0 + $1.engine.position.cross($1.mass.mass * $1.engine.linearVelocity) + $1.spin
    }
  }
}

extension BodyData {
  /// The angular momentum about the center of mass, in world axes.
  fileprivate var spin: Vector3 {
    let rotation = engine.rotation
    return rotation.act(on: mass.inertia.act(on: rotation.inverseAct(on: engine.angularVelocity)))
  }
}
