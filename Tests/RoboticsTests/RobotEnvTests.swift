import Environments
import Physics
import Robotics
import Testing

struct RobotEnvTests {
  private func driver(_ task: Probe = Probe()) throws -> Driver<Probe> {
    try Driver(Cart(actuator: .torque(limit: 10)), task)
  }

  @Test func describesRobotAndTask() throws {
    let spec = try driver().env.spec
    #expect(spec.observations.map(\.name) == ["clock", "position", "velocity", "odd", "torque", "time", "secret"])
    #expect(spec.policyColumns == 0..<6 && spec.criticColumns == 1..<7)
    #expect(spec.actions.count == 1 && spec.actions[0].fits(ActionChannel("x", low: -1, high: 1)))
    #expect(spec.actions[0].unit == "N" && spec.actions[0].scale == 10 && spec.actions[0].rest == 0)
    #expect(spec.actions[0].actuator == .init(command: .effort, limit: 10, isSliding: true))
    #expect(spec.controlInterval == 0.02 && spec.episodeSteps == 10)
    #expect(spec.rewardTerms == ["alive", "action", "odd"])
    #expect(spec.endings == ["left", "right"])
    #expect(spec.metrics == ["steps"])
  }

  @Test(arguments: [0, 0.009, -1, .nan, .infinity])
  func episodesLastAtLeastOneStep(_ seconds: Double) {
    #expect(throws: RobotError.self) { _ = try driver(Probe(episodeSeconds: seconds)) }
  }

  @Test func aRobotWithoutActuatorsIsNoEnv() {
    #expect(throws: EnvError.self) { _ = try RobotEnv(Chain(), Silent()) }
  }

  /// A task for robots without an actuator.
  private struct Silent: RobotTask {
    let summary = ""
    let episodeSeconds = 1.0
    let endings: [String] = []
    mutating func prepare(for model: RobotModel) throws {}
    mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {}
    func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
      cursor.write("x", 0, into: &row)
    }
    mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending
    {
      .running
    }
    func save(to writer: inout StateWriter) {}
    mutating func restore(from reader: inout StateReader) throws {}
  }

  // MARK: Episodes

  @Test func startsHangOnTheSeedAlone() throws {
    var one = try driver()
    var other = try driver()
    one.reset(seed: 5)
    other.reset(seed: 6)
    #expect(one.observation != other.observation)
    for _ in 0..<7 { _ = other.step(1) }
    other.reset(seed: 5)
    #expect(one.observation == other.observation)
    for action in [Float(0.3), -1, 0.7] {
      #expect(one.step(action) == other.step(action))
      #expect(one.observation == other.observation)
    }
  }

  @Test func observationsArePlacedByAudience() throws {
    var driver = try driver()
    driver.reset(seed: 1)
    for _ in 0..<3 { _ = driver.step(0.5) }
    // clock, position, velocity, odd, torque, time, secret.
    #expect(driver.observation[0] == 3)
    #expect(abs(driver.observation[2] - 5 / 2 * 0.06) < 1e-5)
    #expect(driver.observation[3] == 0)
    #expect(driver.observation[4] == 5)
    #expect(abs(driver.observation[5] - 0.06) < 1e-6)
    #expect(driver.observation[6] == 7)
  }

  @Test func rewardIsTheSumOfItsTerms() throws {
    var driver = try driver()
    driver.reset(seed: 1)
    #expect(driver.step(0.25).reward == 1.25)
    #expect(driver.terms == [1, 0.25, 0])
    #expect(driver.step(-1).reward == 0)
    #expect(driver.terms == [1, -1, 0])
    #expect(driver.metrics == [2])
  }

  @Test func actionsAreClampedForRobotAndTask() throws {
    var wild = try driver()
    var full = try driver()
    wild.reset(seed: 1)
    full.reset(seed: 1)
    for (asked, given) in [(1e30, 1), (-7, -1), (.infinity, 1), (-.infinity, -1)] as [(Float, Float)] {
      #expect(wild.step(asked) == full.step(given))
      #expect(wild.observation == full.observation)
      #expect(wild.terms == full.terms)
    }
  }

  @Test func theClockTruncates() throws {
    var driver = try driver()
    for seed in 0..<2 as Range<UInt64> {
      driver.reset(seed: seed)
      for _ in 0..<9 { #expect(driver.step(0).ending == .running) }
      #expect(driver.step(0).ending == .truncated)
    }
  }

  @Test(arguments: [0, 1])
  func tasksTerminateForNamedReasons(_ reason: Int) throws {
    var driver = try driver(Probe(endReason: reason, endAfter: 4))
    driver.reset(seed: 1)
    for _ in 0..<3 { #expect(driver.step(0).ending == .running) }
    #expect(driver.step(0).ending == .terminated(reason: reason))
  }

  /// A reason that the task has not named would be taken for another, or lie beyond all names.
  @Test(arguments: [-1, 2, 1_000])
  func reasonsWithoutANameAreFaults(_ reason: Int) throws {
    var driver = try driver(Probe(endReason: reason, endAfter: 1))
    driver.reset(seed: 1)
    #expect(driver.step(0).ending == .faulted)
  }

  @Test func fallingAtTheLastMomentIsFalling() throws {
    var driver = try driver(Probe(endAfter: 10))
    driver.reset(seed: 1)
    for _ in 0..<9 { _ = driver.step(0) }
    #expect(driver.step(0).ending == .terminated(reason: 0))
  }

  // MARK: Faults

  private func expectFault(_ driver: inout Driver<Probe>, _ action: Float) {
    let transition = driver.step(action)
    #expect(transition == Transition(reward: 0, ending: .faulted))
    #expect(driver.observation.allSatisfy { $0 == 0 })
    // The terms add up to the reward in a faulty step as well.
    #expect(driver.terms == [0, 0, 0])
  }

  @Test func aCommandThatIsNotANumberIsAFault() throws {
    var sound = try driver()
    var driver = try driver()
    driver.reset(seed: 1)
    _ = driver.step(1)
    expectFault(&driver, .nan)
    expectFault(&driver, 0)
    // The next episode is sound.
    driver.reset(seed: 2)
    sound.reset(seed: 2)
    for _ in 0..<5 {
      #expect(driver.step(0.5) == sound.step(0.5))
      #expect(driver.observation == sound.observation)
    }
  }

  @Test func aBreakdownIsToldInWords() throws {
    var env = try RobotEnv(Cart(actuator: .torque(limit: 10)), Probe())
    var row = Array(repeating: Float(1), count: env.spec.observationCount)
    var span = row.mutableSpan
    env.reset(seed: 1, observation: &span)
    let (sound, odd): ([Float], [Float]) = ([0.5], [.nan])
    #expect(env.step(sound.span, observation: &span).ending == .running && env.faultReason == nil)
    #expect(env.step(odd.span, observation: &span).ending == .faulted)
    #expect(env.faultReason == "the simulation diverged: actuator 0 was given the target nan")
    env.reset(seed: 1, observation: &span)
    #expect(env.faultReason == nil)
  }

  @Test func aTaskThatCannotBeginIsAFault() throws {
    var driver = try Driver(Cart(actuator: .torque(limit: 10)), Probe(failsToBeginAgain: true))
    driver.reset(seed: 1)
    #expect(driver.observation.allSatisfy { $0 == 0 })
    expectFault(&driver, 0)
    #expect(driver.env.faultReason == "cannot begin")
  }

  @Test(arguments: [1e12, 1e200, .greatestFiniteMagnitude])
  func absurdForcesAreFaults(_ limit: Double) throws {
    var driver = try Driver(Cart(actuator: .torque(limit: limit)), Probe())
    for seed in 0..<3 as Range<UInt64> {
      driver.reset(seed: seed)
      #expect(driver.observation.contains { $0 != 0 })
      #expect(driver.step(0).ending == .running)
      expectFault(&driver, 1)
    }
  }

  @Test(arguments: [.nan, .infinity, -.infinity, 1e300] as [Double])
  func whatATaskShowsMustBeFinite(_ value: Double) throws {
    var driver = try driver(Probe(oddValue: value, showsOddAfter: 3))
    driver.reset(seed: 1)
    for _ in 0..<2 { #expect(driver.step(0).ending == .running) }
    expectFault(&driver, 0)
  }

  @Test(arguments: [.nan, .infinity, -.infinity, 1e300] as [Double])
  func whatATaskPaysMustBeFinite(_ value: Double) throws {
    var driver = try driver(Probe(oddValue: value, rewardsOddAfter: 3))
    driver.reset(seed: 1)
    for _ in 0..<2 { #expect(driver.step(0).ending == .running) }
    expectFault(&driver, 0)
    driver.reset(seed: 1)
    #expect(driver.step(0).ending == .running)
  }

  /// Sends not-a-number to one row after five steps.
  private struct Saboteur: Policy {
    let spec: EnvSpec
    var victim: Int?
    let memoryCount = 1
    func act(
      on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
      into actions: inout MutableSpan<Float>
    ) {
      for i in actions.indices {
        actions[i] = i == victim && memory[i] == 5 ? .nan : 0.1
        memory[i] += 1
      }
    }
  }

  @Test func otherEnvsGoOn() throws {
    let make = { () throws -> VectorEnv in
      try VectorEnv(count: 4, shards: 1, seed: 3, start: .together) { _ in
        try RobotEnv(Cart(actuator: .torque(limit: 10)), Probe())
      }
    }
    let (calm, troubled) = (try make(), try make())
    let workers = Workers(threads: 1)
    calm.collect(steps: 30, with: Saboteur(spec: calm.spec), on: workers)
    troubled.collect(steps: 30, with: Saboteur(spec: calm.spec, victim: 2), on: workers)
    let (expected, found) = (calm.rollout(ofShard: 0), troubled.rollout(ofShard: 0))
    for row in found.rewards.indices where row % 4 != 2 {
      #expect(found.rewards[row] == expected.rewards[row] && found.endings[row] == expected.endings[row])
    }
    // The victim fails in every sixth step and is restarted.
    let faults = found.finals.filter { $0.ending == .faulted }
    #expect(faults.map(\.row) == (0..<5).map { (6 * $0 + 5) * 4 + 2 })
    #expect(found.observations.allSatisfy(\.isFinite) && found.rewards.allSatisfy(\.isFinite))
    #expect(found.episodes.count { $0.ending == .faulted } == 5)
  }

  // MARK: Saving

  @Test func aRestoredEpisodeGoesOnToTheBit() throws {
    var one = try driver(Probe(episodeSeconds: 1))
    one.reset(seed: 1)
    for step in 0..<13 { _ = one.step(Float(step % 5) / 5 - 0.4) }
    let bytes = one.saved
    var fresh = try driver(Probe(episodeSeconds: 1))
    var used = try driver(Probe(episodeSeconds: 1))
    used.reset(seed: 77)
    for _ in 0..<20 { _ = used.step(1) }
    try fresh.restore(bytes)
    try used.restore(bytes)
    #expect(fresh.saved == bytes && used.saved == bytes)
    for step in 13..<50 {
      let action = Float(step % 5) / 5 - 0.4
      let expected = one.step(action)
      #expect(fresh.step(action) == expected)
      #expect(used.step(action) == expected)
      #expect(fresh.observation == one.observation && used.observation == one.observation)
    }
    #expect(one.step(0).ending != .running)
  }

  @Test func aFaultyEnvCanBeRestored() throws {
    var one = try driver()
    one.reset(seed: 1)
    _ = one.step(0.5)
    let bytes = one.saved
    let expected = one.step(0.25)
    expectFault(&one, .nan)
    let faulty = one.saved
    try one.restore(bytes)
    #expect(one.step(0.25) == expected)
    // And the other way round: the fault comes back, and goes with the next reset.
    try one.restore(faulty)
    expectFault(&one, 0)
    one.reset(seed: 1)
    #expect(one.step(0).ending == .running)
  }

  /// A box on the ground with an arm whose motor knows no measure: it makes ODE's own assertions fire.
  private struct Brute: Robot {
    let name = "brute"
    var body: Link {
      Link("box", .box(size: [0.4, 0.4, 0.4]), mass: 3, at: [0, 0, 0.2]) {
        Link(
          "arm", .box(size: [0.4, 0.1, 0.1]), mass: 1, at: [0, 0, 0.4],
          joint: .hinge(Axis("spin", [0, 0, 1], actuator: .torque(limit: 1e200))))
      }
    }
  }

  @Test func anEnvWhoseEngineFailedCanBeRestored() throws {
    var one = try Driver(Brute(), Probe())
    one.reset(seed: 1)
    _ = one.step(0)
    let bytes = one.saved
    let expected = one.step(0)
    expectFault(&one, 1)
    try one.restore(bytes)
    #expect(one.step(0) == expected)
  }

  @Test func damagedStateThrows() throws {
    var one = try driver()
    one.reset(seed: 1)
    let bytes = one.saved
    for count in 0..<bytes.count { #expect(throws: (any Error).self) { try one.restore(Array(bytes.prefix(count))) } }
    // A step counter from which the next step would overflow.
    var writer = StateWriter()
    writer.write(Int.max)
    #expect(throws: StateError.self) { try one.restore(writer.bytes + bytes.dropFirst(8)) }
  }
}
