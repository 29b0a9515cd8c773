import Environments
import Physics
import Robotics
import Robots
import Tasks
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Rewards and endings by hand-computed values.
struct GymnasiumTasksTests {
  /// A task's verdict on a robot that was put somewhere and did not move.
  private func evaluateStep<T: RobotTask>(
    _ robot: some Robot, _ task: T, pose: Pose? = nil, velocity: Vector3 = .zero, positions: [Double]? = nil,
    action: [Float]? = nil
  ) throws -> (terms: [String: Float], ending: String) {
    var sim = try Simulation(RobotModel(robot))
    var (task, reward) = (task, RewardCursor())
    try task.prepare(for: sim.model)
    var random = Random(seed: 1)
    try task.begin(&sim, using: &random)
    sim.place(at: pose ?? sim.rootPose, velocity: velocity, positions: positions)
    let action = action ?? Array(repeating: 0, count: sim.model.actuatedAxes.count)
    let ending = task.evaluateStep(sim, action: action.span, &reward)
    let terms = Dictionary(uniqueKeysWithValues: zip(reward.names, reward.values))
    guard case .terminated(let reason) = ending else { return (terms, "\(ending)") }
    return (terms, task.endings[reason])
  }

  private func run(_ terms: RunForward.Terms, feet: [String], interval: Double) -> RunForward {
    var terms = terms
    // So that the start is where the robot is built.
    terms.startNoise = 0
    return RunForward("runs", feet: feet, controlInterval: interval, terms: terms)
  }

  private func lean(_ angle: Double, height: Double, x: Double = 0) -> Pose {
    Pose(position: [x, 0, height], orientation: Quaternion(angle: angle, axis: .unitY))
  }

  @Test func runningPaysSpeedHealthAndActions() throws {
    let task = run(.hopping, feet: ["foot"], interval: 0.008)
    let (terms, ending) = try evaluateStep(
      Hopper(), task, pose: lean(0.1, height: 1.2, x: 0.016), action: [1, -0.5, 0])
    #expect(ending == "running")
    #expect(abs(try #require(terms["forward"]) - 2) < 1e-5)
    #expect(terms["healthy"] == 1)
    #expect(abs(try #require(terms["control"]) + 1e-3 * 1.25) < 1e-9)
  }

  @Test func aHopperIsHealthyWhileItStands() throws {
    let task = run(.hopping, feet: ["foot"], interval: 0.008)
    #expect(try evaluateStep(Hopper(), task, pose: lean(0.19, height: 0.71)).ending == "running")
    let (terms, ending) = try evaluateStep(Hopper(), task, pose: lean(0, height: 0.69))
    #expect(ending == "height" && terms["healthy"] == 0)
    #expect(try evaluateStep(Hopper(), task, pose: lean(0.21, height: 1.2)).ending == "lean")
    #expect(try evaluateStep(Hopper(), task, pose: lean(-0.21, height: 1.2)).ending == "lean")
    #expect(try evaluateStep(Hopper(), task, pose: lean(0, height: 1.2), velocity: [0, 0, -101]).ending == "state")
  }

  @Test func aWalkerIsHealthyBetweenTwoHeights() throws {
    let task = run(.walking, feet: ["left foot", "right foot"], interval: 0.008)
    #expect(task.endings == ["height", "lean"])
    for height in [0.81, 1.99] {
      #expect(try evaluateStep(Walker2D(), task, pose: lean(0.99, height: height)).ending == "running")
    }
    for height in [0.79, 2.01] {
      #expect(try evaluateStep(Walker2D(), task, pose: lean(0, height: height)).ending == "height")
    }
    for angle in [-1.01, 1.01] {
      #expect(try evaluateStep(Walker2D(), task, pose: lean(angle, height: 1.2)).ending == "lean")
    }
  }

  @Test func nothingEndsACheetahsRun() throws {
    let task = run(.galloping, feet: ["back foot", "front foot"], interval: 0.05)
    #expect(task.endings.isEmpty)
    let (terms, ending) = try evaluateStep(
      HalfCheetah(), task, pose: lean(3, height: 0.1, x: -0.1), action: [1, 1, 0, 0, 0, -1])
    #expect(ending == "running")
    #expect(abs(try #require(terms["forward"]) + 2) < 1e-5)
    #expect(terms["healthy"] == 0)
    #expect(abs(try #require(terms["control"]) + 0.3) < 1e-6)
  }

  @Test func anAntNeitherLiesNorJumps() throws {
    let task = run(.scurrying, feet: Ant.feet, interval: 0.05)
    for (height, ending) in [(0.19, "height"), (0.21, "running"), (0.99, "running"), (1.01, "height")] {
      #expect(try evaluateStep(Ant(), task, pose: Pose(position: [0, 0, height])).ending == ending)
    }
    let (terms, _) = try evaluateStep(
      Ant(), task, pose: Pose(position: [0.1, 0, 0.5]), action: [1, 1, 0, 0, 0, 0, 0, 0])
    #expect(abs(try #require(terms["forward"]) - 2) < 1e-5)
    #expect(terms["control"] == -1)
  }

  @Test func aPoleMayLeanAFifthOfARadian() throws {
    let (terms, ending) = try evaluateStep(CartPole(), BalancePole(), positions: [0.9, 0.19])
    #expect(ending == "running" && terms == ["upright": 1])
    for angle in [0.21, -0.21] {
      let (terms, ending) = try evaluateStep(CartPole(), BalancePole(), positions: [0, angle])
      #expect(ending == "fell" && terms == ["upright": 0])
    }
  }

  @Test func twoPolesPayForHeight() throws {
    let (terms, ending) = try evaluateStep(InvertedDoublePendulum(), BalanceTwoPoles(), positions: [0.5, 0, 0])
    #expect(ending == "running" && terms["upright"] == 10 && terms["motion"] == 0)
    // The tip stands at (0.5, 1.2) m.
    #expect(abs(try #require(terms["place"]) + 0.01 * 0.25 + 0.64) < 1e-5)
    // Both lean, the upper one on the lower: 0.6 cos a + 0.6 cos 2a ≤ 1 from a = 0.373 rad on.
    #expect(0.6 * cos(0.372) + 0.6 * cos(0.744) > 1 && 0.6 * cos(0.374) + 0.6 * cos(0.748) < 1)
    #expect(
      try evaluateStep(InvertedDoublePendulum(), BalanceTwoPoles(), positions: [0, 0.372, 0.372]).ending == "running")
    let (fallen, fell) = try evaluateStep(InvertedDoublePendulum(), BalanceTwoPoles(), positions: [0, 0.374, 0.374])
    #expect(fell == "fell" && fallen["upright"] == 0)
  }

  /// The tip is where two links of 0.1 and 0.11 m put it, and the reward's terms follow from the way to the target.
  @Test func reachingPaysForNearness() throws {
    var env = try RobotEnv(Reacher(), ReachPlane())
    var row = Array(repeating: Float(0), count: 10)
    var terms = Array(repeating: Float(0), count: 3)
    let action: [Float] = [0.5, -0.25]
    for seed in 0..<20 as Range<UInt64> {
      var span = row.mutableSpan
      env.reset(seed: seed, observation: &span)
      _ = env.step(action.span, observation: &span)
      var termSpan = terms.mutableSpan
      env.readRewardTerms(into: &termSpan)
      let (first, both) = (atan2(row[2], row[0]), atan2(row[2], row[0]) + atan2(row[3], row[1]))
      let tip = (0.1 * cos(first) + 0.11 * cos(both), 0.1 * sin(first) + 0.11 * sin(both))
      // The solver holds joints to a fraction of a millimeter.
      #expect(abs(row[4] - tip.0 - row[8]) < 1e-3 && abs(row[5] - tip.1 - row[9]) < 1e-3)
      #expect((row[4] * row[4] + row[5] * row[5]).squareRoot() < 0.2)
      let error = (row[8] * row[8] + row[9] * row[9]).squareRoot()
      #expect(abs(terms[0] + error) < 1e-6)
      #expect(abs(terms[1] - 0.2 * exp(-(error / 0.02) * (error / 0.02))) < 1e-5)
      #expect(abs(terms[2] + 0.1 * (0.25 + 0.0625)) < 1e-6)
    }
  }
}
