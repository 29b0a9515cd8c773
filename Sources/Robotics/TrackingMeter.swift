import Environments
import Physics

/// Measures how well a robot tracks its velocity command.
///
/// A gait makes the velocity of any part of a robot swing to and fro, and a change of command takes a moment to follow;
/// neither is an error. So the first second after a command is not measured. From then on, for every full second until the
/// next command, the mean velocity over that second is compared with the command: the root's way, seen in its heading, and
/// its turn about the vertical. Errors are the means over all such seconds of an episode; undefined if there was none.
public struct TrackingMeter: Sendable {
  /// What `write(into:)` writes: the length of the difference in the horizontal plane, m/s, and the difference
  /// in turning, rad/s.
  public static let names = ["speed_error_m_s", "turn_error_rad_s"]

  /// Seconds after a new command that are not measured.
  static let settling = 1.0
  /// Seconds over which a velocity is averaged.
  static let stretch = 1.0

  /// Where the root was after the last control step, and which way it headed.
  private var position = Vector3.zero
  private var yaw = 0.0
  /// The present stretch: its length in s, the way in the robot's heading, m, and the turn, rad.
  private var time = 0.0
  private var way = Vector3.zero
  private var turn = 0.0
  private var stretches = 0
  private var speedErrors = 0.0
  private var turnErrors = 0.0

  public init() {}

  /// Forgets the last episode; the robot stands at `pose`.
  public mutating func begin(at pose: Pose) {
    self = TrackingMeter()
    position = pose.position
    yaw = pose.orientation.yaw
  }

  /// Takes in the control step that has just passed, at whose end the root is at `pose`.
  ///
  /// - Parameters:
  ///   - command: the one that the step was taken under, not yet advanced by it.
  ///   - interval: seconds of a control step.
  public mutating func update(_ pose: Pose, command: VelocityCommand, interval: Double) {
    let newYaw = pose.orientation.yaw
    let step = Self.wrapped(newYaw - yaw)
    // The heading halfway through the step.
    let heading = Quaternion(angle: -(yaw + step / 2), axis: .unitZ)
    let moved = heading.act(on: pose.position - position)
    position = pose.position
    yaw = newYaw
    guard command.age > Self.settling - interval / 2 else {
      time = 0
      way = .zero
      turn = 0
      return
    }
    time += interval
    way += moved
    turn += step
    guard time > Self.stretch - interval / 2 else { return }
    let (forward, sideways) = (way.x / time - command.forward, way.y / time - command.sideways)
    speedErrors += (square(forward) + square(sideways)).squareRoot()
    turnErrors += abs(turn / time - command.turning)
    stretches += 1
    time = 0
    way = .zero
    turn = 0
  }

  /// An angle within ±π of 0 that differs by whole turns.
  private static func wrapped(_ angle: Double) -> Double { angle - 2 * .pi * (angle / (2 * .pi)).rounded() }

  /// Writes the figures named by `names` as metrics; undefined where no second was long enough after a command.
  public func write(into metrics: inout MetricCursor) { metrics.write(Self.names) { write(into: &$0) } }

  /// Writes them in the order of `names`.
  package func write(into values: inout MutableSpan<Double>) {
    values[0] = stretches > 0 ? speedErrors / Double(stretches) : .nan
    values[1] = stretches > 0 ? turnErrors / Double(stretches) : .nan
  }

  public func save(to writer: inout StateWriter) {
    writer.write([
      position.x, position.y, position.z, yaw, time, way.x, way.y, way.z, turn, speedErrors, turnErrors,
    ])
    writer.write(stretches)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    let values = try reader.readFiniteDoubles(count: 11)
    position = [values[0], values[1], values[2]]
    (yaw, time) = (values[3], values[4])
    way = [values[5], values[6], values[7]]
    (turn, speedErrors, turnErrors) = (values[8], values[9], values[10])
    stretches = try reader.readInt(in: 0...(1 << 53))
  }
}
