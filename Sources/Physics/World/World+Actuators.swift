/// Turning targets into torques, and looking at what came of them.
extension World {
  /// How close to a stop, in rad or m, an axis counts as standing at it.
  ///
  /// ODE computes the position in its own way; only rounding lies between the two.
  private static let stopMargin = 1e-9

  /// Applies every actuator for the next substep.
  mutating func driveActuators() throws(PhysicsError) {
    for index in actuators.indices {
      let state = actuatorStates[index]
      actuatorStates[index].isMotorized = false
      switch actuators[index].drive {
      case .position(let stiffness, let damping, let maxTorque, .explicit):
        let torque = stiffness * positionError(index) - dampingScale * damping * state.axis.velocity
        apply(state.strength * limited(torque, maxTorque, index), to: index)
      case .position(let stiffness, let damping, let maxTorque, .implicit):
        // With position⁺ = position + h·velocity⁺ the torque is D·(stiffness·error/D − velocity⁺), D = damping + h·stiffness:
        // a motor row of target stiffness·error/D and softness 1/D.
        let gain = dampingScale * damping + settings.substep * stiffness
        let target = stiffness * positionError(index) / gain
        let greatest = state.strength * available(maxTorque, towards: target, index)
        try driveMotor(index, target: target, gain: state.strength * gain, maxTorque: greatest)
      case .velocity(let gain, let maxTorque):
        let greatest = state.strength * available(maxTorque, towards: state.target, index)
        try driveMotor(index, target: state.target, gain: state.strength * gain, maxTorque: greatest)
      case .torque(let maxTorque):
        apply(state.strength * limited(state.target, maxTorque, index), to: index)
      }
    }
  }

  /// A torque within what the motor can give at the axis' present speed; see ``torqueLimits(at:maxTorque:speedLimit:)``.
  private func limited(_ torque: Double, _ maxTorque: Double, _ index: Int) -> Double {
    let speedLimit = actuators[index].speedLimit
    guard speedLimit < .infinity else { return max(-maxTorque, min(maxTorque, torque)) }
    let limits = Self.torqueLimits(
      at: actuatorStates[index].axis.velocity, maxTorque: maxTorque, speedLimit: speedLimit)
    return max(limits.lowerBound, min(limits.upperBound, torque))
  }

  /// The greatest torque that the motor can give at the axis' present speed to bring it to the speed `target`.
  private func available(_ maxTorque: Double, towards target: Double, _ index: Int) -> Double {
    let speedLimit = actuators[index].speedLimit
    guard speedLimit < .infinity else { return maxTorque }
    let velocity = actuatorStates[index].axis.velocity
    let limits = Self.torqueLimits(at: velocity, maxTorque: maxTorque, speedLimit: speedLimit)
    return target >= velocity ? limits.upperBound : -limits.lowerBound
  }

  /// What a motor can give while it turns: of a torque that speeds it up, less and less until none is left at its speed
  /// limit, as the voltage that its speed induces eats up the supply; all of its torque to slow it down.
  ///
  /// - Parameters:
  ///   - velocity: rad/s (a slider: m/s).
  ///   - maxTorque: at a standstill, N·m (a slider: N).
  ///   - speedLimit: at which no torque is left, rad/s (a slider: m/s).
  public static func torqueLimits(
    at velocity: Double, maxTorque: Double, speedLimit: Double
  ) -> ClosedRange<Double> {
    let share = velocity / speedLimit
    let upper = maxTorque * max(0, min(1, 1 - share))
    let lower = -maxTorque * max(0, min(1, 1 + share))
    return lower...upper
  }

  /// Looks where the actuated axes are.
  mutating func locateActuators() {
    for index in actuators.indices { actuatorStates[index].axis = actuators[index].frame.state() }
    areAxesCurrent = true
  }

  /// Looks where the actuated axes are after a substep, which torques the solver chose and what work was done.
  mutating func measureActuators() {
    for index in actuators.indices {
      if actuatorStates[index].isMotorized {
        actuatorStates[index].torque = Self.solvedTorque(actuators[index], actuatorStates[index])
      }
      let torque = actuatorStates[index].torque
      let before = actuatorStates[index].axis.velocity
      let axis = actuators[index].frame.state()
      // The mean of both velocities makes the work of a constant torque exact.
      let work = abs(torque * (before + axis.velocity) / 2) * settings.substep
      actuatorStates[index].axis = axis
      actuatorStates[index].work += work
      actuatorStates[index].impulse += abs(torque) * settings.substep
      actuatorStates[index].peakTorque = max(actuatorStates[index].peakTorque, abs(torque))
      actuatorWork += work
    }
  }

  /// The torque that the solver chose in the last substep, by where the axis was before it.
  private static func solvedTorque(_ actuator: ActuatorData, _ state: ActuatorState) -> Double {
    let constraint = actuator.engine.constraintForce
    // The other rows of the joint act at the anchor or across the axis, so only the motor's remains.
    return actuator.frame.isSliding
      ? constraint.force.dot(state.axis.direction)
      : (constraint.torque - state.lever.cross(constraint.force)).dot(state.axis.direction)
  }

  /// How far a position drive is from its target, within the stops.
  private func positionError(_ index: Int) -> Double {
    let (lower, upper) = (actuators[index].frame.lower, actuators[index].frame.upper)
    let error = max(lower, min(upper, actuatorStates[index].target)) - actuatorStates[index].axis.position
    // A wheel takes the short way round.
    if abs(error) > .pi, !actuators[index].frame.isSliding, lower == -.infinity, upper == .infinity {
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
    let (joint, number) = (actuators[index].engine, actuators[index].axis)
    let position = actuatorStates[index].axis.position
    let atLower = position <= actuators[index].frame.lower + World.stopMargin
    let atUpper = position >= actuators[index].frame.upper - World.stopMargin
    guard atLower || atUpper || gain == 0 || maxTorque == 0 else {
      actuatorStates[index].isMotorized = true
      actuatorStates[index].lever = actuators[index].frame.child.rotation.act(on: actuators[index].anchor)
      try engine.setMotor(
        joint, axis: number, target: target, cfm: max(1 / gain, settings.cfm), maxTorque: maxTorque)
      return
    }
    try engine.setMotor(joint, axis: number, target: 0, cfm: settings.cfm, maxTorque: 0)
    guard gain > 0, maxTorque > 0 else { return apply(0, to: index) }
    let pressesIntoStop = (atLower && target < 0) || (atUpper && target > 0)
    // Pressing into the stop the axis will stand, so velocity⁺ is 0. Leaving it, the child's own inertia, a lower bound,
    // gives the response of velocity⁺ to the torque.
    let inertia = actuators[index].inertia * bodies[actuators[index].child].massScale
    let torque =
      pressesIntoStop
      ? gain * target
      : (target - actuatorStates[index].axis.velocity) / (1 / gain + settings.substep / inertia)
    apply(max(-maxTorque, min(maxTorque, torque)), to: index)
  }

  /// Adds a torque about an actuated axis, on the child and back on the parent.
  private mutating func apply(_ torque: Double, to index: Int) {
    actuatorStates[index].torque = torque
    guard !actuators[index].frame.isSliding else { return engine.addSliderForce(actuators[index].engine, torque) }
    let vector = torque * actuatorStates[index].axis.direction
    actuators[index].frame.child.addTorque(vector)
    if let parent = actuators[index].frame.parent { parent.addTorque(-vector) }
  }
}
