/// Turning targets into torques, and looking at what came of them.
extension World {
  /// How close to a stop, in rad or m, an axis counts as standing at it.
  ///
  /// ODE computes the position in its own way; only rounding lies between the two.
  private static let stopMargin = 1e-9

  /// Applies every actuator for the next substep.
  mutating func driveActuators() throws(PhysicsError) {
    for index in actuators.indices {
      let actuator = actuators[index]
      let strength = actuator.strength
      actuators[index].isMotorized = false
      switch actuator.drive {
      case .position(let stiffness, let damping, let maxTorque, .explicit):
        let torque = stiffness * positionError(actuator) - damping * actuator.state.velocity
        apply(strength * max(-maxTorque, min(maxTorque, torque)), to: index)
      case .position(let stiffness, let damping, let maxTorque, .implicit):
        // With position⁺ = position + h·velocity⁺ the torque is D·(stiffness·error/D − velocity⁺), D = damping + h·stiffness:
        // a motor row of target stiffness·error/D and softness 1/D.
        let gain = damping + settings.substep * stiffness
        let target = stiffness * positionError(actuator) / gain
        try driveMotor(index, target: target, gain: strength * gain, maxTorque: strength * maxTorque)
      case .velocity(let gain, let maxTorque):
        try driveMotor(index, target: actuator.target, gain: strength * gain, maxTorque: strength * maxTorque)
      case .torque(let maxTorque, let damping):
        if damping > 0 { try driveMotor(index, target: 0, gain: damping, maxTorque: .infinity) }
        // The friction is the joint's, not the actuator's: it is not counted as torque or work.
        actuators[index].isMotorized = false
        apply(strength * max(-maxTorque, min(maxTorque, actuator.target)), to: index)
      }
    }
  }

  /// Looks where the actuated axes are after a substep, which torques the solver chose and what work was done.
  mutating func measureActuators() {
    for index in actuators.indices {
      let actuator = actuators[index]
      var torque = actuator.torque
      if actuator.isMotorized {
        let constraint = engine.constraintForce(actuator.engine)
        // The other rows of the joint act at the anchor or across the axis, so only the motor's remains.
        torque =
          actuator.frame.isSliding
          ? constraint.force.dot(actuator.state.direction)
          : (constraint.torque - actuator.lever.cross(constraint.force)).dot(actuator.state.direction)
      }
      let state = state(of: actuator.frame, actuator.anchor, actuator.joint)
      // The mean of both velocities makes the work of a constant torque exact.
      let work = abs(torque * (actuator.state.velocity + state.velocity) / 2) * settings.substep
      actuators[index].torque = torque
      actuators[index].work += work
      actuators[index].impulse += abs(torque) * settings.substep
      actuators[index].peakTorque = max(actuators[index].peakTorque, abs(torque))
      actuators[index].state = state
      actuatorWork += work
    }
  }

  /// How far a position drive is from its target, within the stops.
  private func positionError(_ actuator: ActuatorRecord) -> Double {
    let frame = actuator.frame
    let error = max(frame.lower, min(frame.upper, actuator.target)) - actuator.state.position
    // A wheel takes the short way round.
    if !frame.isSliding, abs(error) > .pi, frame.lower == -.infinity, frame.upper == .infinity {
      return error.remainder(dividingBy: 2 * .pi)
    }
    return error
  }

  /// Lets the solver choose the torque gain · (target − velocity⁺) within ±maxTorque.
  ///
  /// At a stop ODE would take the motor's full torque whatever its target, so there the torque is computed here.
  private mutating func driveMotor(
    _ index: Int, target: Double, gain: Double, maxTorque: Double
  ) throws(PhysicsError) {
    let actuator = actuators[index]
    let position = actuator.state.position
    let atLower = position <= actuator.frame.lower + World.stopMargin
    let atUpper = position >= actuator.frame.upper - World.stopMargin
    guard atLower || atUpper || gain == 0 || maxTorque == 0 else {
      actuators[index].isMotorized = true
      actuators[index].lever = direction(actuator.anchor)
      try engine.setMotor(
        actuator.engine, axis: actuator.axis, target: target, cfm: max(1 / gain, settings.cfm), maxTorque: maxTorque)
      return
    }
    try engine.setMotor(actuator.engine, axis: actuator.axis, target: 0, cfm: settings.cfm, maxTorque: 0)
    guard gain > 0, maxTorque > 0 else { return apply(0, to: index) }
    let pressesIntoStop = (atLower && target < 0) || (atUpper && target > 0)
    // Pressing into the stop the axis will stand, so velocity⁺ is 0. Leaving it, the child's own inertia, a lower bound,
    // tells how velocity⁺ answers to the torque.
    let inertia = actuator.inertia * bodies[actuator.child].massScale
    let torque =
      pressesIntoStop
      ? gain * target : (target - actuator.state.velocity) / (1 / gain + settings.substep / inertia)
    apply(max(-maxTorque, min(maxTorque, torque)), to: index)
  }

  /// Adds a torque about an actuated axis, on the child and back on the parent.
  private mutating func apply(_ torque: Double, to index: Int) {
    actuators[index].torque = torque
    let actuator = actuators[index]
    if actuator.frame.isSliding {
      engine.addSliderForce(actuator.engine, torque)
      return
    }
    let vector = torque * actuator.state.direction
    bodies[actuator.child].engine.addTorque(vector)
    if let parent = actuator.parent { bodies[parent].engine.addTorque(-vector) }
  }
}
