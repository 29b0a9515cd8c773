import Environments
import Physics

/// One episode as it looked: what the robot is made of, and where everything stood from moment to moment.
public struct Recording: Sendable, Equatable {
  /// A link or a prop with its shapes; where it stands is told by each frame.
  public struct Part: Sendable, Equatable {
    public let name: String
    /// Index of the link it hangs on; nil for the root and for props.
    public let parent: Int?
    /// Shapes in the link's frame.
    public let colliders: [Collider]

    public init(name: String, parent: Int?, colliders: [Collider]) {
      self.name = name
      self.parent = parent
      self.colliders = colliders
    }
  }

  /// A moment.
  public struct Frame: Sendable, Equatable {
    /// Of each part, in the world.
    public var poses: [Pose]
    /// What the task points at.
    public var markers: [Marker]

    public init(poses: [Pose], markers: [Marker] = []) {
      self.poses = poses
      self.markers = markers
    }
  }

  public let robot: String
  public let parts: [Part]
  /// What the robot stands on, if anything.
  public let ground: Ground?
  /// Seconds from one frame to the next.
  public let interval: Double
  /// The start, and then the end of each control step. A step in which the simulation broke down leaves none.
  public var frames: [Frame] = []
  public var episodeReturn = 0.0
  /// How the episode ended.
  public var ending = Ending.running

  public init(robot: String, parts: [Part], ground: Ground?, interval: Double) {
    self.robot = robot
    self.parts = parts
    self.ground = ground
    self.interval = interval
  }

  /// Seconds from the first frame to the last.
  public var seconds: Double { interval * Double(max(0, frames.count - 1)) }

  /// How everything stood `time` seconds after the first frame, between two frames by the straight way; before the
  /// first frame the first, after the last the last.
  ///
  /// - Precondition: there is a frame.
  public func frame(at time: Double) -> Frame {
    let place = min(max(time / interval, 0), Double(frames.count - 1))
    let index = min(Int(place), max(0, frames.count - 2))
    let share = place - Double(index)
    // A clock that is off by a rounding still shows what was recorded.
    if share < 1e-9 { return frames[index] }
    if share > 1 - 1e-9 { return frames[index + 1] }
    let (before, after) = (frames[index], frames[index + 1])
    var frame = after
    for i in before.poses.indices { frame.poses[i] = before.poses[i].moved(towards: after.poses[i], by: share) }
    return frame
  }
}

/// A point that a task wants seen, such as a goal.
public struct Marker: Sendable, Equatable {
  /// In the world, m.
  public var position: Vector3
  /// m
  public var radius: Double

  public init(at position: Vector3, radius: Double) {
    self.position = position
    self.radius = radius
  }
}

extension Pose {
  /// The pose at `share` (0 to 1) of the short way to `other`.
  fileprivate func moved(towards other: Pose, by share: Double) -> Pose {
    let (a, b) = (orientation, other.orientation)
    // A quaternion and its negative are the same rotation.
    let sign = a.w * b.w + a.vector.dot(b.vector) < 0 ? -share : share
    let mixed = Quaternion(
      w: (1 - share) * a.w + sign * b.w, x: (1 - share) * a.x + sign * b.x, y: (1 - share) * a.y + sign * b.y,
      z: (1 - share) * a.z + sign * b.z)
    return Pose(position: position + share * (other.position - position), orientation: mixed.normalized)
  }
}
