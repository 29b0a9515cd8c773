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

/// Run along the x axis as fast as possible, as Gymnasium rewards it: the speed, a bonus for every step in good health, and
/// a price on the actions. Episodes last 1,000 steps.
///
/// Rewards, endings and starts follow the documentation of Gymnasium's `Hopper-v5`, `Walker2d-v5`, `HalfCheetah-v5` and
/// `Ant-v5`, with these differences: the root's pose and velocity and the axes' positions are drawn uniformly, axes start
/// at rest, and a start that would lie in the ground is raised out of it; contact forces are neither shown nor priced.
public struct RunForward: RobotTask {
  public let summary: String
  public let episodeSeconds: Double
  public let endings: [String]
  public let metrics: [String]

  /// Rewards and endings of a robot.
  public struct Terms: Sendable {
    /// Heights of the root's origin that are healthy, m; any if `nil`.
    public var height: ClosedRange<Double>?
    /// Leans of a planar root that are healthy, rad; any if `nil`.
    public var lean: ClosedRange<Double>?
    /// What no position and no speed may reach, in m, rad and seconds.
    public var state: Double?
    /// The reward of every step in a healthy state.
    public var healthy = 0.0
    /// The price of Σa².
    public var control = 0.0
    /// How far positions, in m and rad, and the root's speed, in m/s, start from where they should, each way.
    public var startNoise = 0.0

    public init() {}
  }

  let terms: Terms
  let feetNames: [String]

  private var root = LinkID(index: 0)
  private var isPlanar = false
  private var meter = GaitMeter()
  private var x = 0.0
  /// Room for the axes' positions at a start.
  private var positions: [Double] = []

  /// - Parameter controlInterval: of the robot, s.
  public init(_ summary: String, feet: [String], controlInterval: Double, terms: Terms) {
    self.summary = summary
    self.terms = terms
    feetNames = feet
    metrics = GaitMeter.names(feet: feet.count, along: .line)
    let conditions = [("height", terms.height != nil), ("lean", terms.lean != nil), ("state", terms.state != nil)]
    endings = conditions.filter(\.1).map(\.0)
    episodeSeconds = 1000 * controlInterval
  }

  public mutating func prepare(for model: RobotModel) throws {
    meter = GaitMeter(of: model, feet: try feetNames.map { try model.link($0) }, along: .line)
    isPlanar = model.physics.isPlanar
    positions = model.neutralPositions
  }

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    let noise = -terms.startNoise...terms.startNoise
    sim.model.drawPositions(around: noise, using: &random, into: &positions)
    // A quaternion that is off by so much turns by twice as much.
    let lean = random.uniform(isPlanar ? noise : 2 * noise.lowerBound...2 * noise.upperBound)
    var orientation = Quaternion(angle: lean, axis: .unitY)
    if !isPlanar {
      orientation = Quaternion(
        roll: 2 * random.uniform(noise), pitch: lean, yaw: 2 * random.uniform(noise))
    }
    var position = sim.rootPose.position
    position.z += random.uniform(noise)
    let lowest = sim.lowestPoint(at: Pose(position: position, orientation: orientation), positions: positions)
    position.z += max(0, -lowest)
    let velocity = Vector3(random.uniform(noise), isPlanar ? 0 : random.uniform(noise), random.uniform(noise))
    sim.place(at: Pose(position: position, orientation: orientation), velocity: velocity, positions: positions)
    x = position.x
    meter.begin(sim)
  }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    let pose = sim.pose(of: root)
    let (velocity, spin) = (sim.velocity(of: root), sim.angularVelocity(of: root))
    cursor.write("height", pose.position.z, unit: "m", mirroring: .same, into: &row)
    if isPlanar {
      let lean = pose.orientation.lean
      cursor.write("lean", count: 2, mirroring: .same, into: &row) { $0 == 0 ? sin(lean) : cos(lean) }
      cursor.write("velocity", count: 2, unit: "m/s", mirroring: .same, into: &row) {
        Self.clip($0 == 0 ? velocity.x : velocity.z)
      }
      cursor.write("lean rate", Self.clip(spin.y), unit: "rad/s", mirroring: .same, into: &row)
    } else {
      let yaw = pose.orientation.yaw
      let toHeading = Quaternion(angle: -yaw, axis: [0, 0, 1])
      let toBody = pose.orientation.conjugate
      cursor.write("gravity", toBody.act(on: [0, 0, -1]), mirroring: .vector, into: &row)
      cursor.write("heading", count: 2, mirroring: .signs([-1, 1]), into: &row) { $0 == 0 ? sin(yaw) : cos(yaw) }
      cursor.write(
        "velocity", Self.clip(toHeading.act(on: velocity)), unit: "m/s", mirroring: .vector, into: &row)
      cursor.write(
        "angular velocity", Self.clip(toBody.act(on: spin)), unit: "rad/s", mirroring: .axial, into: &row)
    }
    cursor.write("joint positions", count: sim.axisCount, unit: "rad", mirroring: .axes, into: &row) {
      sim.position(ofAxis: $0) - sim.model.neutralPositions[$0]
    }
    cursor.write("joint velocities", count: sim.axisCount, unit: "rad/s", mirroring: .axes, into: &row) {
      Self.clip(sim.velocity(ofAxis: $0))
    }
  }

  /// Gymnasium shows hopper and walker velocities within ±10; here all robots see them so.
  private static func clip(_ value: Double) -> Double { min(max(value, -10), 10) }
  private static func clip(_ vector: Vector3) -> Vector3 { [clip(vector.x), clip(vector.y), clip(vector.z)] }

  public mutating func evaluateStep(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    meter.update(sim)
    let pose = sim.pose(of: root)
    let ending = ending(sim, pose)
    var effort = 0.0
    for i in action.indices { effort += square(Double(action[i])) }
    reward.add("forward", (pose.position.x - x) / sim.controlInterval)
    reward.add("healthy", ending == .running ? terms.healthy : 0)
    reward.add("control", -terms.control * effort)
    x = pose.position.x
    return ending
  }

  private func ending(_ sim: borrowing Simulation, _ pose: Pose) -> Ending {
    if let height = terms.height, !height.contains(pose.position.z) { return ending("height") }
    if let lean = terms.lean, !lean.contains(pose.orientation.lean) {
      return ending("lean")
    }
    if let state = terms.state, greatest(sim) >= state { return ending("state") }
    return .running
  }

  private func ending(_ name: String) -> Ending { .terminated(reason: endings.firstIndex(of: name) ?? 0) }

  /// The greatest position or speed of the root and of all axes.
  private func greatest(_ sim: borrowing Simulation) -> Double {
    let (velocity, spin) = (sim.velocity(of: root), sim.angularVelocity(of: root))
    var greatest = max(abs(velocity.x), abs(velocity.z), abs(spin.y))
    for axis in 0..<sim.axisCount {
      greatest = max(greatest, abs(sim.position(ofAxis: axis)), abs(sim.velocity(ofAxis: axis)))
    }
    return greatest
  }

  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    [
      TrackedQuantity("forward", unit: "m/s", sim.velocity(of: root).x),
      TrackedQuantity("height", unit: "m", sim.pose(of: root).position.z),
    ]
  }

  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    meter.write(controlInterval: sim.controlInterval, into: &metrics)
  }

  public func save(to writer: inout StateWriter) {
    writer.write(x)
    meter.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    x = try reader.readFiniteDouble()
    try meter.restore(from: &reader)
  }
}

extension Quaternion {
  /// The turn about the y axis of a body that turns about no other, −π…π rad; positive leans forward.
  fileprivate var lean: Double { (2 * atan2(y, w)).remainder(dividingBy: 2 * .pi) }
}

extension RunForward {
  /// What differs from episode to episode in a preset, so that no policy relies on how hard contacts are.
  package static let randomization: [String: SettingValue] = [
    "randomization.contact_stiffness": "0.1...1", "randomization.friction": "0.7...1.2",
    "randomization.joint_damping": "0.7...1.4",
  ]
}
