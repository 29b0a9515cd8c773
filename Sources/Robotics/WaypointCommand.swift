import Environments
import Physics

/// A point on the ground that a robot is to go to; the next one is drawn where it is reached.
///
/// What is drawn comes from a stream of random numbers of its own, so that it depends only on the seed and on where points
/// were reached.
public struct WaypointCommand: Sendable {
  /// Meters from where the robot is to the next point.
  public let distance: ClosedRange<Double>
  /// From the robot's heading to the next point, rad, to the left.
  public let bearing: ClosedRange<Double>
  /// How close counts as there, m.
  public let radius: Double
  /// In the world, at z = 0.
  public private(set) var point = Vector3.zero
  /// Points reached in the episode.
  public private(set) var reachedCount = 0
  private var random = Random(seed: 0)

  private static let stream: UInt64 = 0x3A7_90127

  public init(
    distance: ClosedRange<Double>, bearing: ClosedRange<Double> = -Double.pi...Double.pi, radius: Double = 0.3
  ) {
    self.distance = distance
    self.bearing = bearing
    self.radius = radius
  }

  /// Draws an episode's first point for a robot whose root is at `pose`; one number is taken from `random`.
  public mutating func begin(at pose: Pose, using random: inout Random) {
    self.random = Random(seed: random.next(), stream: Self.stream)
    reachedCount = 0
    draw(from: pose)
  }

  /// Looks, after a control step, whether the root is there, and draws the next point if so.
  ///
  /// - Returns: whether the point was reached in this step.
  public mutating func advance(to pose: Pose) -> Bool {
    guard offset(from: pose).length <= radius else { return false }
    reachedCount += 1
    draw(from: pose)
    return true
  }

  private mutating func draw(from pose: Pose) {
    let (length, angle) = (random.uniform(distance), pose.orientation.yaw + random.uniform(bearing))
    let way = Quaternion(angle: angle, axis: .unitZ).act(on: [length, 0, 0])
    point = [pose.position.x + way.x, pose.position.y + way.y, 0]
  }

  /// From the root to the point along the ground, seen in the robot's heading, m: x ahead, y to the left.
  public func offset(from pose: Pose) -> Vector3 {
    let way = Vector3(point.x - pose.position.x, point.y - pose.position.y, 0)
    return Quaternion(angle: -pose.orientation.yaw, axis: .unitZ).act(on: way)
  }

  /// Writes `way to the point`, m, cut off at a length of `longest`.
  public func observe(
    from pose: Pose, _ cursor: inout ObservationCursor, longest: Double = 2, into row: inout MutableSpan<Float>
  ) {
    let way = offset(from: pose)
    let cut = way * Swift.min(1, longest / Swift.max(way.length, 1e-9))
    cursor.write("way to the point", count: 2, unit: "m", mirroring: Self.inPlane, into: &row) { cut[$0] }
  }

  /// Stored once: an array made in every step would be allocated.
  private static let inPlane = Mirroring.signs([1, -1])

  /// The point for pictures.
  public var marker: Marker { Marker(at: point, radius: radius) }

  /// Turns it into its mirror image. What is drawn later is not mirrored.
  public mutating func mirror() { point = point.mirrored }
}

extension WaypointCommand: Savable {
  public func save(to writer: inout StateWriter) {
    point.save(to: &writer)
    writer.write(reachedCount)
    random.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    point = [try reader.readFiniteDouble(), try reader.readFiniteDouble(), try reader.readFiniteDouble()]
    reachedCount = try reader.readInt(in: 0...(1 << 53))
    try random.restore(from: &reader)
  }
}
