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

/// Walk along the x axis on two feet, upright, without leaving the line: at a steady speed, or at the speed it is told,
/// which may be none.
public struct WalkForward: RobotTask {
  public let summary: String
  public let episodeSeconds = 20.0
  public let endings = ["fell", "touched"]
  public let metrics: [String]

  /// How it is to move; a constant for a steady walk.
  private var command: VelocityCommand
  /// How well it keeps what it is told; nil for a steady walk, whose speed says as much.
  private var tracking: TrackingMeter?
  /// What else the walk of a robot asks for.
  private let manners: Manners
  /// Metres of the root's origin above the ground below which the robot has fallen.
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
  /// Room for the axes' positions at a start.
  private var positions: [Double] = []

  /// What differs from robot to robot in how it should walk.
  public struct Manners: Sendable {
    /// How far from its neutral an axis starts at most, rad.
    public var startSpread = 0.1
    /// What each foot is paid at most for keeping to the clock.
    public var clockPay = 0.08
    /// What a watt of the actuators costs.
    public var powerPrice = 0.0002
    /// What Σ(Δa)² from one action to the next costs.
    public var changePrice = 0.006
    /// What a fall costs, beyond all that it ends.
    public var fallPrice = 0.0
    /// Whether a steady walk may be slower in easy episodes; at a difficulty of 0 it is to stand.
    public var startsSlowly = false
    /// Names of axes that should stay near their neutral, such as those of arms.
    public var resting: [String] = []
    /// What Σ(q − neutral)² over them costs, rad⁻².
    public var restingPrice = 0.0

    public init() {}
  }

  /// - Parameters:
  ///   - feet: names of the left and the right foot.
  ///   - speed: m/s.
  ///   - fallHeight: metres of the root's origin above the ground below which the robot has fallen.
  public init(
    feet: (String, String), speed: Double = 1, fallHeight: Double, manners: Manners = Manners()
  ) {
    self.init(
      "walks along a line at \(speed) m/s for 20 s", feet: feet,
      command: VelocityCommand(forward: speed...speed, growsFromZero: manners.startsSlowly), tracking: nil,
      fallHeight: fallHeight, manners: manners)
  }

  /// - Parameters:
  ///   - feet: names of the left and the right foot.
  ///   - command: what it is told; only the forward speed is followed.
  ///   - fallHeight: metres of the root's origin above the ground below which the robot has fallen.
  public init(
    feet: (String, String), command: VelocityCommand, fallHeight: Double, manners: Manners = Manners()
  ) {
    let speeds = command.forwardRange
    self.init(
      "walks along a line at the speed it is told, \(speeds.lowerBound) to \(speeds.upperBound) m/s, for 20 s",
      feet: feet, command: command, tracking: TrackingMeter(), fallHeight: fallHeight, manners: manners)
  }

  private init(
    _ summary: String, feet: (String, String), command: VelocityCommand, tracking: TrackingMeter?, fallHeight: Double,
    manners: Manners
  ) {
    self.summary = summary
    feetNames = feet
    self.command = command
    self.tracking = tracking
    self.fallHeight = fallHeight
    self.manners = manners
    metrics = GaitMeter.names(feet: 2, along: .line) + (tracking == nil ? [] : TrackingMeter.names)
  }

  public mutating func prepare(for model: RobotModel) throws {
    feet = [try model.link(feetNames.0), try model.link(feetNames.1)]
    others = model.links(except: feet)
    resting = try manners.resting.map { try model.axis($0) }
    meter = GaitMeter(of: model, feet: feet, along: .line)
    previousAction = ActionMemory(count: model.actuatedAxes.count)
    positions = model.neutralPositions
  }

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.model.drawPositions(around: -manners.startSpread...manners.startSpread, using: &random, into: &positions)
    let lowest = sim.lowestPoint(at: .identity, positions: positions)
    let velocity = Vector3(random.uniform(-0.15...0.15), random.uniform(-0.15...0.15), 0)
    sim.place(at: Pose(position: Vector3(0, 0, -lowest)), velocity: velocity, positions: positions)
    clock.begin(at: random.unit())
    previousAction.begin()
    meter.begin(sim)
    command.begin(difficulty: sim.difficulty, using: &random)
    tracking?.begin(at: sim.pose(of: root))
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
    // The clock says nothing to who stands; half a stride later the other foot is where this one is now.
    let isToStand = isToStand(sim)
    cursor.write("gait clock", count: 2, mirroring: .negated, into: &row) {
      isToStand ? 0 : $0 == 0 ? clock.sine : clock.cosine
    }
    command.observe(&cursor, into: &row)
  }

  public mutating func judge(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    clock.advance(by: sim.controlInterval)
    meter.update(sim)
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
    reward.add("upright", 0.05 * exp(-20 * (square(up.x) + square(up.y))))
    reward.add("alive", 0.02)
    reward.add("clock", manners.clockPay * (clockScore(sim, 0) + clockScore(sim, 1)))
    reward.add("spin", -0.002 * (square(spin.x) + square(spin.y) + square(spin.z)))
    reward.add("power", -manners.powerPrice * sim.work / sim.controlInterval)
    reward.add("smoothness", -manners.changePrice * previousAction.change(to: action))
    if !resting.isEmpty { reward.add("posture", -manners.restingPrice * deviation(sim)) }
    command.advance(by: sim.controlInterval)

    let hasTouched = others.contains { sim.groundContactSteps($0) != 0 }
    let hasFallen = pose.position.z < fallHeight || up.z < 0.7
    if manners.fallPrice > 0 { reward.add("fall", hasTouched || hasFallen ? -manners.fallPrice : 0) }
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

  /// Σ(q − neutral)² of the axes that should rest, rad².
  private func deviation(_ sim: borrowing Simulation) -> Double {
    var sum = 0.0
    for axis in resting { sum += square(sim.position(ofAxis: axis) - sim.model.neutralPositions[axis]) }
    return sum
  }

  public var steeringLimits: SteeringLimits? { command.steeringLimits }
  public mutating func steer(_ steering: Steering?) { command.steer(steering) }

  public func aims(_ sim: borrowing Simulation) -> [Aim] {
    [
      Aim("forward", unit: "m/s", sim.velocity(of: root).x, wanted: command.forward, direction: .forward),
      Aim("off the line", unit: "m", sim.pose(of: root).position.y, wanted: 0),
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
  }

  public func save(to writer: inout StateWriter) {
    clock.save(to: &writer)
    meter.save(to: &writer)
    previousAction.save(to: &writer)
    command.save(to: &writer)
    tracking?.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    try clock.restore(from: &reader)
    try meter.restore(from: &reader)
    try previousAction.restore(from: &reader)
    try command.restore(from: &reader)
    try tracking?.restore(from: &reader)
  }
}
