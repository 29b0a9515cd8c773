import Physics
import Robotics

/// A stretch of a recording that ends as it begins, except the way that the robot has gone meanwhile: shown again and
/// again it has no jump.
public struct Loop: Sendable, Equatable {
  /// Seconds from the recording's start.
  public let start: Double
  public let seconds: Double
  /// The way, along the ground, m.
  public let travel: Vector3

  /// Finds the stretch of `window` (seconds from the recording's start), of at least half its length, whose ends are
  /// most alike in how the robot stands and moves; nil where the window is shorter than four frames.
  public init?(in recording: Recording, window: ClosedRange<Double>) {
    let interval = recording.interval
    let first = max(0, Int((window.lowerBound / interval).rounded()))
    let last = min(Int((window.upperBound / interval).rounded()), recording.frames.count - 2)
    let shortest = max(1, (last - first + 1) / 2)
    guard last - first >= 2 else { return nil }
    let postures = recording.frames.map(Posture.init)
    var best = (cost: Double.infinity, from: first, to: last)
    for from in first...last - shortest {
      for to in from + shortest...last {
        // The frames that follow tell how it moves.
        let cost =
          postures[from].difference(from: postures[to]) + postures[from + 1].difference(from: postures[to + 1])
        if cost < best.cost { best = (cost, from, to) }
      }
    }
    start = Double(best.from) * interval
    seconds = Double(best.to - best.from) * interval
    travel = postures[best.to].place - postures[best.from].place
  }
}

/// How a robot stands, wherever that is.
private struct Posture {
  /// The mean of its parts' places along the ground.
  let place: Vector3
  /// Of each part two points, as seen from there; two, to tell when it turns.
  private var points: [Vector3] = []
  /// How far the second lies from the first, m.
  private static let arm = 0.2

  init(_ frame: Recording.Frame) {
    let middle = frame.poses.reduce(Vector3.zero) { $0 + $1.position } / Double(max(1, frame.poses.count))
    place = [middle.x, middle.y, 0]
    for pose in frame.poses {
      points.append(pose.position - place)
      points.append(pose.act(on: Self.arm * .unitX) - place)
    }
  }

  func difference(from other: Posture) -> Double {
    var sum = 0.0
    for i in points.indices {
      let difference = points[i] - other.points[i]
      sum += difference.dot(difference)
    }
    return sum
  }
}
