import Environments
import Physics

/// A command of heading, height, roll and pitch, drawn at an episode's start and again at intervals. A part without a range of its own is not commanded.
///
/// What is drawn comes from a stream of random numbers of its own, so that the same seed gives the same commands whatever
/// the robot does.
public struct PostureCommand: Sendable {
  /// What is drawn from: the yaw in the world, rad; the height of the root's origin, m; roll and pitch, rad. Nil for what is
  /// left to the robot.
  public let headingRange: ClosedRange<Double>?
  public let heightRange: ClosedRange<Double>?
  public let rollRange: ClosedRange<Double>?
  public let pitchRange: ClosedRange<Double>?
  /// Seconds from one draw to the next.
  public let interval: Double

  /// rad, in the world.
  public private(set) var heading = 0.0
  /// m.
  public private(set) var height = 0.0
  /// rad.
  public private(set) var roll = 0.0
  /// rad.
  public private(set) var pitch = 0.0
  /// Seconds since it was drawn.
  public private(set) var age = 0.0
  private var random = Random(seed: 0)

  private static let stream: UInt64 = 0x905_7E57

  public init(
    heading: ClosedRange<Double>? = nil, height: ClosedRange<Double>? = nil, roll: ClosedRange<Double>? = nil,
    pitch: ClosedRange<Double>? = nil, interval: Double = 5
  ) {
    headingRange = heading
    heightRange = height
    rollRange = roll
    pitchRange = pitch
    self.interval = interval
  }

  /// Draws an episode's first command; one number is taken from `random`.
  public mutating func begin(using random: inout Random) {
    self.random = Random(seed: random.next(), stream: Self.stream)
    draw()
  }

  /// Advances the time; a new command may replace the old one.
  public mutating func advance(by seconds: Double) {
    age += seconds
    // Half a microsecond is far below a control step and far above what adding them up rounds off.
    if age > interval - 5e-7 { draw() }
  }

  private mutating func draw() {
    // Always all of them, so that no range has a say in what the others give.
    heading = random.uniform(headingRange ?? 0...0)
    height = random.uniform(heightRange ?? 0...0)
    roll = random.uniform(rollRange ?? 0...0)
    pitch = random.uniform(pitchRange ?? 0...0)
    age = 0
  }

  /// How far the root at `pose` is from what is commanded; 0 for what is not.
  public func error(at pose: Pose) -> (heading: Double, height: Double, roll: Double, pitch: Double) {
    let q = pose.orientation
    func turn(_ wanted: Double, _ actual: Double) -> Double { (wanted - actual).remainder(dividingBy: 2 * .pi) }
    return (
      headingRange == nil ? 0 : turn(heading, q.yaw), heightRange == nil ? 0 : height - pose.position.z,
      rollRange == nil ? 0 : turn(roll, q.roll), pitchRange == nil ? 0 : turn(pitch, q.pitch)
    )
  }

  /// Writes what is commanded as slices of its own: the turn left to the commanded heading as `turn to the heading` (sine
  /// and cosine), and `commanded height`, `commanded roll` and `commanded pitch`.
  public func observe(at pose: Pose, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    if headingRange != nil {
      let turn = Quaternion(angle: heading - pose.orientation.yaw, axis: .unitZ).act(on: .unitX)
      cursor.write("turn to the heading", count: 2, mirroring: Self.turning, into: &row) { $0 == 0 ? turn.y : turn.x }
    }
    if heightRange != nil { cursor.write("commanded height", height, unit: "m", mirroring: .same, into: &row) }
    if rollRange != nil { cursor.write("commanded roll", roll, unit: "rad", mirroring: .negated, into: &row) }
    if pitchRange != nil { cursor.write("commanded pitch", pitch, unit: "rad", mirroring: .same, into: &row) }
  }

  /// Stored once: an array made in every step would be allocated.
  private static let turning = Mirroring.signs([-1, 1])

  /// Turns it into its mirror image. What is drawn later is not mirrored.
  public mutating func mirror() { (heading, roll) = (-heading, -roll) }
}

extension PostureCommand: Savable {
  public func save(to writer: inout StateWriter) {
    for value in [heading, height, roll, pitch, age] { writer.write(value) }
    random.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    heading = try reader.readFiniteDouble()
    height = try reader.readFiniteDouble()
    roll = try reader.readFiniteDouble()
    pitch = try reader.readFiniteDouble()
    age = try reader.readFiniteDouble()
    try random.restore(from: &reader)
  }
}
