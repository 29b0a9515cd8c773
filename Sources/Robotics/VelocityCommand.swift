import Environments

/// The velocity command of a robot: drawn at an episode's start and again at intervals.
///
/// Speeds are those of the root in its own heading: the body's frame turned about the vertical alone. What is drawn comes
/// from a stream of random numbers of its own, so that the same seed gives the same commands whatever the robot does.
public struct VelocityCommand: Sendable {
  /// What is drawn from, m/s, m/s (to the left) and rad/s (to the left).
  public let forwardRange: ClosedRange<Double>
  public let sidewaysRange: ClosedRange<Double>
  public let turningRange: ClosedRange<Double>
  /// The share of the draws that ask to stand still.
  public let standingShare: Double
  /// Seconds from one draw to the next.
  public let interval: Double
  /// Whether an easy episode's command may be slower than the ranges allow: none at all at a difficulty of 0.
  public let growsFromZero: Bool

  /// m/s.
  public private(set) var forward = 0.0
  /// m/s, to the left.
  public private(set) var sideways = 0.0
  /// rad/s, to the left.
  public private(set) var turning = 0.0
  /// Seconds since it was drawn.
  public private(set) var age = 0.0
  private var difficulty = 1.0
  /// The command that replaces the drawn ones.
  private var steering: Steering?
  private var random = Random(seed: 0)

  /// Keeps the draws independent of other draws from the same seed.
  private static let stream: UInt64 = 0xC0_33A4D

  /// - Parameters:
  ///   - forward: m/s.
  ///   - sideways: m/s to the left.
  ///   - turning: rad/s to the left.
  ///   - standing: the share of the draws that ask to stand still, beside what the ranges give.
  ///   - interval: seconds from one draw to the next.
  ///   - growsFromZero: whether an easy episode's command may be slower than the ranges allow.
  public init(
    forward: ClosedRange<Double>, sideways: ClosedRange<Double> = 0...0, turning: ClosedRange<Double> = 0...0,
    standing: Double = 0, interval: Double = 5, growsFromZero: Bool = false
  ) {
    forwardRange = forward
    sidewaysRange = sideways
    turningRange = turning
    standingShare = standing
    self.interval = interval
    self.growsFromZero = growsFromZero
  }

  /// Whether it asks to stand still.
  public var isStanding: Bool { forward == 0 && sideways == 0 && turning == 0 }

  /// Draws an episode's first command.
  ///
  /// - Parameters:
  ///   - difficulty: in 0...1; what the ranges' ends are brought closer to 0 by, for all of the episode: as far as the
  ///     range allows, or all the way where the command grows from zero.
  ///   - random: the episode's; one number is taken from it.
  public mutating func begin(difficulty: Double = 1, using random: inout Random) {
    self.random = Random(seed: random.next(), stream: Self.stream)
    self.difficulty = difficulty
    draw()
  }

  /// Advances the time; a new command may replace the old one.
  public mutating func advance(by seconds: Double) {
    age += seconds
    // Half a microsecond is far below a control step and far above what adding them up rounds off.
    if age > interval - 5e-7 { draw() }
  }

  /// Turns the command into its mirror image: to the right what was to the left. What is drawn later is not mirrored.
  public mutating func mirror() { (sideways, turning) = (-sideways, -turning) }

  private mutating func draw() {
    // Always all of them, so that no range has a say in what the others give.
    let isStanding = random.unit() < standingShare
    let drawn = (
      random.uniform(eased(forwardRange)), random.uniform(eased(sidewaysRange)), random.uniform(eased(turningRange))
    )
    (forward, sideways, turning) = isStanding ? (0, 0, 0) : drawn
    age = 0
    if let steering { take(steering) }
  }

  private mutating func take(_ steering: Steering) {
    (forward, sideways, turning) = (steering.forward, steering.sideways, steering.turning)
  }

  // MARK: Steering

  /// Between which velocities it can be steered; nil where nothing is ever drawn, so that a policy cannot see a command.
  public var steeringLimits: SteeringLimits? {
    guard isDrawn(forwardRange) || isDrawn(sidewaysRange) || isDrawn(turningRange) else { return nil }
    return SteeringLimits(
      forward: forwardRange, sideways: sidewaysRange, turning: turningRange, allowsStanding: standingShare > 0)
  }

  /// Replaces drawn commands by this velocity, clamped to the limits, in later episodes as well; nil ends this with the next
  /// draw. The draws themselves do not change.
  ///
  /// It is no part of what is saved.
  public mutating func steer(_ steering: Steering?) {
    let limited = steering.flatMap { steeringLimits?.nearest(to: $0) }
    self.steering = limited
    guard let limited, limited != Steering(forward: forward, sideways: sideways, turning: turning) else { return }
    take(limited)
    age = 0
  }

  /// A range with its ends brought closer to its easiest value: the one nearest to 0, or 0 itself.
  private func eased(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    range.eased(to: difficulty, from: growsFromZero ? 0 : min(max(0, range.lowerBound), range.upperBound))
  }

  /// Shows those of its components that can differ from draw to draw, each as a slice of its own.
  public func observe(_ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    if isDrawn(forwardRange) {
      cursor.write("commanded speed", forward, unit: "m/s", mirroring: .same, into: &row)
    }
    if isDrawn(sidewaysRange) {
      cursor.write("commanded sideways speed", sideways, unit: "m/s", mirroring: .negated, into: &row)
    }
    if isDrawn(turningRange) {
      cursor.write("commanded turning", turning, unit: "rad/s", mirroring: .negated, into: &row)
    }
  }

  /// Standing still differs from any other value.
  private func isDrawn(_ range: ClosedRange<Double>) -> Bool {
    range.lowerBound < range.upperBound || standingShare > 0 && range.lowerBound != 0
  }

  public func save(to writer: inout StateWriter) {
    writer.write([forward, sideways, turning, age, difficulty])
    random.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    let values = try reader.readFiniteDoubles(count: 5)
    guard (0...1).contains(values[4]) else {
      throw StateError.mismatch("a difficulty of \(values[4]) where 0.0...1.0 is possible")
    }
    (forward, sideways, turning, age, difficulty) = (values[0], values[1], values[2], values[3], values[4])
    try random.restore(from: &reader)
  }
}
