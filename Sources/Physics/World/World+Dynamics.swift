/// What axes do by themselves: friction, springs and rotors.
extension World {
  /// Ties a motor row of its own to each axis that has dynamics, beside those of the joint's stops and its actuator.
  mutating func addDynamics(
    _ definition: JointDefinition, axes places: Range<Int>, child: Int, parent: Int?
  ) throws(PhysicsError) {
    for (axis, place) in zip(definition.axes, places) where !axis.dynamics.isOff {
      let frame = axes[place].frame
      let motor = try engine.makeMotor(
        isSliding: frame.isSliding, child: bodies[child].engine, parent: parent.map { bodies[$0].engine },
        axis: frame.direction, isAxisOnChild: frame.isAxisOnChild)
      dynamicAxes.append(DynamicAxis(frame: frame, motor: motor, dynamics: axis.dynamics))
    }
  }

  /// The speed at and below which dry friction is viscous, rad/s (a slider: m/s): an axis that it holds creeps no faster.
  private static let frictionCreep = 1e-3

  /// Sets the rows for the next substep.
  ///
  /// With acceleration = (velocity⁺ − velocity)/h the effort is gain · (target − velocity⁺),
  /// gain = damping + armature/h: a row of softness 1/gain. A spring that pulls by its position at the start of the
  /// substep keeps its energy. It is stable as long as h²·stiffness < 4·inertia + 2·h·damping; of the inertia the
  /// armature is known, and where that is too little, damping is added.
  ///
  /// Dry friction is damping by its effort over the speed at the start of the substep. A bound on the row instead would be
  /// exact at rest as well, but make the solver several times slower.
  func driveDynamics() throws(PhysicsError) {
    let h = settings.substep
    for axis in dynamicAxes {
      let state = axis.frame.state()
      let dynamics = axis.dynamics
      let rotor = dynamics.armature / h
      let viscous = max(dampingScale * dynamics.damping, h * dynamics.stiffness - rotor)
      let damping = viscous + dynamics.friction / max(abs(state.velocity), World.frictionCreep)
      let gain = damping + rotor
      let spring = dynamics.stiffness * axis.stretch(state)
      let target = (rotor * state.velocity - spring) / gain
      try engine.setMotor(axis.motor, axis: 0, target: target, cfm: 1 / gain, maxTorque: .infinity)
    }
  }

  /// Energy of motion of all rotors, J.
  var rotorEnergy: Double {
    dynamicAxes.reduce(0) {
      let velocity = $1.frame.state().velocity
      return $0 + 0.5 * $1.dynamics.armature * velocity * velocity
    }
  }

  /// Energy in all springs, J.
  var springEnergy: Double {
    dynamicAxes.reduce(0) {
      let stretch = $1.stretch($1.frame.state())
      return $0 + 0.5 * $1.dynamics.stiffness * stretch * stretch
    }
  }
}

extension DynamicAxis {
  /// How far the spring is from its rest, rad or m.
  fileprivate func stretch(_ state: AxisState) -> Double {
    let way = state.position - dynamics.rest
    let hasStops = frame.lower > -.infinity || frame.upper < .infinity
    return frame.isSliding || hasStops ? way : way.remainder(dividingBy: 2 * .pi)
  }
}
