/// What axes do by themselves: friction, springs and rotors.
extension World {
  /// Ties a motor row of its own to each axis that has dynamics, beside those of the joint's stops and its actuator.
  mutating func addDynamics(
    _ definition: JointDefinition, axes places: Range<Int>, child: Int, parent: Int?
  ) throws(PhysicsError) {
    for (axis, place) in zip(definition.axes, places) where !axis.dynamics.areOff {
      let frame = axes[place].frame
      let motor = try engine.makeMotor(
        isSliding: frame.isSliding, child: bodies[child].engine, parent: parent.map { bodies[$0].engine },
        axis: frame.direction, isAxisOnChild: frame.isAxisOnChild)
      let h = settings.substep
      dynamicAxes.append(
        DynamicAxis(
          frame: frame, motor: motor, dynamics: axis.dynamics,
          gain: axis.dynamics.damping + h * axis.dynamics.stiffness + axis.dynamics.armature / h))
    }
  }

  /// Sets the rows for the next substep.
  ///
  /// With position⁺ = position + h·velocity⁺ and acceleration = (velocity⁺ − velocity)/h the effort is
  /// gain · (target − velocity⁺), gain = damping + h·stiffness + armature/h: a row of softness 1/gain.
  func driveDynamics() throws(PhysicsError) {
    for axis in dynamicAxes {
      let state = axis.frame.state()
      let spring = axis.dynamics.stiffness * axis.stretch(state)
      let target = (axis.dynamics.armature / settings.substep * state.velocity - spring) / axis.gain
      try engine.setMotor(axis.motor, axis: 0, target: target, cfm: 1 / axis.gain, maxTorque: .infinity)
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
