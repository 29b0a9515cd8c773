import Physics
import Robotics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where the camera looks from moment to moment, and from how far: smoothly along with a robot that travels, at rest
/// before one that does not, and always so that the whole robot is in the picture.
struct CameraPath: Sendable {
  /// The robot's middle is averaged over so many seconds to either side.
  private static let smoothing = 0.5
  /// Share of the picture that is left free around the robot.
  private static let margin = 0.08

  private let targets: [Vector3]
  private let interval: Double
  /// From the target to the camera, m.
  let distance: Double
  /// Whether the camera goes along with the robot.
  let travels: Bool
  /// Of the robot across, m: the greatest extent in any frame.
  let size: Double

  init(_ recording: Recording, window: ClosedRange<Double>, loop: Loop?, view: Studio.View, aspect: Double) {
    let boxes = recording.frames.map { Box(recording.parts, $0) }
    let last = recording.frames.count - 1
    let first = min(max(Int((window.lowerBound / recording.interval).rounded(.down)), 0), last)
    let shown = first...min(max(Int((window.upperBound / recording.interval).rounded(.up)), first), last)
    let size = max(shown.map { (boxes[$0].high - boxes[$0].low).max() }.max() ?? 0, 1e-3)
    var targets = Self.smoothed(boxes.map(\.middle), over: Int((Self.smoothing / recording.interval).rounded()))
    let whole = shown.reduce(boxes[first]) { $0.joined(with: boxes[$1]) }
    // What never leaves its place is filmed from a fixed stand, and nothing is followed up and down.
    let ever = boxes.reduce(boxes[first]) { $0.joined(with: $1) }
    let travels = max(ever.high.x - ever.low.x, ever.high.y - ever.low.y) > 2.2 * size
    if let loop {
      // At one speed all the way, the same at the end as at the beginning.
      let gone = { (i: Int) in loop.travel * ((recording.interval * Double(i) - loop.start) / loop.seconds) }
      let mean = shown.reduce(Vector3.zero) { $0 + (targets[$1] - gone($1)) } / Double(shown.count)
      for i in targets.indices { targets[i] = mean + gone(i) }
    }
    for i in targets.indices {
      targets[i] = travels ? Vector3(targets[i].x, targets[i].y, whole.middle.z) : whole.middle
    }

    // What must be seen, as offsets from the target along the camera's axes.
    let (a, e) = (view.azimuth * .pi / 180, view.elevation * .pi / 180)
    let forward = -Vector3(cos(e) * cos(a), cos(e) * sin(a), sin(e))
    let right = Vector3(-sin(a), cos(a), 0)
    let up = Vector3(-sin(e) * cos(a), -sin(e) * sin(a), cos(e))
    let corners = shown.flatMap { i in
      boxes[i].corners.map { corner in
        let offset = corner - targets[i]
        return Vector3(offset.dot(right), offset.dot(up), offset.dot(forward))
      }
    }
    let slope = tan(Double(Camera.fieldOfView) / 2) * (1 - 2 * Self.margin)
    let heights = corners.map(\.y)
    let lift = ((heights.min() ?? 0) + (heights.max() ?? 0)) / 2
    let distance = corners.reduce(0.1 * size) {
      max($0, abs($1.x) / (slope * aspect) - $1.z, abs($1.y - lift) / slope - $1.z)
    }
    self.targets = targets.map { $0 + lift * up }
    interval = recording.interval
    self.distance = distance / view.zoom
    self.size = size
    self.travels = travels
  }

  /// Where the camera looks `time` seconds after the recording's start.
  func target(at time: Double) -> Vector3 {
    let place = min(max(time / interval, 0), Double(targets.count - 1))
    let index = min(Int(place), max(0, targets.count - 2))
    guard targets.count > 1 else { return targets[0] }
    return targets[index] + (place - Double(index)) * (targets[index + 1] - targets[index])
  }

  /// Means over `reach` values to either side, twice, which rounds off what once leaves angular; fewer near the ends,
  /// and as many on either side.
  private static func smoothed(_ values: [Vector3], over reach: Int) -> [Vector3] {
    var values = values
    for _ in 0..<2 {
      var sums = [Vector3.zero]
      for value in values { sums.append(sums[sums.count - 1] + value) }
      values = values.indices.map { i in
        let near = min(reach, i, values.count - 1 - i)
        return (sums[i + near + 1] - sums[i - near]) / Double(2 * near + 1)
      }
    }
    return values
  }
}

/// A cuboid along the world's axes.
private struct Box {
  var low = Vector3(repeating: .infinity)
  var high = Vector3(repeating: -.infinity)

  /// Around a whole robot and what its task points at.
  init(_ parts: [Recording.Part], _ frame: Recording.Frame) {
    for (part, pose) in zip(parts, frame.poses) {
      for (shape, own) in part.colliders.map({ ($0.shape, $0.pose) }) + part.decorations.map({ ($0.shape, $0.pose) }) {
        let place = pose * own
        let back = place.orientation.conjugate
        let reach = Vector3(
          shape.reach(along: back.act(on: .unitX)), shape.reach(along: back.act(on: .unitY)),
          shape.reach(along: back.act(on: .unitZ)))
        include(place.position - reach, place.position + reach)
      }
    }
    for marker in frame.markers { include(marker.position - marker.radius, marker.position + marker.radius) }
    if low.x > high.x { include(.zero, .zero) }
  }

  private mutating func include(_ low: Vector3, _ high: Vector3) {
    self.low = pointwiseMin(self.low, low)
    self.high = pointwiseMax(self.high, high)
  }

  func joined(with other: Box) -> Box {
    var box = self
    box.include(other.low, other.high)
    return box
  }

  var middle: Vector3 { (low + high) / 2 }

  var corners: [Vector3] {
    [low.x, high.x].flatMap { x in
      [low.y, high.y].flatMap { y in [low.z, high.z].map { z in Vector3(x, y, z) } }
    }
  }
}
