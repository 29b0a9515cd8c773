import Physics
import Robotics
import Storage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Which floating-point results this machine and build get, taken from a small simulation with contacts and from the
/// functions of the mathematics library.
///
/// Another processor, engine or library differs in the last bit, and what touches or not can turn on that. So what an env
/// did is only compared with what it does where these digests are equal.
enum EngineDigest {
  /// The digest; nil if the engine fails.
  static let text: String? = try? measured()

  private static func measured() throws -> String {
    let body = Link("torso", .box(size: [0.3, 0.2, 0.1]), mass: 3, at: [0, 0, 0.22]) {
      for (number, y) in [0.1, -0.1].enumerated() {
        Link(
          "leg \(number)", [Collider(.capsule(radius: 0.03, length: 0.14), center: [0, 0, -0.1])], mass: .total(1),
          at: [0, y, 0],
          joint: .hinge(
            Axis(
              "hip \(number)", [0, 1, 0], degrees: -60...60,
              actuator: .position(stiffness: 20, damping: 0.5, limit: 10, reach: 0.5))))
      }
    }
    let robot = RobotVariation(name: "engine", body: body, physics: PhysicsSettings())
    var sim = try Simulation(RobotModel(robot))
    let pose = Pose(orientation: Quaternion(roll: 0.1, pitch: -0.2, yaw: 0.3))
    let lowest = sim.lowestPoint(at: pose, positions: sim.model.neutralPositions)
    sim.place(at: Pose(position: [0, 0, -lowest], orientation: pose.orientation))
    var digest = Digest()
    for step in 0..<40 {
      try sim.step([Float(sin(0.7 * Double(step))), -1].span)
      let pose = sim.pose(of: LinkID(index: 2))
      for number in [pose.position.x, pose.position.z, pose.orientation.w, sim.work] { digest.add(number) }
    }
    for i in 1...50 {
      let x = 0.37 * Double(i)
      for number in [sin(x), cos(x), tan(x), exp(-x), log(x), pow(x, 0.3), atan2(x, 2), tanh(x / 9), acos(1 / (1 + x))]
      {
        digest.add(number)
      }
    }
    return digest.text
  }
}
