import Environments
import Physics
import Robotics

/// A body of 8 kg on two bent legs, sound until it is changed.
struct Strutter: Robot {
  let name = "strutter"
  var physics = PhysicsSettings()
  /// N·m of each joint.
  var limit = 30.0
  /// Where the legs are, m to either side.
  var spread = 0.15
  var change: @Sendable (inout Link) -> Void = { _ in }

  var body: Link {
    let trunk = Link("trunk", .box(size: [0.3, 0.25, 0.15]), mass: 8, center: [0, 0, 0.1], at: [0, 0, 0.55]) {
      for (side, sign) in [("left", 1.0), ("right", -1.0)] {
        Link(
          "\(side) thigh", .capsule(radius: 0.03, length: 0.16), mass: 1.5, center: [0, 0, -0.12],
          at: [0, sign * spread, 0],
          joint: .hinge(
            Axis("\(side) hip", [0, -1, 0], degrees: -60...90, neutral: 30, actuator: servo))
        ) {
          Link(
            "\(side) shin", .capsule(radius: 0.03, length: 0.16), mass: 1, center: [0, 0, -0.12], at: [0, 0, -0.24],
            joint: .hinge(Axis("\(side) knee", [0, 1, 0], degrees: 0...130, neutral: 60, actuator: servo)))
        }
      }
    }
    return trunk.changing(change)
  }

  private var servo: Actuator { .position(stiffness: 150, damping: 4, limit: limit, reach: 0.5) }

  /// One whose link of that name is changed.
  static func changing(_ name: String, _ change: @escaping @Sendable (inout Link) -> Void) -> Strutter {
    Strutter(change: { link in if link.name == name { change(&link) } })
  }
}

/// Stay up.
struct StayUp: RobotTask {
  let summary = "stays up"
  let episodeSeconds = 2.0
  let endings = ["fell"]
  /// How far axes start from their neutral, rad, whether or not they can.
  var spread = 0.05
  /// How much higher than on the ground the robot starts, m.
  var height = 0.0
  var saysHowItIsMirrored = true
  var failsToBegin = false

  mutating func prepare(for model: RobotModel) throws {}

  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    let positions = sim.model.neutralPositions.map { $0 + random.uniform(-spread...spread) }
    if failsToBegin, random.unit() < 0.3 { throw RobotError("no room") }
    sim.place(
      at: Pose(position: [0, 0, height - sim.lowestPoint(at: .identity, positions: positions)]), positions: positions)
  }

  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    let pose = sim.pose(of: LinkID(index: 0))
    cursor.write("height", pose.position.z, mirroring: .same, into: &row)
    cursor.write(
      "up", pose.orientation.conjugate.act(on: [0, 0, 1]), mirroring: saysHowItIsMirrored ? .vector : nil, into: &row)
    cursor.write("joints", count: sim.axisCount, mirroring: .axes, into: &row) {
      sim.position(ofAxis: $0) - sim.model.neutralPositions[$0]
    }
  }

  mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
    let height = sim.pose(of: LinkID(index: 0)).position.z
    reward.add("height", height)
    return height < 0.2 ? .terminated(reason: 0) : .running
  }

  func save(to writer: inout StateWriter) {}
  mutating func restore(from reader: inout StateReader) throws {}
}
