import Environments
import Physics
import Robotics

/// A cart on a rail with a pole on a hinge, as Gymnasium's `InvertedPendulum-v5` has them.
///
/// Links, masses (1,000 kg/m³), ranges, force (±300 N) and friction (1 N·s/m, 1 N·m·s/rad) are those of its
/// `inverted_pendulum.xml`. Under full force it falls within two steps, and passes the rail's ends by centimeters.
public struct CartPole: Robot {
  public let name = "cartpole"
  public let physics = PhysicsSettings(substep: 0.005, substeps: 8, hasGround: false)

  public init() {}

  public var scenery: [Decoration] { Rail.scenery }

  /// From the hinge to the pole's end, m; the published pole leans by a millimeter.
  private static let pole: Vector3 = [0.001, 0, 0.6]

  public var body: Link {
    Link(
      "cart", [Collider(.capsule(radius: 0.1, length: 0.2), center: .zero, along: .unitX)], mass: .density(1000),
      joint: .slider(
        Axis(
          "rail", [1, 0, 0], range: -1...1, dynamics: JointDynamics(damping: 1), actuator: .torque(limit: 300)))
    ) {
      Link(
        "pole",
        [Collider(.capsule(radius: 0.049, length: Self.pole.length), center: 0.5 * Self.pole, along: Self.pole)],
        mass: .density(1000),
        joint: .hinge(Axis("pole", [0, 1, 0], degrees: -90...90, dynamics: JointDynamics(damping: 1))))
    }
  }
}

/// Keep the pole within 0.2 rad of upright for 1,000 steps: reward, ending and start of Gymnasium's `InvertedPendulum-v5`.
public struct BalancePole: RobotTask {
  public let summary = "balances a pole on a cart, as Gymnasium's InvertedPendulum-v5"
  public let episodeSeconds = 40.0
  public let endings = ["fell"]
  public let metrics = ["lean_deg", "rail_m"]

  /// Room for the axes' positions at a start.
  private var positions = [0.0, 0.0]
  private var steps = 0
  private var leanSum = 0.0
  private var farthest = 0.0

  public init() {}

  public mutating func prepare(for model: RobotModel) throws {}

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.model.drawPositions(around: -0.01...0.01, using: &random, into: &positions)
    sim.place(at: sim.rootPose, positions: positions)
    (steps, leanSum, farthest) = (0, 0, 0)
  }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    cursor.write("rail", sim.position(ofAxis: 0), unit: "m", into: &row)
    cursor.write("lean", sim.position(ofAxis: 1), unit: "rad", into: &row)
    cursor.write("speed", sim.velocity(ofAxis: 0), unit: "m/s", into: &row)
    cursor.write("lean rate", sim.velocity(ofAxis: 1), unit: "rad/s", into: &row)
  }

  public mutating func evaluateStep(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    let lean = abs(sim.position(ofAxis: 1))
    steps += 1
    leanSum += lean
    farthest = max(farthest, abs(sim.position(ofAxis: 0)))
    let hasFallen = lean > 0.2
    reward.add("upright", hasFallen ? 0 : 1)
    return hasFallen ? .terminated(reason: 0) : .running
  }

  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    [TrackedQuantity("lean", unit: "rad", sim.position(ofAxis: 1), target: 0)]
  }

  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    metrics.write("lean_deg", leanSum / Double(max(steps, 1)) * 180 / .pi)
    metrics.write("rail_m", farthest)
  }

  public func save(to writer: inout StateWriter) {
    writer.write(steps)
    writer.write([leanSum, farthest])
  }

  public mutating func restore(from reader: inout StateReader) throws {
    steps = try reader.readInt(in: 0...(1 << 53))
    let values = try reader.readFiniteDoubles(count: 2)
    (leanSum, farthest) = (values[0], values[1])
  }
}

extension Catalog.Entry {
  static let cartPole = Self(
    "cartpole", CartPole(), BalancePole(),
    settings: ["steps": 100_000, "ppo.lambda": 0.95, "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.004],
    trainedPolicy: { shippedPolicy("cartpole") },
    goal: Goal(.lasting(atLeast: 1)))
}
