import Environments
import Physics
import Robotics
import Tasks

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Two links in a horizontal plane, 0.21 m long with the tip, as Gymnasium's `Reacher-v5` has them.
///
/// Links, masses (1,000 kg/m³), range, rotors (1 kg·m²), friction and torques (±200 N·m) are those of its `reacher.xml`.
/// Driven from end to end, links of 40 g part by millimeters at the elbow, which no arm that reaches a target does.
public struct Reacher: Robot {
  public let name = "reacher"
  public let physics = PhysicsSettings(substep: 0.0025, substeps: 8, hasGround: false)

  public init() {}

  /// Where the tip is on the forearm, m.
  public static let tip: Vector3 = [0.11, 0, 0]

  /// The table that it moves over, and its bearing.
  public var scenery: [Decoration] {
    let legs = [-0.24, 0.24].flatMap { x in
      [-0.24, 0.24].map { y in
        Decoration(.cylinder(radius: 0.012, length: 0.16), center: [x, y, -0.10], tone: .dark)
      }
    }
    return legs + [
      Decoration(.box(size: [0.54, 0.54, 0.02]), center: [0, 0, -0.011], tone: .gray),
      Decoration(.cylinder(radius: 0.014, length: 0.026), center: [0, 0, 0.012], tone: .dark),
    ]
  }

  public var body: Link {
    Link("upper arm", [rod], mass: .density(1000), at: [0, 0, 0.01], joint: hinge("shoulder", range: nil)) {
      Link(
        "forearm", [rod, Collider(.sphere(radius: 0.01), pose: Pose(position: Self.tip))], mass: .density(1000),
        at: [0.1, 0, 0], joint: hinge("elbow", range: -3...3))
    }
  }

  private var rod: Collider { Collider(.capsule(radius: 0.01, length: 0.1), center: [0.05, 0, 0], along: .unitX) }

  private func hinge(_ name: String, range: ClosedRange<Double>?) -> Joint {
    .hinge(
      Axis(
        name, [0, 0, 1], range: range, dynamics: JointDynamics(damping: 1, armature: 1),
        actuator: .torque(limit: 200)))
  }
}

/// Bring the tip to a point drawn from a disc of 0.2 m and hold it there, within a second.
///
/// Start, targets and length are those of Gymnasium's `Reacher-v5`. Its reward, −distance − Σa², is higher for a slow arm
/// than for one that arrives: here the effort costs a tenth, and the last centimeters are rewarded as well.
public struct ReachPlane: RobotTask {
  public let summary = "brings its tip to a point in the plane, as Gymnasium's Reacher-v5"
  public let episodeSeconds = 1.0
  public let endings: [String] = []
  public let metrics = ["final_error_m"]
  public let success = Success.metric("final_error_m", in: 0...0.01)

  /// The radius of the disc, m.
  static let reach = 0.2
  /// The last part of an episode, over which the error counts as final, s.
  static let finalSeconds = 0.2

  private var forearm = LinkID(index: 0)
  private var target = Vector3.zero
  /// Room for the axes' positions at a start.
  private var positions = [0.0, 0.0]
  private var finalError = FinalMean()

  public init() {}

  public mutating func prepare(for model: RobotModel) throws { forearm = try model.link("forearm") }

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.model.drawPositions(around: -0.1...0.1, using: &random, into: &positions)
    sim.place(at: sim.rootPose, positions: positions)
    repeat {
      target = [random.uniform(-Self.reach...Self.reach), random.uniform(-Self.reach...Self.reach), 0]
    } while target.length >= Self.reach
    finalError.begin()
  }

  /// From the tip to the target, m.
  private func error(_ sim: borrowing Simulation) -> Vector3 {
    let pose = sim.pose(of: forearm)
    let tip = pose.position + pose.orientation.act(on: Reacher.tip)
    return [target.x - tip.x, target.y - tip.y, 0]
  }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    let error = error(sim)
    cursor.write("joint cosines", count: 2, into: &row) { cos(sim.position(ofAxis: $0)) }
    cursor.write("joint sines", count: 2, into: &row) { sin(sim.position(ofAxis: $0)) }
    cursor.write("target", count: 2, unit: "m", into: &row) { target[$0] }
    cursor.write("joint velocities", count: 2, unit: "rad/s", into: &row) { sim.velocity(ofAxis: $0) }
    cursor.write("error", count: 2, unit: "m", into: &row) { error[$0] }
  }

  public mutating func evaluateStep(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    let error = error(sim).length
    finalError.add(error, after: sim.controlInterval, of: episodeSeconds, last: Self.finalSeconds)
    reward.add("distance", -error)
    reward.add("near", 0.2 * closeness(error, to: 0, width: 0.02))
    reward.add("control", -0.1 * (square(Double(action[0])) + square(Double(action[1]))))
    return .running
  }

  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    [TrackedQuantity("from the target", unit: "m", error(sim).length, target: 0)]
  }

  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    metrics.write("final_error_m", finalError.mean)
  }

  public func markers(_ sim: borrowing Simulation) -> [Marker] {
    [Marker(at: [target.x, target.y, 0.01], radius: 0.009)]
  }

  public func save(to writer: inout StateWriter) {
    writer.write([target.x, target.y])
    finalError.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    let values = try reader.readFiniteDoubles(count: 2)
    target = [values[0], values[1], 0]
    try finalError.restore(from: &reader)
  }
}

extension Catalog.Entry {
  static let reacher = Self(
    "reacher", Reacher(), ReachPlane(),
    settings: [
      "steps": 500_000, "ppo.horizon": 64, "ppo.minibatch": 512, "ppo.epochs": 5, "ppo.gamma": 0.95, "ppo.lambda": 0.95,
      "ppo.entropy_coefficient": 0, "ppo.final_kl": 0.004, "ppo.min_std": 0.02,
    ],
    trainedPolicy: { shippedPolicy("reacher") },
    goal: Goal(.mean("final_error_m", atMost: 0.01)))
}
