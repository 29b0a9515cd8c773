import Environments
import Physics

extension Simulation {
  /// How fast a link slides over the ground, m/s: the horizontal speed of the point under its lowest shape's centre at
  /// the height of its sole, so that a foot that rolls does not slide; 0 for a link that does not touch the ground.
  public func slip(of link: LinkID) -> Double {
    guard touchesGround(link) else { return 0 }
    let frame = pose(of: link)
    var (lowest, center) = (Double.infinity, frame.position)
    for collider in model.colliders(of: link) {
      let pose = frame * collider.pose
      let bottom = collider.shape.lowestPoint(at: pose)
      if bottom < lowest { (lowest, center) = (bottom, pose.position) }
    }
    let lever = Vector3(center.x, center.y, lowest) - frame.position
    let velocity = velocity(of: link) + angularVelocity(of: link).cross(lever)
    return (square(velocity.x) + square(velocity.y)).squareRoot()
  }
}

/// For how long each foot has been in the air, which is told when it comes down.
///
/// Paying for long flights of single feet at touchdown makes legged robots take steps instead of shuffling (Rudin et
/// al., "Learning to walk in minutes using massively parallel deep reinforcement learning", 2022, table 2).
public struct AirTime: Sendable {
  /// Seconds since each foot left the ground; 0 while it stands.
  private var seconds: [Double]

  public init(feet: Int) { seconds = Array(repeating: 0, count: max(0, feet)) }

  /// Forgets the last episode; all feet stand.
  public mutating func begin() {
    for i in seconds.indices { seconds[i] = 0 }
  }

  /// Takes in a control step of `interval` seconds, during which foot `index` touched the ground or did not.
  ///
  /// - Returns: the seconds that the foot was in the air, if it has just come down; 0 otherwise; not-a-number for a foot
  ///   that there is not.
  public mutating func landing(ofFoot index: Int, touches: Bool, interval: Double) -> Double {
    guard seconds.indices.contains(index) else { return .nan }
    guard touches else {
      seconds[index] += interval
      return 0
    }
    defer { seconds[index] = 0 }
    return seconds[index]
  }

  public func save(to writer: inout StateWriter) { writer.write(seconds) }
  public mutating func restore(from reader: inout StateReader) throws {
    seconds = try reader.readFiniteDoubles(count: seconds.count)
  }
}
