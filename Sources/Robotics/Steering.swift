import Environments

/// A velocity command from outside the task, such as from a person who steers the robot.
///
/// Speeds are those of the root in its own heading: the body's frame turned about the vertical alone.
public struct Steering: Sendable, Equatable {
  /// m/s.
  public var forward: Double
  /// m/s, to the left.
  public var sideways: Double
  /// rad/s, to the left.
  public var turning: Double

  public init(forward: Double = 0, sideways: Double = 0, turning: Double = 0) {
    self.forward = forward
    self.sideways = sideways
    self.turning = turning
  }

  /// Standing still.
  public static let standing = Steering()
}

/// The velocities that a robot's policy has learned to keep.
public struct SteeringLimits: Sendable, Equatable {
  /// m/s.
  public let forward: ClosedRange<Double>
  /// m/s, to the left.
  public let sideways: ClosedRange<Double>
  /// rad/s, to the left.
  public let turning: ClosedRange<Double>
  /// Whether the robot can be commanded to stand still although the ranges do not hold 0.
  public let allowsStanding: Bool

  public init(
    forward: ClosedRange<Double>, sideways: ClosedRange<Double> = 0...0, turning: ClosedRange<Double> = 0...0,
    allowsStanding: Bool = false
  ) {
    self.forward = forward
    self.sideways = sideways
    self.turning = turning
    self.allowsStanding = allowsStanding
  }

  /// The velocity within the limits that is nearest to `steering`; what is not a number counts as 0.
  public func nearest(to steering: Steering) -> Steering {
    if allowsStanding && steering == .standing { return steering }
    let clamped = { (value: Double, range: ClosedRange<Double>) in
      min(max(value.isNaN ? 0 : value, range.lowerBound), range.upperBound)
    }
    return Steering(
      forward: clamped(steering.forward, forward), sideways: clamped(steering.sideways, sideways),
      turning: clamped(steering.turning, turning))
  }
}
