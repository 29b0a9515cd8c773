import Environments
import Physics
import Robotics

/// Go wherever a command says, on four feet or more: forward or back, to a side, turning, or standing still.
public struct TrackVelocity: RobotTask {
  public let summary = "follows commanded forward, sideways and turning speeds for 20 s"
  public let episodeSeconds = 20.0
  public let endings = ["fell", "touched"]
  public let metrics: [String]

  let feetNames: [String]
  /// Meters of the root's origin above the ground at which the robot is to go, and below which it has fallen.
  let height: Double
  let fallHeight: Double
  /// Meters by which a foot is to be lifted in the middle of its swing.
  let stepHeight: Double

  private var command: VelocityCommand
  private let restingNames: [String]
  /// The axes that are to stay near their neutral.
  private var resting: [Int] = []
  /// The greatest speed forward or back that is commanded, m/s.
  private let fastest: Double
  private var clock: GaitClock
  private var feet: [LinkID] = []
  /// Links that may touch the ground, but should not.
  private var limbs: [LinkID] = []
  /// N.
  private var weight = 0.0
  private let root = LinkID(index: 0)
  private var gait = GaitMeter()
  private var tracking = TrackingMeter()
  private var previousAction = ActionMemory(count: 0)
  /// Room for the axes' positions at a start.
  private var positions: [Double] = []

  /// - Parameters:
  ///   - height: meters of the root's origin above the ground at which the robot is to go.
  ///   - fallHeight: meters below which it has fallen.
  ///   - stepHeight: meters by which a foot is to be lifted in the middle of its swing.
  ///   - resting: names of axes that are to stay near their neutral, such as hips that spread the legs.
  public init(
    feet: [String], gait: GaitClock, command: VelocityCommand, height: Double, fallHeight: Double, stepHeight: Double,
    resting: [String] = []
  ) {
    restingNames = resting
    feetNames = feet
    clock = gait
    self.command = command
    fastest = max(-command.forwardRange.lowerBound, command.forwardRange.upperBound)
    self.height = height
    self.fallHeight = fallHeight
    self.stepHeight = stepHeight
    metrics = TrackingMeter.names + GaitMeter.names(feet: feet.count, along: .path)
  }

  public mutating func prepare(for model: RobotModel) throws {
    feet = try feetNames.map { try model.link($0) }
    resting = try restingNames.map { try model.axis($0) }
    limbs = model.links(except: feet + [root])
    weight = model.weight
    gait = GaitMeter(of: model, feet: feet, along: .path)
    previousAction = ActionMemory(count: model.actuatedAxes.count)
    positions = model.neutralPositions
  }

  public mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.model.drawPositions(around: -0.1...0.1, using: &random, into: &positions)
    let heading = Quaternion(angle: random.uniform(-Double.pi...Double.pi), axis: .unitZ)
    let lowest = sim.lowestPoint(at: Pose(orientation: heading), positions: positions)
    let velocity = Vector3(random.uniform(-0.3...0.3), random.uniform(-0.3...0.3), 0)
    sim.place(
      at: Pose(position: Vector3(0, 0, -lowest), orientation: heading), velocity: velocity, positions: positions)
    command.begin(using: &random)
    clock.begin(at: random.unit())
    previousAction.begin()
    gait.begin(sim)
    tracking.begin(at: sim.pose(of: root))
  }

  public func observe(
    _ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>
  ) {
    let orientation = sim.pose(of: root).orientation
    let toBody = orientation.conjugate
    command.observe(&cursor, into: &row)
    cursor.write("gravity", toBody.act(on: [0, 0, -1]), noise: 0.03, mirroring: .vector, into: &row)
    cursor.write(
      "velocity", toBody.act(on: sim.velocity(of: root)), unit: "m/s", noise: 0.1, mirroring: .vector, into: &row)
    cursor.write(
      "angular velocity", toBody.act(on: sim.angularVelocity(of: root)), unit: "rad/s", scale: 0.25, noise: 0.2,
      mirroring: .axial, into: &row)
    cursor.write(
      "joint positions", count: sim.axisCount, unit: "rad", noise: 0.01, mirroring: .axes, into: &row
    ) { sim.position(ofAxis: $0) - sim.model.neutralPositions[$0] }
    cursor.write(
      "joint velocities", count: sim.axisCount, unit: "rad/s", scale: 0.1, noise: 0.5, mirroring: .axes, into: &row
    ) { sim.velocity(ofAxis: $0) }
    cursor.write("previous action", count: previousAction.count, mirroring: .actions, into: &row) {
      previousAction[$0]
    }
    cursor.write("foot contacts", count: feet.count, mirroring: .links(feet), into: &row) {
      sim.touchesGround(feet[$0]) ? 1 : 0
    }
    // The clock says nothing to who stands; half a stride later each foot is where the one beside it is now.
    let isToStand = isToStand(sim)
    cursor.write("gait clock", count: 2, mirroring: .negated, into: &row) {
      isToStand ? 0 : $0 == 0 ? clock.sine : clock.cosine
    }
  }

  public mutating func evaluateStep(
    _ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor
  ) -> Ending {
    let pose = sim.pose(of: root)
    clock.advance(by: sim.controlInterval)
    gait.update(sim)
    tracking.update(pose, command: command, interval: sim.controlInterval)
    let heading = Quaternion(angle: -pose.orientation.yaw, axis: .unitZ)
    let velocity = heading.act(on: sim.velocity(of: root))
    let spin = sim.angularVelocity(of: root)
    let up = pose.orientation.act(on: .unitZ)
    let missing = (square(velocity.x - command.forward) + square(velocity.y - command.sideways)).squareRoot()

    // A wide slope to find the way and a narrow one to end it: with the narrow one alone it marches on the spot.
    reward.add("speed", 0.25 * closeness(missing, to: 0, width: fastest))
    reward.add("exact speed", 0.25 * closeness(missing, to: 0, width: 0.3 * fastest))
    reward.add("turning", 0.15 * closeness(spin.z, to: command.turning, width: 1))
    reward.add("exact turning", 0.2 * closeness(spin.z, to: command.turning, width: 0.35))
    reward.add("upright", 0.06 * uprightness(pose))
    reward.add("height", 0.05 * closeness(pose.position.z, to: height, width: 0.04))
    let isToStand = isToStand(sim)
    reward.add("clock", 0.16 * footsteps(sim, isToStand))
    reward.add("lift", 0.10 * lift(sim, isToStand))
    reward.add("bounce", -0.05 * square(velocity.z) - 0.003 * (square(spin.x) + square(spin.y)))
    reward.add("slip", -0.02 * slip(sim))
    reward.add("limbs", -0.05 * Double(limbs.count { sim.touchesGround($0) }))
    if !resting.isEmpty { reward.add("posture", -0.15 * sim.deviation(ofAxes: resting)) }
    reward.add("power", -0.02 * sim.work / sim.controlInterval / weight)
    reward.add("smoothness", -0.004 * previousAction.change(to: action))
    // What lies beyond an action's limits is cut off; without this the means flee there from the cost of exploring.
    reward.add("reach", -0.01 * previousAction.size)

    let hasTouched = sim.groundContactSteps(root) != 0
    let hasFallen = pose.position.z < fallHeight || up.z < 0.6
    reward.add("fall", hasTouched || hasFallen ? -5 : 0)

    command.advance(by: sim.controlInterval)
    return hasTouched ? .terminated(reason: 1) : hasFallen ? .terminated(reason: 0) : .running
  }

  /// Whether the feet are to stay where they are: so the command says, and nothing pushes the robot along.
  private func isToStand(_ sim: borrowing Simulation) -> Bool {
    let velocity = sim.velocity(of: root)
    return command.isStanding && square(velocity.x) + square(velocity.y) < square(0.3 * fastest)
  }

  /// How well the feet keep to the clock, in −1…1; who is to stand keeps all of them on the ground.
  private func footsteps(_ sim: borrowing Simulation, _ isToStand: Bool) -> Double {
    var sum = 0.0
    for i in feet.indices {
      sum += (isToStand ? 1 : clock.demand(ofFoot: i)) * (sim.touchesGround(feet[i]) ? 1 : -1)
    }
    return sum / Double(feet.count)
  }

  /// How close the feet are to the height that their place in the stride asks for, in 0…1.
  private func lift(_ sim: borrowing Simulation, _ isToStand: Bool) -> Double {
    var sum = 0.0
    for i in feet.indices {
      let swing = (clock.phase(ofFoot: i) - clock.stance) / (1 - clock.stance)
      // A smooth hump with a level top and level ends.
      let target = isToStand || swing < 0 ? 0 : stepHeight * 16 * square(swing * (1 - swing))
      sum += closeness(sim.clearance(of: feet[i]), to: target, width: 0.03)
    }
    return sum / Double(feet.count)
  }

  /// The mean of the squared speeds at which feet slide over the ground, (m/s)².
  private func slip(_ sim: borrowing Simulation) -> Double {
    var sum = 0.0
    for foot in feet { sum += square(sim.slip(of: foot)) }
    return sum / Double(feet.count)
  }

  public var steeringLimits: SteeringLimits? { command.steeringLimits }
  public mutating func steer(_ steering: Steering?) { command.steer(steering) }

  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    let heading = Quaternion(angle: -sim.pose(of: root).orientation.yaw, axis: .unitZ)
    let velocity = heading.act(on: sim.velocity(of: root))
    return [
      TrackedQuantity("forward", unit: "m/s", velocity.x, target: command.forward, direction: .forward),
      TrackedQuantity("sideways", unit: "m/s", velocity.y, target: command.sideways, direction: .sideways),
      TrackedQuantity(
        "turning", unit: "rad/s", sim.angularVelocity(of: root).z, target: command.turning, direction: .turning),
    ]
  }

  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    tracking.write(into: &metrics)
    gait.write(controlInterval: sim.controlInterval, into: &metrics)
  }

  public mutating func mirror(for model: RobotModel) {
    command.mirror()
    clock.mirror()
    previousAction.mirror(for: model)
  }

  public func save(to writer: inout StateWriter) {
    command.save(to: &writer)
    clock.save(to: &writer)
    gait.save(to: &writer)
    tracking.save(to: &writer)
    previousAction.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    try command.restore(from: &reader)
    try clock.restore(from: &reader)
    try gait.restore(from: &reader)
    try tracking.restore(from: &reader)
    try previousAction.restore(from: &reader)
  }
}
