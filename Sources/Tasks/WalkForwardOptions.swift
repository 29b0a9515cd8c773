extension WalkForward {
  /// What differs from robot to robot in how it should walk, and what it can feel.
  public struct Options: Sendable {
    /// What the policy reads.
    public enum Senses: Sendable {
      /// Everything: where the robot is, which way it heads and how fast it goes, too.
      case all
      /// What an IMU in the trunk and encoders in the joints measure. Only the critic reads the rest, in training.
      case imu
    }

    public var senses = Senses.all
    /// How far from its neutral an axis starts at most, rad.
    public var startSpread = 0.1
    /// Meters of the root's origin above the ground below which it walks in a crouch; nil: that costs nothing.
    public var height: Double?
    /// A link, besides the root, that is to be upright.
    public var uprightLink: String?
    /// Meters above the ground to which a swinging foot may be lifted without a cost; nil: any height.
    public var highestStep: Double?
    /// The greatest reward of each foot for keeping to the clock.
    public var clockWeight = 0.08
    /// The cost of a watt of the actuators.
    public var powerWeight = 0.0002
    /// The cost of Σ(Δa)² from one action to the next.
    public var smoothnessWeight = 0.006
    /// The cost of an axis that is at its stop; from 0.1 rad before it on it grows linearly.
    public var stopWeight = 0.02
    /// The cost of a fall, besides all that it ends.
    public var fallPenalty = 0.0
    /// Whether a steady walk may be slower in easy episodes; at a difficulty of 0 the robot is to stand.
    public var startsFromStanding = false
    /// Names of axes that should stay near their neutral, such as those of arms.
    public var resting: [String] = []
    /// The cost of Σ(q − neutral)² over them, rad⁻².
    public var restingWeight = 0.0

    public init() {}

    /// The same for a policy that reads an IMU and the joints alone.
    public var imuOnly: Self {
      var options = self
      options.senses = .imu
      return options
    }
  }
}
