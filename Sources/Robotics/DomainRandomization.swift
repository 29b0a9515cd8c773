import Environments

/// Domain randomization: how a robot and its surroundings differ from what is declared, so that a policy works on a real
/// machine.
///
/// Each value is a range from which every episode draws uniformly; a range of one value is fixed. The values depend
/// only on the episode's seed, and not on which of the ranges are in use, so that the same seeds give the same starts with
/// and without randomization.
public struct DomainRandomization: Sendable, Equatable {
  /// How much the velocity of the whole robot changes when it is pushed, m/s, in a horizontal direction drawn for
  /// each push (along x for a robot in a plane).
  public var push: ClosedRange<Double> = 0...0
  /// Seconds from one push to the next; the first comes within so many seconds.
  public var pushInterval = 5.0
  /// Factor of the ground's friction.
  public var friction: ClosedRange<Double> = 1...1
  /// Factor of the mass and inertia of every link and prop.
  public var mass: ClosedRange<Double> = 1...1
  /// Factor of every actuator's gains and maximum effort.
  public var strength: ClosedRange<Double> = 1...1
  /// Seconds from an action to its effect, rounded to whole physics steps. Until an episode's first action takes effect
  /// the robot carries out an action of zeros.
  public var latency: ClosedRange<Double> = 0...0
  /// Factor of the stiffness and damping of all contacts; its logarithm is drawn uniformly.
  public var contactStiffness: ClosedRange<Double> = 1...1
  /// Factor of the damping of all joints and of all position drives; its logarithm is drawn uniformly.
  public var jointDamping: ClosedRange<Double> = 1...1
  /// Standard deviation of the normal noise on what the policy observes, in units of `noiseUnits`.
  public var noise: ClosedRange<Double> = 0...0
  /// For each column that the policy reads, the noise that a `noise` of 1 gives it; if empty, the noise that the task
  /// declares of its sensors.
  public var noiseUnits: [Float] = []

  /// Nothing differs.
  public init() {}

  /// Whether nothing differs, whatever the seed.
  public var isOff: Bool {
    push == 0...0 && friction == 1...1 && mass == 1...1 && strength == 1...1 && latency == 0...0 && noise == 0...0
      && contactStiffness == 1...1 && jointDamping == 1...1
  }

  /// The ranges at a difficulty in 0…1: at 0 nothing differs, at 1 all are as declared, and in between they are interpolated
  /// linearly.
  package func eased(to difficulty: Double) -> DomainRandomization {
    guard difficulty < 1 else { return self }
    var eased = self
    eased.push = push.eased(to: difficulty, from: 0)
    eased.friction = friction.eased(to: difficulty, from: 1)
    eased.mass = mass.eased(to: difficulty, from: 1)
    eased.strength = strength.eased(to: difficulty, from: 1)
    eased.latency = latency.eased(to: difficulty, from: 0)
    eased.noise = noise.eased(to: difficulty, from: 0)
    eased.contactStiffness = contactStiffness.eased(to: difficulty, from: 1)
    eased.jointDamping = jointDamping.eased(to: difficulty, from: 1)
    return eased
  }

  /// Limits of the factors of contact stiffness and joint damping.
  static let softnessScales = 1e-3...1e3
  /// The longest latency, s.
  static let longestLatency = 10.0

  /// - Throws: `RobotError` for what is out of range, or cannot happen to this robot.
  func validate(for model: RobotModel, columns: Int) throws {
    func require(_ condition: Bool, _ text: @autoclosure () -> String) throws {
      guard condition else { throw RobotError("\(model.name): domain randomization: \(text())") }
    }
    func require(_ range: ClosedRange<Double>, within bounds: ClosedRange<Double>, _ name: String) throws {
      try require(
        bounds.contains(range.lowerBound) && bounds.contains(range.upperBound), "\(name) is \(range), beyond \(bounds)")
    }
    try require(push, within: 0...100, "the push")
    try require(push == 0...0 || model.isFloating, "a robot with a fixed base cannot be pushed")
    try require(
      pushInterval > 0 && pushInterval <= 1e6, "the interval of pushes is \(pushInterval) s; it must be above 0")
    try require(friction, within: 0...1e3, "friction")
    try require(mass, within: 0.01...100, "mass")
    try require(strength, within: 0.01...100, "strength")
    try require(latency, within: 0...Self.longestLatency, "latency")
    try require(noise, within: 0...1e6, "noise")
    try require(contactStiffness, within: Self.softnessScales, "contact stiffness")
    try require(jointDamping, within: Self.softnessScales, "joint damping")
    try require(
      noiseUnits.isEmpty || noiseUnits.count == columns && noiseUnits.allSatisfy { $0.isFinite && $0 >= 0 },
      "noise needs a finite unit for each of the \(columns) columns that the policy reads")
  }
}

extension ClosedRange<Double> {
  /// The range between `neutral` (at a difficulty of 0) and itself (at 1).
  func eased(to difficulty: Double, from neutral: Double) -> Self {
    let lower = neutral + difficulty * (lowerBound - neutral)
    return lower...Swift.max(lower, neutral + difficulty * (upperBound - neutral))
  }
}
