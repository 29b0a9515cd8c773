import Environments
import Physics
import Robotics

/// A floating chain with a joint of every kind, weightless so that it stays where it is put.
struct Chain: Robot {
  let name = "chain"
  let physics = PhysicsSettings(hasGround: false, gravity: .zero)

  var body: Link {
    Link("base", .box(size: [0.2, 0.2, 0.1]), mass: 2, at: [0.5, 0, 1]) {
      Link(
        "arm", .capsule(radius: 0.03, length: 0.2), mass: 1, center: [0.2, 0, 0], along: .unitX, at: [0.1, 0.05, 0],
        joint: .hinge(Axis("lift", [0, 1, 0], range: -2...2))
      ) {
        Link(
          "rod", .box(size: [0.2, 0.02, 0.02]), mass: 0.5, center: [0.1, 0, 0], at: [0.4, 0, 0],
          joint: .slider(Axis("extension", [1, 0, 0], range: -0.1...0.3))
        ) {
          Link(
            "hand", .sphere(radius: 0.04), mass: 0.3, at: [0.25, 0, 0],
            joint: .universal(Axis("tilt", [0, 1, 0], range: -1.5...1.5), Axis("pan", [0, 0, 1], range: -1.5...1.5))
          ) {
            Link("tool", .cylinder(radius: 0.02, length: 0.1), mass: 0.1, at: [0.1, 0, 0], joint: .fixed)
            Link("bob", .sphere(radius: 0.02), mass: 0.1, at: [0, 0, -0.15], joint: .ball)
          }
        }
      }
    }
  }
}

/// One link on rails along x in the world, driven by `actuator`.
struct Cart: Robot {
  let name = "cart"
  var actuator: Actuator
  var mass = 2.0
  var neutral = 0.0
  var dynamics = JointDynamics()
  var physics = PhysicsSettings(substep: 0.005, substeps: 4, hasGround: false)

  var body: Link {
    Link(
      "cart", .box(size: [0.2, 0.2, 0.1]), mass: mass, at: [0, 0, 1],
      joint: .slider(Axis("x", [1, 0, 0], neutral: neutral, dynamics: dynamics, actuator: actuator)))
  }
}

/// A box that lies on the ground or falls to it.
struct Block: Robot {
  let name = "block"
  var body: Link { Link("block", .box(size: [0.4, 0.2, 0.1]), mass: 3, at: [0, 0, 0.05]) }
}

extension Simulation {
  /// Takes one control step.
  mutating func advance(_ action: Float...) throws(PhysicsError) { try step(action.span) }
}

/// A task of which everything can be chosen: the first axis starts anywhere within ±0.1; endings, observations and
/// rewards are those that are given.
struct Probe: RobotTask {
  let summary = "is looked at"
  var episodeSeconds = 0.2
  var endings = ["left", "right"]
  let metrics = ["steps"]
  /// The reason for which the episode ends after `endAfter` steps.
  var endReason = 0
  var endAfter = Int.max
  /// Observation and reward of the task after `oddAfter` steps.
  var oddValue = Double.nan
  var showsOddAfter = Int.max
  var rewardsOddAfter = Int.max
  var failsToBegin = false
  /// Fails in all episodes but the one in which an env finds out what it is.
  var failsToBeginAgain = false
  private(set) var begins = 0
  private(set) var steps = 0

  mutating func prepare(for model: RobotModel) throws {}

  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    begins += 1
    if failsToBegin || (failsToBeginAgain && begins > 1) { throw RobotError("cannot begin") }
    sim.place(at: sim.rootPose, positions: sim.model.axes.map { $0.neutral + random.uniform(-0.1...0.1) })
    steps = 0
  }

  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    cursor.write("secret", 7, for: .critic, into: &row)
    cursor.write("position", count: sim.axisCount, into: &row) { sim.position(ofAxis: $0) }
    cursor.write("velocity", count: sim.axisCount, into: &row) { sim.velocity(ofAxis: $0) }
    cursor.write("clock", Double(steps), for: .policy, into: &row)
    cursor.write("odd", steps >= showsOddAfter ? oddValue : 0, into: &row)
    cursor.write("torque", sim.torque(ofActuator: 0), into: &row)
    cursor.write("time", sim.time, into: &row)
  }

  mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
    steps += 1
    reward.add("alive", 1)
    reward.add("action", Double(action[0]))
    reward.add("odd", steps >= rewardsOddAfter ? oddValue : 0)
    return steps >= endAfter ? .terminated(reason: endReason) : .running
  }

  func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) { metrics.write("steps", Double(steps)) }
  func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] {
    [TrackedQuantity("steps", unit: "", Double(steps), target: 5)]
  }
  func save(to writer: inout StateWriter) { writer.write(steps) }
  mutating func restore(from reader: inout StateReader) throws { steps = try reader.readInt(in: 0...1_000) }
}

/// An env with room for its rows, to be stepped by hand, under the guard under which a `VectorEnv` steps it.
struct Driver<Task: RobotTask>: ~Copyable {
  var env: GuardedEnv<RobotEnv<Task>>
  private(set) var observation: [Float]

  init(
    _ robot: some Robot, _ task: Task, randomization: DomainRandomization = DomainRandomization(),
    measuresEffort: Bool = false
  ) throws {
    env = GuardedEnv(try RobotEnv(robot, task, randomization: randomization, measuresEffort: measuresEffort))
    observation = Array(repeating: -99, count: env.spec.observationCount)
  }

  mutating func reset(seed: UInt64) {
    var row = observation
    var span = row.mutableSpan
    env.reset(seed: seed, observation: &span)
    observation = row
  }

  mutating func step(_ action: Float...) -> Transition {
    var row = observation
    var span = row.mutableSpan
    let transition = env.step(action.span, observation: &span)
    observation = row
    return transition
  }

  var terms: [Float] {
    var terms = Array(repeating: Float(-99), count: env.spec.rewardTerms.count)
    var span = terms.mutableSpan
    env.readRewardTerms(into: &span)
    return terms
  }

  var metrics: [Double] {
    mutating get {
      var metrics = Array(repeating: -99.0, count: env.spec.metrics.count)
      var span = metrics.mutableSpan
      env.readMetrics(into: &span)
      return metrics
    }
  }

  var saved: [UInt8] {
    var writer = StateWriter()
    env.save(to: &writer)
    return writer.bytes
  }

  mutating func restore(_ bytes: [UInt8]) throws {
    var reader = StateReader(bytes)
    try env.restore(from: &reader)
  }
}
