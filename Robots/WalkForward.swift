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

/// Walk along the x axis at a steady speed on two feet, upright, without leaving the line.
public struct WalkForward: RobotTask {
  public let summary: String
  public let episodeSeconds = 20.0
  public let endings = ["fell", "touched"]
  public let metrics = GaitMeter.names(feet: 2, along: .line)

  /// m/s.
  let speed: Double
  /// Metres of the root's origin above the ground below which the robot has fallen.
  let fallHeight: Double
  let feetNames: (String, String)

  private var root = LinkID(index: 0)
  /// Left and right.
  private var feet: [LinkID] = []
  private var others: [LinkID] = []
  private var clock = GaitClock(period: 0.8, stance: 0.6)
  private var meter = GaitMeter()
  private var previousAction = ActionMemory(count: 0)
  /// Room for the axes' positions at a start.
  private var positions: [Double] = []

  public init(feet: (String, String), speed: Double = 1, fallHeight: Double) {
    feetNames = feet
    self.speed = speed
    self.fallHeight = fallHeight
    summary = "walks along a line at \(speed) m/s for 20 s"
  }

  public mutating func prepare(for model: RobotModel) throws {
    feet = [try model.link(feetNames.0), try model.link(feetNames.1)]
    others = model.links(except: feet)
    meter = GaitMeter(of: model, feet: feet, along: .line)
    previousAction = ActionMemory(count: model.actuatedAxes.count)
    positions = model.neutralPositions
  }

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.model.drawPositions(around: -0.1...0.1, using: &random, into: &positions)
    let lowest = sim.lowestPoint(at: .identity, positions: positions)
    let velocity = Vector3(random.uniform(-0.15...0.15), random.uniform(-0.15...0.15), 0)
    sim.place(at: Pose(position: [0, 0, -lowest]), velocity: velocity, positions: positions)
    clock.begin(at: random.unit())
    previousAction.begin()
    meter.begin(sim)
  }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    let pose = sim.pose(of: root)
    let yaw = pose.orientation.yaw
    let toHeading = Quaternion(angle: -yaw, axis: [0, 0, 1])
    let toBody = pose.orientation.conjugate
    cursor.write("height", pose.position.z - fallHeight, unit: "m", scale: 5, mirroring: .same, into: &row)
    cursor.write("gravity", toBody.act(on: [0, 0, -1]), mirroring: .vector, into: &row)
    cursor.write("heading", count: 2, mirroring: .signs([-1, 1]), into: &row) { $0 == 0 ? sin(yaw) : cos(yaw) }
    cursor.write(
      "sideways offset", min(max(pose.position.y, -1.5), 1.5), unit: "m", mirroring: .negated, into: &row)
    cursor.write(
      "velocity", toHeading.act(on: sim.velocity(of: root)), unit: "m/s", mirroring: .vector, into: &row)
    cursor.write(
      "angular velocity", toBody.act(on: sim.angularVelocity(of: root)), unit: "rad/s", scale: 0.25,
      mirroring: .axial, into: &row)
    cursor.write("joint positions", count: sim.axisCount, unit: "rad", mirroring: .axes, into: &row) {
      sim.position(ofAxis: $0) - sim.model.neutralPositions[$0]
    }
    cursor.write("joint velocities", count: sim.axisCount, unit: "rad/s", scale: 0.1, mirroring: .axes, into: &row) {
      sim.velocity(ofAxis: $0)
    }
    cursor.write("previous action", count: previousAction.count, mirroring: .actions, into: &row) {
      previousAction[$0]
    }
    cursor.write("foot contacts", count: 2, mirroring: .links(feet), into: &row) {
      sim.touchesGround(feet[$0]) ? 1 : 0
    }
    // Half a stride later the other foot is where this one is now.
    cursor.write("gait clock", count: 2, mirroring: .negated, into: &row) { $0 == 0 ? clock.sine : clock.cosine }
  }

  public mutating func judge(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    clock.advance(by: sim.controlInterval)
    meter.update(sim)
    let pose = sim.pose(of: root)
    let velocity = sim.velocity(of: root)
    let spin = sim.angularVelocity(of: root)
    let up = pose.orientation.act(on: [0, 0, 1])
    let yaw = pose.orientation.yaw

    reward.add("speed", 0.40 * exp(-3 * square(velocity.x - speed)))
    reward.add("sideways speed", 0.05 * exp(-4 * square(velocity.y)))
    reward.add("line", 0.06 * exp(-4 * square(pose.position.y)))
    reward.add("heading", 0.04 * exp(-8 * square(yaw)))
    reward.add("upright", 0.05 * exp(-20 * (square(up.x) + square(up.y))))
    reward.add("alive", 0.02)
    reward.add("clock", 0.08 * (clockScore(sim, 0) + clockScore(sim, 1)))
    reward.add("spin", -0.002 * (square(spin.x) + square(spin.y) + square(spin.z)))
    reward.add("power", -0.0002 * sim.work / sim.controlInterval)
    reward.add("smoothness", -0.006 * previousAction.change(to: action))

    for link in others where sim.groundContactSteps(link) != 0 { return .terminated(reason: 1) }
    let hasFallen = pose.position.z < fallHeight || up.z < 0.7
    return hasFallen ? .terminated(reason: 0) : .running
  }

  /// How well a foot keeps to the clock, in −1…1.
  private func clockScore(_ sim: borrowing Simulation, _ foot: Int) -> Double {
    clock.demand(ofFoot: foot) * (sim.touchesGround(feet[foot]) ? 1 : -1)
  }

  public func measure(_ sim: borrowing Simulation, into values: inout MutableSpan<Double>) {
    meter.write(controlInterval: sim.controlInterval, into: &values)
  }

  public func save(to writer: inout StateWriter) {
    clock.save(to: &writer)
    meter.save(to: &writer)
    previousAction.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    try clock.restore(from: &reader)
    try meter.restore(from: &reader)
    try previousAction.restore(from: &reader)
  }
}
