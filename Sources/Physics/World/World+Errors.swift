/// How far a step deviated from rigid bodies, exact joints and hard stops: the maximum of each over its substeps.
public struct StepErrors: Sendable, Equatable {
  /// Of two shapes in each other, or of one in the ground, m.
  public var penetration: Double
  /// Between the two halves of a joint, m.
  public var jointGap: Double
  /// Of a turning axis beyond its stop, rad.
  public var turnBeyondStop: Double
  /// Of a sliding axis beyond its stop, m.
  public var slideBeyondStop: Double

  /// By default no errors.
  public init(
    penetration: Double = 0, jointGap: Double = 0, turnBeyondStop: Double = 0, slideBeyondStop: Double = 0
  ) {
    self.penetration = penetration
    self.jointGap = jointGap
    self.turnBeyondStop = turnBeyondStop
    self.slideBeyondStop = slideBeyondStop
  }
}

extension World {
  /// Measures joints and stops after a substep; contacts are measured as they are made.
  mutating func measureErrors() {
    stepErrors.jointGap = max(stepErrors.jointGap, maximumJointGap)
    for axis in axes where axis.frame.lower > -.infinity || axis.frame.upper < .infinity {
      let position = axis.frame.state().position
      let excess = max(axis.frame.lower - position, position - axis.frame.upper)
      if axis.frame.isSliding {
        stepErrors.slideBeyondStop = max(stepErrors.slideBeyondStop, excess)
      } else {
        stepErrors.turnBeyondStop = max(stepErrors.turnBeyondStop, excess)
      }
    }
  }
}
