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

/// Walk along the x axis on two feet, upright, without leaving the line: at a steady speed, or at the commanded speed,
/// which may be none.
public struct WalkForward: RobotTask {
  public let summary: String
  public let episodeSeconds = 20.0
  public let endings = ["fell", "touched"]
  public let metrics: [String]

  /// How it is to move; a constant for a steady walk.
  private var command: VelocityCommand
  /// How well it tracks the command; nil for a steady walk, whose speed says as much.
  private var tracking: TrackingMeter?
  private let options: Options
  /// Meters of the root's origin above the ground below which the robot has fallen.
  let fallHeight: Double
  let feetNames: (String, String)

  private var root = LinkID(index: 0)
  /// Left and right.
  private var feet: [LinkID] = []
  private var others: [LinkID] = []
  /// Axes that are to stay near their neutral.
  private var resting: [Int] = []
  private var clock = GaitClock(period: 0.8, stance: 0.6)
  private var meter = GaitMeter()
  private var previousAction = ActionMemory(count: 0)
  private var accelerometer = Accelerometer()
  /// The link of `Options.uprightLink`.
  private var trunk: LinkID?
  /// Room for the axes' positions at a start.
  private var positions: [Double] = []

  /// - Parameters:
  ///   - feet: names of the left and the right foot.
  ///   - speed: m/s.
  ///   - fallHeight: meters of the root's origin above the ground below which the robot has fallen.
  public init(
    feet: (String, String), speed: Double = 1, fallHeight: Double, options: Options = Options()
  ) {
    self.init(
      "walks along a line at \(speed) m/s for 20 s", feet: feet,
      command: VelocityCommand(forward: speed...speed, growsFromZero: options.startsFromStanding), tracking: nil,
      fallHeight: fallHeight, options: options)
  }

  /// - Parameters:
  ///   - feet: names of the left and the right foot.
  ///   - command: only the forward speed is used.
  ///   - fallHeight: meters of the root's origin above the ground below which the robot has fallen.
  public init(
    feet: (String, String), command: VelocityCommand, fallHeight: Double, options: Options = Options()
  ) {
    let speeds = command.forwardRange
    self.init(
      "walks along a line at the commanded speed, \(speeds.lowerBound) to \(speeds.upperBound) m/s, for 20 s",
      feet: feet, command: command, tracking: TrackingMeter(), fallHeight: fallHeight, options: options)
  }

  private init(
    _ summary: String, feet: (String, String), command: VelocityCommand, tracking: TrackingMeter?, fallHeight: Double,
    options: Options
  ) {
    self.summary = summary
    feetNames = feet
    self.command = command
    self.tracking = tracking
    self.fallHeight = fallHeight
    self.options = options
    metrics = GaitMeter.names(feet: 2, along: .line) + (tracking == nil ? [] : TrackingMeter.names)
  }

  public mutating func prepare(for model: RobotModel) throws {
    feet = [try model.link(feetNames.0), try model.link(feetNames.1)]
    others = model.links(except: feet)
    resting = try options.resting.map { try model.axis($0) }
    trunk = try options.uprightLink.map { try model.link($0) }
    meter = GaitMeter(of: model, feet: feet, along: .line)
    previousAction = ActionMemory(count: model.actuatedAxes.count)
    positions = model.neutralPositions
  }

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.model.drawPositions(around: -options.startSpread...options.startSpread, using: &random, into: &positions)
    let lowest = sim.lowestPoint(at: .identity, positions: positions)
    let velocity = Vector3(random.uniform(-0.15...0.15), random.uniform(-0.15...0.15), 0)
    sim.place(at: Pose(position: Vector3(0, 0, -lowest)), velocity: velocity, positions: positions)
    clock.begin(at: random.unit())
    previousAction.begin()
    accelerometer.begin(sim, at: root)
    meter.begin(sim)
    command.begin(difficulty: sim.difficulty, using: &random)
    tracking?.begin(at: sim.pose(of: root))
  }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    let pose = sim.pose(of: root)
    let yaw = pose.orientation.yaw
    // Where the robot has only an IMU, only the critic reads what the IMU cannot measure.
    let known: Audience = options.senses == .all ? .both : .critic
    cursor.write(
      "height", pose.position.z - fallHeight, unit: "m", scale: 5, for: known, mirroring: .same, into: &row)
    cursor.writeGravity(sim, of: root, into: &row)
    cursor.write("heading", count: 2, for: known, mirroring: .signs([-1, 1]), into: &row) {
      $0 == 0 ? sin(yaw) : cos(yaw)
    }
    cursor.write(
      "sideways offset", min(max(pose.position.y, -1.5), 1.5), unit: "m", for: known, mirroring: .negated, into: &row)
    cursor.writeVelocity(sim, of: root, for: known, into: &row)
    cursor.writeAngularVelocity(sim, of: root, into: &row)
    if options.senses == .imu { accelerometer.observe(&cursor, into: &row) }
    cursor.write("joint positions", count: sim.axisCount, unit: "rad", noise: 0.01, mirroring: .axes, into: &row) {
      sim.position(ofAxis: $0) - sim.model.neutralPositions[$0]
    }
    cursor.write(
      "joint velocities", count: sim.axisCount, unit: "rad/s", scale: 0.1, noise: 0.5, mirroring: .axes, into: &row
    ) { sim.velocity(ofAxis: $0) }
    cursor.writePreviousAction(previousAction, into: &row)
    cursor.write("foot contacts", count: 2, for: known, mirroring: .links(feet), into: &row) {
      sim.touchesGround(feet[$0]) ? 1 : 0
    }
    // The clock says nothing to who stands; half a stride later the other foot is where this one is now.
    let isToStand = isToStand(sim)
    cursor.write("gait clock", count: 2, mirroring: .negated, into: &row) {
      isToStand ? 0 : $0 == 0 ? clock.sine : clock.cosine
    }
    command.observe(&cursor, into: &row)
  }

  public mutating func evaluateStep(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    clock.advance(by: sim.controlInterval)
    meter.update(sim)
    if options.senses == .imu { accelerometer.update(sim, at: root) }
    let pose = sim.pose(of: root)
    tracking?.update(pose, command: command, interval: sim.controlInterval)
    let velocity = sim.velocity(of: root)
    let spin = sim.angularVelocity(of: root)
    let up = pose.orientation.act(on: [0, 0, 1])
    let yaw = pose.orientation.yaw

    reward.add("speed", 0.40 * exp(-3 * square(velocity.x - command.forward)))
    reward.add("sideways speed", 0.05 * exp(-4 * square(velocity.y)))
    reward.add("line", 0.06 * exp(-4 * square(pose.position.y)))
    reward.add("heading", 0.04 * exp(-8 * square(yaw)))
    reward.add("upright", 0.06 * uprightness(pose))
    if let trunk { reward.add("trunk", 0.06 * uprightness(sim.pose(of: trunk))) }
    if let height = options.height { reward.add("crouch", -20 * square(max(height - pose.position.z, 0))) }
    reward.add("alive", 0.02)
    reward.add("clock", options.clockWeight * (clockScore(sim, 0) + clockScore(sim, 1)))
    if let highest = options.highestStep { reward.add("lift", -0.5 * lift(sim, above: highest)) }
    reward.add("spin", -0.002 * (square(spin.x) + square(spin.y) + square(spin.z)))
    reward.add("power", -options.powerWeight * sim.work / sim.controlInterval)
    reward.add("smoothness", -options.smoothnessWeight * previousAction.change(to: action))
    reward.add("stops", -options.stopWeight * sim.nearnessToStops())
    if !resting.isEmpty { reward.add("posture", -options.restingWeight * sim.deviation(ofAxes: resting)) }
    command.advance(by: sim.controlInterval)

    let hasTouched = others.contains { sim.groundContactSteps($0) != 0 }
    let hasFallen = pose.position.z < fallHeight || up.z < 0.7
    if options.fallPenalty > 0 { reward.add("fall", hasTouched || hasFallen ? -options.fallPenalty : 0) }
    return hasTouched ? .terminated(reason: 1) : hasFallen ? .terminated(reason: 0) : .running
  }

  /// Whether both feet are to stay where they are: so the command says, and nothing carries the robot along. Who still
  /// walks, or was pushed, has to step to come to rest.
  private func isToStand(_ sim: borrowing Simulation) -> Bool {
    let velocity = sim.velocity(of: root)
    return command.isStanding && square(velocity.x) + square(velocity.y) < square(0.3)
  }

  /// How well a foot keeps to the clock, in −1…1; who is to stand keeps both feet on the ground.
  private func clockScore(_ sim: borrowing Simulation, _ foot: Int) -> Double {
    (isToStand(sim) ? 1 : clock.demand(ofFoot: foot)) * (sim.touchesGround(feet[foot]) ? 1 : -1)
  }

  /// How far the soles are above `highest`, m, summed over the feet.
  private func lift(_ sim: borrowing Simulation, above highest: Double) -> Double {
    max(sim.clearance(of: feet[0]) - highest, 0) + max(sim.clearance(of: feet[1]) - highest, 0)
  }

  public var steeringLimits: SteeringLimits? { command.steeringLimits }
  public mutating func steer(_ steering: Steering?) { command.steer(steering) }

  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    [
      TrackedQuantity("forward", unit: "m/s", sim.velocity(of: root).x, target: command.forward, direction: .forward),
      TrackedQuantity("off the line", unit: "m", sim.pose(of: root).position.y, target: 0),
    ]
  }

  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    meter.write(controlInterval: sim.controlInterval, into: &metrics)
    tracking?.write(into: &metrics)
  }

  public mutating func mirror(for model: RobotModel) {
    command.mirror()
    clock.mirror()
    previousAction.mirror(for: model)
    accelerometer.mirror()
  }

  public func save(to writer: inout StateWriter) {
    clock.save(to: &writer)
    meter.save(to: &writer)
    previousAction.save(to: &writer)
    command.save(to: &writer)
    tracking?.save(to: &writer)
    accelerometer.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    try clock.restore(from: &reader)
    try meter.restore(from: &reader)
    try previousAction.restore(from: &reader)
    try command.restore(from: &reader)
    try tracking?.restore(from: &reader)
    try accelerometer.restore(from: &reader)
  }
}
