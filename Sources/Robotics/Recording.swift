import Environments
import Physics

/// A recorded episode: the robot's parts, and for every frame their poses and readings.
public struct Recording: Sendable, Equatable {
  /// A link or a prop with its shapes; each frame holds its pose.
  public struct Part: Sendable, Equatable {
    public let name: String
    /// Index of its parent link; nil for the root and for props.
    public let parent: Int?
    /// Shapes in the link's frame.
    public let colliders: [Collider]
    /// Shapes in the link's frame that are only seen.
    public let decorations: [Decoration]

    public init(name: String, parent: Int?, colliders: [Collider], decorations: [Decoration] = []) {
      self.decorations = decorations
      self.name = name
      self.parent = parent
      self.colliders = colliders
    }
  }

  /// One frame.
  public struct Frame: Sendable, Equatable {
    /// Of each part, in the world.
    public var poses: [Pose]
    /// Markers of the task.
    public var markers: [Marker]
    public var readings: Readings

    public init(poses: [Pose], markers: [Marker] = [], readings: Readings = Readings()) {
      self.poses = poses
      self.markers = markers
      self.readings = readings
    }
  }

  /// Quantities of a frame besides poses.
  public struct Readings: Sendable, Equatable {
    /// The reward terms of the step that ended here; empty at the start.
    public var rewards: [Float] = []
    /// Of each axis, rad or m.
    public var positions: [Double] = []
    /// What each actuator gave in the last physics step, N·m or N.
    public var efforts: [Double] = []
    /// For each part, whether it touches the ground.
    public var contacts: [Bool] = []
    /// What the task tracks.
    public var quantities: [TrackedQuantity] = []

    public init() {}
  }

  /// A quantity that every frame has a reading of.
  public struct Channel: Sendable, Equatable {
    public let name: String
    public let unit: String
    /// Where its stops are, or its limits; nil for none.
    public let range: ClosedRange<Double>?

    public init(_ name: String, unit: String, range: ClosedRange<Double>? = nil) {
      self.name = name
      self.unit = unit
      self.range = range
    }
  }

  public let robot: String
  public let parts: [Part]
  /// Whether the root can leave its place.
  public let isFloating: Bool
  /// Shapes of the robot's surroundings that are only drawn, in world axes.
  public let scenery: [Decoration]
  /// What the robot stands on, if anything.
  public let ground: Ground?
  /// Seconds from one frame to the next.
  public let interval: Double
  /// Names of the terms of the reward.
  public let rewardTerms: [String]
  public let axes: [Channel]
  public let actuators: [Channel]
  /// The start, and then the end of each control step. A step in which the simulation failed leaves none.
  public var frames: [Frame] = []
  public var episodeReturn = 0.0
  /// How the episode ended.
  public var ending = Ending.running

  public init(
    robot: String, parts: [Part], ground: Ground?, interval: Double, rewardTerms: [String] = [], axes: [Channel] = [],
    actuators: [Channel] = [], isFloating: Bool = true, scenery: [Decoration] = []
  ) {
    self.isFloating = isFloating
    self.scenery = scenery
    self.robot = robot
    self.rewardTerms = rewardTerms
    self.axes = axes
    self.actuators = actuators
    self.parts = parts
    self.ground = ground
    self.interval = interval
  }

  /// Seconds from the first frame to the last.
  public var seconds: Double { interval * Double(max(0, frames.count - 1)) }

  /// The frame `time` seconds after the first one, interpolated linearly between two frames; before the
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

/// A point to draw for a task, such as a goal.
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

/// A quantity that a task tracks, with its target, if there is one: a commanded speed, a distance to a goal.
public struct TrackedQuantity: Sendable, Equatable {
  public var name: String
  public var unit: String
  /// Its present value.
  public var actual: Double
  /// Its target; nil where there is none.
  public var target: Double?
  /// Where it is a velocity of the root, which one, so that it can be drawn beside the robot.
  public var direction: Direction?

  /// A component of the root's velocity in its own heading: the body's frame turned about the vertical alone.
  public enum Direction: String, Sendable {
    /// m/s.
    case forward
    /// m/s, to the left.
    case sideways
    /// rad/s, to the left.
    case turning
  }

  public init(
    _ name: String, unit: String, _ actual: Double, target: Double? = nil, direction: Direction? = nil
  ) {
    self.name = name
    self.unit = unit
    self.actual = actual
    self.target = target
    self.direction = direction
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
