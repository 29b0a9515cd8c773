/// How an actuator turns its target into a torque (on a slider: a force, in N, N/m and N·s/m).
public enum Drive: Sendable, Equatable {
  /// When the torque of a position drive is computed.
  public enum Form: Sendable, Equatable {
    /// With the position and velocity at the end of the substep, solved together with all constraints.
    ///
    /// Stable for all gains. Each costs a row of the solver.
    case implicit
    /// With the position and velocity at the start of the substep.
    ///
    /// Cheap; stable only while damping · substep and stiffness · substep² stay well below the inertia that the joint moves.
    case explicit
  }

  /// Torque stiffness · (target − position) − damping · velocity, within ±maxTorque. Target in rad.
  case position(stiffness: Double, damping: Double, maxTorque: Double, form: Form = .explicit)
  /// Torque gain · (target − velocity), within ±maxTorque, solved with the constraints. Target in rad/s.
  ///
  /// An infinite gain reaches the target in one substep where maxTorque allows.
  case velocity(gain: Double = .infinity, maxTorque: Double)
  /// The target itself in N·m, within ±maxTorque.
  case torque(maxTorque: Double)

  /// The greatest torque, N·m (a slider: N).
  public var maxTorque: Double {
    switch self {
    case .position(_, _, let limit, _), .velocity(_, let limit), .torque(let limit): limit
    }
  }

  func validate(_ owner: String) throws(PhysicsError) {
    switch self {
    case .position(let stiffness, let damping, let maxTorque, _):
      guard stiffness.isFinite, damping.isFinite, stiffness >= 0, damping >= 0, stiffness + damping > 0 else {
        throw .invalidDefinition("\(owner): stiffness and damping must be finite, at least 0 and not both 0")
      }
      try validate(maxTorque, owner)
    case .velocity(let gain, let maxTorque):
      guard gain > 0 else { throw .invalidDefinition("\(owner): the gain must be above 0, not \(gain)") }
      try validate(maxTorque, owner)
    case .torque(let maxTorque):
      try validate(maxTorque, owner)
    }
  }

  private func validate(_ maxTorque: Double, _ owner: String) throws(PhysicsError) {
    guard maxTorque > 0 else {
      throw .invalidDefinition("\(owner): the greatest torque must be above 0, not \(maxTorque)")
    }
  }
}
