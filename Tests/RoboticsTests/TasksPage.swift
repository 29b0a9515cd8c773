import Environments
import Physics
import Robotics

/// A four-legged robot's task whose parts `Documentation/Tasks.md` shows: `TasksPageTests` compares them.
struct Patrol: RobotTask {
  let summary = "walks to points on the ground"
  let episodeSeconds = 20.0
  let endings = ["fell", "arrived"]
  let metrics = ["points"] + TrackingMeter.names

  var success: Success { .metric("points", in: 2...(.infinity)) }

  var measuresContactForces: Bool { true }

  private let root = LinkID(index: 0)
  private var feet: [LinkID] = []
  private var previousAction = ActionMemory(count: 0)
  private var clock = GaitClock(period: 0.5, stance: 0.6, offsets: GaitClock.trot)
  private var command = VelocityCommand(forward: -0.5...1, turning: -1...1, standing: 0.1, interval: 5)
  private var goal = WaypointCommand(distance: 1...3, radius: 0.3)
  private var posture = PostureCommand(height: 0.25...0.35, pitch: -0.2...0.2)
  private var tracking = TrackingMeter()
  private var accelerometer = Accelerometer()
  private var pitches = ObservationHistory("pitch", count: 1, length: 3, unit: "rad", mirroring: .same)
  private var wind = Vector3.zero

  mutating func prepare(for model: RobotModel) throws {
    feet = try ["front left foot", "front right foot", "rear left foot", "rear right foot"].map { try model.link($0) }
    previousAction = ActionMemory(count: model.actuatedAxes.count)
  }

  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    let heading = Quaternion(angle: random.uniform(-0.2...0.2), axis: .unitZ)
    sim.place(at: Pose(position: sim.rootPose.position, orientation: heading))
    let easy = 1 - sim.difficulty
    wind = (1 - easy) * Vector3(0, random.uniform(-5...5), 0)
    previousAction.begin()
    clock.begin(at: random.unit())
    command.begin(difficulty: sim.difficulty, using: &random)
    goal.begin(at: sim.pose(of: root), using: &random)
    posture.begin(using: &random)
    tracking.begin(at: sim.pose(of: root))
    accelerometer.begin(sim, at: root)
    let pitch = sim.pose(of: root).orientation.pitch
    pitches.begin { _ in pitch }
  }

  mutating func disturb(_ sim: inout Simulation) {
    sim.applyForce(wind, to: root, at: sim.pose(of: root).position)
  }

  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    cursor.writeGravity(sim, into: &row)
    cursor.writeAngularVelocity(sim, into: &row)
    cursor.writeJointPositions(sim, of: sim.model.limitedAxes, into: &row)
    cursor.writeJointVelocities(sim, of: sim.model.limitedAxes, into: &row)
    cursor.writePreviousAction(previousAction, into: &row)
    cursor.writeContacts(sim, of: feet, into: &row)
    cursor.writeVelocity(sim, in: .heading, for: .critic, into: &row)
    cursor.write("height", sim.pose(of: root).position.z, unit: "m", noise: 0.02, mirroring: .same, into: &row)
    cursor.write("wind", wind, unit: "N", scale: 0.1, for: .critic, mirroring: .vector, into: &row)
    cursor.write("loads", count: 4, unit: "N", scale: 0.01, for: .critic, mirroring: .links(feet), into: &row) {
      sim.groundForce(on: feet[$0]).z
    }
    cursor.write("clock", count: 2, mirroring: .negated, into: &row) { $0 == 0 ? clock.sine : clock.cosine }
    command.observe(&cursor, into: &row)
    goal.observe(from: sim.pose(of: root), &cursor, into: &row)
    posture.observe(at: sim.pose(of: root), &cursor, into: &row)
    accelerometer.observe(&cursor, into: &row)
    pitches.observe(&cursor, into: &row)
  }

  mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
    let pose = sim.pose(of: root)
    let heading = Quaternion(angle: -pose.orientation.yaw, axis: .unitZ)
    let velocity = heading.act(on: sim.velocity(of: root))
    reward.add("speed", 0.3 * closeness(velocity.x, to: command.forward, width: 0.5))
    reward.add("height", 0.1 * tolerance(pose.position.z, in: 0.25...0.35, margin: 0.1))
    reward.add("power", -0.002 * sim.work / sim.controlInterval)
    reward.add("smoothness", -0.005 * previousAction.change(to: action))
    var late = 0.0
    for i in feet.indices where clock.demand(ofFoot: i) > 0 && !sim.touchesGround(feet[i]) { late += 1 }
    reward.add("clock", -0.05 * late)
    clock.advance(by: sim.controlInterval)
    tracking.update(pose, command: command, interval: sim.controlInterval)
    command.advance(by: sim.controlInterval)
    posture.advance(by: sim.controlInterval)
    accelerometer.update(sim, at: root)
    pitches.add { _ in pose.orientation.pitch }
    reward.add("arrival", goal.advance(to: pose) ? 1 : 0)
    let error = posture.error(at: pose)
    reward.add("posture", -0.1 * (square(error.height) + square(error.pitch)))
    if pose.position.z < 0.15 { return .terminated(reason: 0) }
    return goal.reachedCount == 5 ? .terminated(reason: 1) : .running
  }

  func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
    metrics.write("points", Double(goal.reachedCount))
    tracking.write(into: &metrics)
  }

  func markers(_ sim: borrowing Simulation) -> [Marker] { [goal.marker] }

  func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    let heading = Quaternion(angle: -sim.pose(of: root).orientation.yaw, axis: .unitZ)
    let forward = heading.act(on: sim.velocity(of: root)).x
    return [TrackedQuantity("forward", unit: "m/s", forward, target: command.forward, direction: .forward)]
  }

  var steeringLimits: SteeringLimits? { command.steeringLimits }
  mutating func steer(_ steering: Steering?) { command.steer(steering) }

  mutating func mirror(for model: RobotModel) {
    previousAction.mirror(for: model)
    clock.mirror()
    command.mirror()
    goal.mirror()
    posture.mirror()
    accelerometer.mirror()
    pitches.mirror(for: model)
    wind = wind.mirrored
  }

  static let savedFields: [SavedField<Patrol>] = [
    .init(\.previousAction), .init(\.clock), .init(\.command), .init(\.goal), .init(\.posture), .init(\.tracking),
    .init(\.accelerometer), .init(\.pitches), .init(\.wind),
  ]
}

/// How a catalog's entry declares when a policy is good enough, and domain randomization.
enum PatrolEntry {
  static func entry(for robot: some Robot) -> Catalog.Entry {
    .init(
      "patrol", robot, Patrol(), settings: ["steps": 2_000_000, "curriculum.start": 0.2],
      goal: Goal(.mean("points", atLeast: 3), .lasting(atLeast: 0.95)))
  }

  static var randomization: DomainRandomization {
    var randomization = DomainRandomization()
    randomization.push = 0...0.5
    randomization.friction = 0.5...1.2
    randomization.noise = 0...1
    return randomization
  }
}
