import Environments
import Physics
import Robotics

/// A cart on rails with a pole that is hinged on top of it.
struct CartPole: Robot {
  let name = "cart-pole"
  let stepping = Stepping(substep: 0.01, substeps: 2, hasGround: false)

  var body: Link {
    Link(
      "cart", .box(size: [0.4, 0.2, 0.1]), mass: 1, at: [0, 0, 1],
      joint: .slider(Axis("rail", [1, 0, 0], range: -2...2, actuator: .torque(limit: 10)))
    ) {
      Link(
        "pole", .capsule(radius: 0.02, length: 0.9), mass: 0.2, center: [0, 0, 0.5], collides: false, at: [0, 0, 0.05],
        joint: .hinge(Axis("lean", [0, 1, 0])))
    }
  }
}

/// Keep the pole upright and the cart near the middle of its rails.
struct Balance: RobotTask {
  let summary = "balances a pole on a cart"
  let episodeSeconds = 5.0
  let endings = ["fell", "left"]
  let metrics = ["lean_deg"]

  private var steps = 0
  private var leanSum = 0.0

  mutating func prepare(for model: RobotModel) throws {}

  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.place(at: sim.rootPose, positions: [random.uniform(-0.5...0.5), random.uniform(-0.15...0.15)])
    (steps, leanSum) = (0, 0)
  }

  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    cursor.write("positions", count: 2, into: &row) { sim.position(ofAxis: $0) }
    cursor.write("velocities", count: 2, into: &row) { sim.velocity(ofAxis: $0) }
  }

  mutating func judge(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
    let (place, lean) = (sim.position(ofAxis: 0), sim.position(ofAxis: 1))
    steps += 1
    leanSum += abs(lean)
    reward.add("upright", 0.1 * (1 - lean * lean))
    reward.add("middle", -0.02 * place * place)
    reward.add("effort", -0.001 * Double(action[0] * action[0]))
    if abs(lean) > 0.5 { return .terminated(reason: 0) }
    return abs(place) > 1.8 ? .terminated(reason: 1) : .running
  }

  func measure(_ sim: borrowing Simulation, into values: inout MutableSpan<Double>) {
    values[0] = leanSum / Double(max(steps, 1)) * 180 / .pi
  }

  func save(to writer: inout StateWriter) {
    writer.write(steps)
    writer.write(leanSum)
  }

  mutating func restore(from reader: inout StateReader) throws {
    steps = try reader.readInt(in: 0...1_000_000)
    leanSum = try reader.readDouble()
  }
}
