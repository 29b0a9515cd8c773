/// One component of the action, with the limits the env clamps it to and what it means outside.
public struct ActionChannel: Sendable, Equatable {
  public var name: String
  public var low: Float
  public var high: Float
  /// Of what the component commands, such as "rad" or "N·m"; empty for a number without a unit.
  public var unit: String
  /// A component *a* commands `rest` + `scale` · *a*, in `unit`.
  public var scale: Double
  /// What a component of 0 commands, in `unit`.
  public var rest: Double
  /// What carries the command out, where it is the actuator of a joint.
  public var actuator: Actuator?

  public init(
    _ name: String, low: Float = -1, high: Float = 1, unit: String = "", scale: Double = 1, rest: Double = 0,
    actuator: Actuator? = nil
  ) {
    self.name = name
    self.low = low
    self.high = high
    self.unit = unit
    self.scale = scale
    self.rest = rest
    self.actuator = actuator
  }

  /// What has to be built, or set, outside for a command to have the effect that it had in training.
  ///
  /// Gains and limits are those of the joint, behind any gear.
  public struct Actuator: Sendable, Equatable {
    /// What a command is.
    public enum Command: String, Sendable, Equatable, CaseIterable {
      /// Where to be: effort = stiffness · (command − position) − damping · velocity.
      case position
      /// How fast to move: effort = damping · (command − velocity).
      case velocity
      /// The effort itself.
      case effort
    }

    public var command: Command
    /// N·m/rad (of what slides: N/m); 0 where the command is not a position.
    public var stiffness: Double
    /// N·m·s/rad (N·s/m); 0 where the command is an effort, infinite where a speed is held with all that there is.
    public var damping: Double
    /// The greatest effort, N·m (N); infinite for none.
    public var limit: Double
    /// The speed at which no effort is left to speed the joint up, rad/s (m/s); infinite for the same effort at any speed.
    public var speedLimit: Double
    /// Where the joint stands in the robot's default pose, rad (m).
    public var neutral: Double
    /// Where the joint's stops are, rad (m); infinite for none.
    public var stops: ClosedRange<Double>
    /// Whether the joint slides, so that it is measured in m and N.
    public var isSliding: Bool

    public init(
      command: Command, stiffness: Double = 0, damping: Double = 0, limit: Double = .infinity, neutral: Double = 0,
      stops: ClosedRange<Double> = -.infinity ... .infinity, isSliding: Bool = false, speedLimit: Double = .infinity
    ) {
      self.command = command
      self.stiffness = stiffness
      self.damping = damping
      self.limit = limit
      self.neutral = neutral
      self.stops = stops
      self.isSliding = isSliding
      self.speedLimit = speedLimit
    }
  }

  /// Whether a policy that acts on one acts on the other: the same component within the same limits, whatever it drives.
  package func fits(_ other: ActionChannel) -> Bool { name == other.name && low == other.low && high == other.high }

  /// Throws unless all figures can be.
  func validate() throws(EnvError) {
    guard low < high, low.isFinite, high.isFinite else {
      throw EnvError("action '\(name)' has limits \(low)...\(high); low must be below high")
    }
    guard scale.isFinite, scale != 0, rest.isFinite else {
      throw EnvError(
        "action '\(name)' has the scale \(scale) and the rest \(rest); both must be finite, and the scale not 0")
    }
    guard let actuator else { return }
    guard actuator.stiffness >= 0, actuator.stiffness.isFinite, actuator.damping >= 0, actuator.limit > 0,
      actuator.speedLimit > 0,
      actuator.neutral.isFinite
    else {
      throw EnvError(
        "action '\(name)' has stiffness \(actuator.stiffness), damping \(actuator.damping), limit \(actuator.limit), speed limit \(actuator.speedLimit) and "
          + "neutral position \(actuator.neutral); none may be below 0 but the position, and a limit must be above")
    }
  }
}
