import Environments
import Physics
import Robotics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A cart on a rail with two poles, one hinged on top of the other, as Gymnasium's `InvertedDoublePendulum-v5` has them.
///
/// Links, masses (1,000 kg/m³), range, force (±500 N) and friction (0.05) are those of its `inverted_double_pendulum.xml`.
public struct InvertedDoublePendulum: Robot {
  public let name = "inverted-double-pendulum"
  public let physics = PhysicsSettings(substep: 0.005, substeps: 10, hasGround: false)

  public init() {}

  public var scenery: [Decoration] { Rail.scenery }

  public var body: Link {
    Link(
      "cart", [Collider(.capsule(radius: 0.1, length: 0.2), center: .zero, along: .unitX)], mass: .density(1000),
      joint: .slider(Axis("rail", [1, 0, 0], range: -1...1, dynamics: friction, actuator: .torque(limit: 500)))
    ) {
      pole("lower pole", at: .zero) { pole("upper pole", at: [0, 0, 0.6]) }
    }
  }

  private let friction = JointDynamics(damping: 0.05)

  private func pole(_ name: String, at: Vector3, @LinkBuilder children: () -> [Link] = { [] }) -> Link {
    Link(
      name, [Collider(.capsule(radius: 0.045, length: 0.6), center: [0, 0, 0.3])], mass: .density(1000), at: at,
      joint: .hinge(Axis(name, [0, 1, 0], dynamics: friction)), children: children)
  }
}

/// Keep the tip of the upper pole above 1 m for 1,000 steps: reward, ending and start of Gymnasium's
/// `InvertedDoublePendulum-v5`, but that axes start at rest and the force at the rail's ends is not shown.
public struct BalanceTwoPoles: RobotTask {
  public let summary = "balances a pole on a pole on a cart, as Gymnasium's InvertedDoublePendulum-v5"
  public let episodeSeconds = 50.0
  public let endings = ["fell"]
  public let metrics = ["tip_m", "rail_m"]

  private var upper = LinkID(index: 0)
  /// Room for the axes' positions at a start.
  private var positions = [0.0, 0.0, 0.0]
  private var steps = 0
  private var tipSum = 0.0
  private var farthest = 0.0

  public init() {}

  public mutating func prepare(for model: RobotModel) throws { upper = try model.link("upper pole") }

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.model.drawPositions(around: -0.1...0.1, using: &random, into: &positions)
    sim.place(at: sim.rootPose, positions: positions)
    (steps, tipSum, farthest) = (0, 0, 0)
  }

  private func tip(_ sim: borrowing Simulation) -> Vector3 {
    let pose = sim.pose(of: upper)
    return pose.position + pose.orientation.act(on: [0, 0, 0.6])
  }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    cursor.write("rail", sim.position(ofAxis: 0), unit: "m", into: &row)
    cursor.write("lean sines", count: 2, into: &row) { sin(sim.position(ofAxis: $0 + 1)) }
    cursor.write("lean cosines", count: 2, into: &row) { cos(sim.position(ofAxis: $0 + 1)) }
    cursor.write("speed", min(max(sim.velocity(ofAxis: 0), -10), 10), unit: "m/s", into: &row)
    cursor.write("lean rates", count: 2, unit: "rad/s", into: &row) {
      min(max(sim.velocity(ofAxis: $0 + 1), -10), 10)
    }
  }

  public mutating func evaluateStep(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    let tip = tip(sim)
    let (lower, upper) = (sim.velocity(ofAxis: 1), sim.velocity(ofAxis: 2))
    steps += 1
    tipSum += tip.z
    farthest = max(farthest, abs(sim.position(ofAxis: 0)))
    let hasFallen = tip.z <= 1
    reward.add("upright", hasFallen ? 0 : 10)
    reward.add("place", -0.01 * square(tip.x) - square(tip.z - 2))
    reward.add("motion", -1e-3 * square(lower) - 5e-3 * square(upper))
    return hasFallen ? .terminated(reason: 0) : .running
  }

  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    [TrackedQuantity("tip", unit: "m", tip(sim).z)]
  }

  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    metrics.write("tip_m", tipSum / Double(max(steps, 1)))
    metrics.write("rail_m", farthest)
  }

  public func save(to writer: inout StateWriter) {
    writer.write(steps)
    writer.write([tipSum, farthest])
  }

  public mutating func restore(from reader: inout StateReader) throws {
    steps = try reader.readInt(in: 0...(1 << 53))
    let values = try reader.readFiniteDoubles(count: 2)
    (tipSum, farthest) = (values[0], values[1])
  }
}

extension Catalog.Entry {
  static let invertedDoublePendulum = Self(
    "inverted-double-pendulum", InvertedDoublePendulum(), BalanceTwoPoles(),
    settings: [
      "steps": 250_000, "ppo.total_steps": 300_000, "ppo.horizon": 128, "ppo.minibatch": 1024, "ppo.epochs": 10,
      "ppo.lambda": 0.95, "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.002, "ppo.max_learning_rate": 0.001,
      "evaluation.interval": 50_000, "evaluation.episodes": 100,
    ],
    trainedPolicy: { shippedPolicy("inverted-double-pendulum") },
    goal: Goal(.lasting(atLeast: 1)))
}
