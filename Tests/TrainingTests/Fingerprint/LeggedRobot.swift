import Environments
import Physics
import Robotics

/// A box on two legs whose every value can be edited.
struct LeggedRobot: Robot {
  let name = "legged"
  var thighMass = Link.Mass.total(5)
  var actuator = Actuator.position(stiffness: 50, damping: 2, limit: 40, reach: 0.5)
  var direction: Vector3 = [0, 1, 0]
  var range: ClosedRange<Double>? = -1...1
  var footFriction = 1.0
  var legs = ["left thigh", "right thigh"]
  var physics = PhysicsSettings()
  var randomization = DomainRandomization()

  var body: Link {
    Link("torso", .box(size: [0.3, 0.2, 0.1]), mass: 10, at: [0, 0, 0.4]) {
      for (name, y) in zip(legs, [0.1, -0.1, 0]) {
        Link(
          name, [Collider(.capsule(radius: 0.03, length: 0.2), center: [0, 0, -0.15], friction: footFriction)],
          mass: thighMass, at: [0, y, 0],
          joint: .hinge(Axis(name, direction, range: range, actuator: actuator)))
      }
    }
  }
}

/// Stands as long as it can; rewards and observations can be edited.
struct Standing: RobotTask {
  var summary = "stands"
  let episodeSeconds = 2.0
  let endings = ["fell"]
  var metrics = ["height_m"]

  /// Stored, as tasks should keep what they reward.
  var heightWeight = 2.0
  var command = VelocityCommand(forward: 0...1)
  var fallHeight: Double? = 0.1
  /// As if it were written in the code: no stored value tells of it, since a function is none.
  var spinReward: @Sendable (Double) -> Double = { -0.1 * $0 }
  var shownSpeed: @Sendable (Double) -> Double = { $0 }
  var scale = 1.0
  var noise: @Sendable () -> Double = { 0.1 }

  mutating func prepare(for model: RobotModel) throws {}

  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.place(at: Pose(position: [0, 0, 0.4]), velocity: [random.uniform(-0.1...0.1), 0, 0])
    command.begin(using: &random)
  }

  func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    cursor.write(
      "speed", shownSpeed(sim.velocity(of: LinkID(index: 0)).x), unit: "m/s", scale: scale, noise: noise(), into: &row)
    cursor.write("angles", count: sim.axisCount, unit: "rad", into: &row) { sim.position(ofAxis: $0) }
  }

  mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
    let torso = LinkID(index: 0)
    reward.add("height", heightWeight * sim.pose(of: torso).position.z)
    reward.add("spin", spinReward(sim.angularVelocity(of: torso).y))
    command.advance(by: sim.controlInterval)
    return sim.pose(of: torso).position.z < fallHeight ?? -1 ? .terminated(reason: 0) : .running
  }

  func measure(_ sim: borrowing Simulation, into values: inout MutableSpan<Double>) { values[0] = 1 }
  func save(to writer: inout StateWriter) { command.save(to: &writer) }
  mutating func restore(from reader: inout StateReader) throws { try command.restore(from: &reader) }
}

extension Catalog.Entry {
  static func legged(_ robot: LeggedRobot = LeggedRobot(), _ task: Standing = Standing()) -> Catalog.Entry {
    Catalog.Entry("legged", robot, task)
  }
}
