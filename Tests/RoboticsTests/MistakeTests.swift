import Environments
import Physics
import Robotics
import Testing

/// What a task can do wrong is an error that says what and in which step, never a trap.
struct MistakeTests {
  typealias Observe =
    @Sendable (borrowing Simulation, Int, inout ObservationCursor, inout MutableSpan<Float>) -> Void
  typealias Score = @Sendable (borrowing Simulation, Int, inout RewardCursor) -> Ending

  /// A task that runs a given closure in each step.
  struct Clumsy: RobotTask {
    let summary = "is clumsy"
    var episodeSeconds = 0.2
    var endings = ["left"]
    var metrics = ["steps"]
    var observes: Observe = { _, _, _, _ in }
    var scores: Score = { _, _, _ in .running }
    var begins: @Sendable (inout Simulation, Int) -> Void = { _, _ in }
    var measures: @Sendable (inout MetricCursor) -> Void = { $0.write("steps", 1) }
    private(set) var step = 0
    private(set) var episode = 0

    mutating func prepare(for model: RobotModel) throws {}
    mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
      sim.place(at: sim.rootPose)
      begins(&sim, episode)
      episode += 1
      step = 0
    }
    func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
      cursor.write("position", sim.position(ofAxis: 0), unit: "m", into: &row)
      observes(sim, step, &cursor, &row)
    }
    mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending
    {
      step += 1
      reward.add("alive", 1)
      return scores(sim, step, &reward)
    }
    func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) { measures(&metrics) }
    func save(to writer: inout StateWriter) {}
    mutating func restore(from reader: inout StateReader) throws {}
  }

  /// Runs an episode of ten steps and then another; the first defect that showed.
  private func defect(_ task: Clumsy) throws -> String? {
    var driver = try Driver(Cart(actuator: .torque(limit: 10)), task)
    driver.reset(seed: 1)
    for _ in 0..<10 where driver.env.defect == nil {
      if driver.step(0).ending.isOver { _ = driver.metrics }
    }
    guard let defect = driver.env.defect else { return nil }
    // It ends the episode, and every other one.
    #expect(driver.step(0) == Transition(reward: 0, ending: .faulted))
    driver.reset(seed: 2)
    #expect(driver.step(0) == Transition(reward: 0, ending: .faulted))
    #expect(driver.env.faultReason == defect && driver.env.defect == defect)
    return defect
  }

  @Test func aSoundTaskHasNone() throws { #expect(try defect(Clumsy()) == nil) }

  private static let inJudge: [(Score, String)] = [
    (
      { @Sendable (_, step, reward) in
        if step == 4 { reward.add("bonus", 0.05) }
        return .running
      },
      "in step 4 of an episode, reward term 'bonus' was not there in the first step; add it in every step, with 0 where "
        + "it does not count"
    ),
    (
      { @Sendable (_, step, reward) in
        if step == 3 { reward.add("alive", 1) }
        return .running
      },
      "in step 3 of an episode, reward term 'alive' is added twice in one step; add it once, with the sum"
    ),
    (
      { @Sendable (_, step, _) in step == 5 ? .terminated(reason: 1) : .running },
      "in step 5 of an episode, evaluateStep returned .terminated(reason: 1), but the task declares one ending, [\"left\"]; only "
        + "0 is possible"
    ),
    (
      { @Sendable (sim, step, reward) in
        step == 2 && sim.position(ofAxis: 1) > 0 ? .running : .running
      },
      "in step 2 of an episode, position(ofAxis:) was asked for axis 1; cart has axes 0 to 0"
    ),
    (
      { @Sendable (sim, step, _) in
        step == 2 && sim.touchesGround(LinkID(index: -3)) ? .running : .running
      },
      "in step 2 of an episode, touchesGround was asked for link -3; cart has the links and props 0 to 0 (get a link by "
        + "name: model.link)"
    ),
    (
      { @Sendable (sim, step, _) in step == 2 && sim.torque(ofActuator: 7) > 0 ? .running : .running },
      "in step 2 of an episode, torque(ofActuator:) was asked for actuator 7; cart has actuators 0 to 0"
    ),
  ]

  @Test(arguments: inJudge)
  func mistakesInJudge(_ scores: @escaping Score, _ words: String) throws {
    #expect(try defect(Clumsy(scores: scores)) == words)
  }

  private static let inObserve: [(Observe, String)] = [
    (
      { @Sendable (_, step, cursor, row) in if step == 4 { cursor.write("new", 1, into: &row) } },
      "in step 4 of an episode, observation 'new' was not there in the first step; write every observation in every step"
    ),
    (
      { @Sendable (_, step, cursor, row) in if step != 4 { cursor.write("gone", 1, into: &row) } },
      "in step 4 of an episode, observation 'gone' is not written; write every observation in every step"
    ),
    (
      { @Sendable (_, step, cursor, row) in if step == 4 { cursor.write("position", 1, unit: "m", into: &row) } },
      "in step 4 of an episode, observation 'position' is written twice in one step; give the second another name"
    ),
    (
      { @Sendable (_, step, cursor, row) in cursor.write("wide", count: step == 4 ? 3 : 2, into: &row) { _ in 0 } },
      "in step 4 of an episode, observation 'wide' has 3 columns, and had 2 in the first step"
    ),
    (
      { @Sendable (_, step, cursor, row) in cursor.write("scaled", 1, scale: step == 4 ? 3 : 2, into: &row) },
      "in step 4 of an episode, observation 'scaled' has the scale 3.0, and had 2.0 in the first step"
    ),
    (
      { @Sendable (_, step, cursor, row) in cursor.write("unit", 1, unit: step == 4 ? "m" : "mm", into: &row) },
      "in step 4 of an episode, observation 'unit' has the unit 'm', and had 'mm' in the first step"
    ),
    (
      { @Sendable (_, step, cursor, row) in cursor.write("seen", 1, for: step == 4 ? .critic : .both, into: &row) },
      "in step 4 of an episode, observation 'seen' has another audience than in the first step"
    ),
    (
      { @Sendable (_, _, cursor, row) in
        var other: [Float] = [0]
        var short = other.mutableSpan
        if row.count > 0 { cursor.write("short", 1, into: &short) } else { cursor.write("short", 1, into: &row) }
      },
      "at the start of an episode, observation 'short' does not fit the row: pass on the row that observe is given"
    ),
    (
      { @Sendable (sim, step, cursor, row) in
        cursor.write("odd", sim.velocity(of: LinkID(index: step == 4 ? 9 : 0)), into: &row)
      },
      "in step 4 of an episode, velocity(of:) was asked for link 9; cart has the links and props 0 to 0 (get a link by "
        + "name: model.link)"
    ),
  ]

  @Test(arguments: inObserve)
  func mistakesInObserve(_ observes: @escaping Observe, _ words: String) throws {
    #expect(try defect(Clumsy(observes: observes)) == words)
  }

  @Test func mistakesInMeasure() throws {
    let found = try defect(Clumsy(measures: { $0.write("stepz", 1) }))
    #expect(
      found == "in step 10 of an episode, metric 'stepz' is written, but is not among the task's metrics: 'steps'")
  }

  @Test func mistakesInBegin() throws {
    let wrong = try defect(
      Clumsy(begins: { sim, episode in if episode > 0 { sim.place(at: sim.rootPose, positions: [1, 2]) } }))
    #expect(wrong == "at the start of an episode, place was given 2 positions; cart has 1 axes: 'x'")
    let link = try defect(
      Clumsy(begins: { sim, episode in if episode > 0 { sim.place(prop: LinkID(index: 0), at: .identity) } }))
    #expect(
      link
        == "at the start of an episode, place(prop:) was given the link 'cart'; only a prop can be placed by itself")
  }

  /// What the first pass shows is an error of making the env.
  @Test func mistakesInTheFirstPass() throws {
    func make(_ task: Clumsy) throws { _ = try RobotEnv(Cart(actuator: .torque(limit: 10)), task) }
    #expect(throws: RobotError("cart: position(ofAxis:) was asked for axis 4; cart has axes 0 to 0")) {
      try make(Clumsy(scores: { sim, _, _ in sim.position(ofAxis: 4) > 0 ? .running : .running }))
    }
    #expect(throws: EnvError("there are two reward terms named 'alive'")) {
      try make(
        Clumsy(scores: { _, _, reward in
          reward.add("alive", 1)
          return .running
        }))
    }
    #expect(throws: RobotError("cart: observation 'x' has a noise of nan; it must be finite and at least 0")) {
      try make(Clumsy(observes: { _, _, cursor, row in cursor.write("x", 0, noise: .nan, into: &row) }))
    }
    #expect(throws: EnvError("observation 'x' has the scale nan; it must be finite and not 0")) {
      try make(Clumsy(observes: { _, _, cursor, row in cursor.write("x", 0, scale: .nan, into: &row) }))
    }
    #expect(throws: EnvError("there are two metrics named 'a'")) { try make(Clumsy(metrics: ["a", "a"])) }
    #expect(throws: RobotError.self) { try make(Clumsy(metrics: ["effort/energy_j"])) }
  }

  @Test func anActionOfTheWrongWidth() throws {
    var env = try RobotEnv(Cart(actuator: .torque(limit: 10)), Clumsy())
    var row = Array(repeating: Float(0), count: env.spec.observationCount)
    var span = row.mutableSpan
    env.reset(seed: 1, observation: &span)
    let wide: [Float] = [0, 1]
    #expect(env.step(wide.span, observation: &span).ending == .faulted)
    #expect(
      env.defect == "in step 1 of an episode, an action of 2 components was given; cart has 1")
  }

  @Test func helpersAskedForWhatThereIsNot() {
    let memory = ActionMemory(count: 2)
    #expect(memory[2].isNaN && memory[-1].isNaN && memory[1] == 0)
    let clock = GaitClock(period: 1, stance: 0.5)
    #expect(clock.phase(ofFoot: 2).isNaN && clock.demand(ofFoot: -1).isNaN)
  }

  @Test func catalogsTellWhatIsWrongWithThem() {
    func mistake(_ names: String...) -> String? {
      Catalog(names.map { Catalog.Entry($0, Cart(actuator: .torque(limit: 1)), Probe()) }).mistake
    }
    #expect(mistake("a", "b") == nil)
    #expect(mistake("a", "a") == "two robots are named 'a'; rename one of them")
    #expect(mistake("a", "") == "the name '' of a robot is empty")
    for name in ["../a", "a/b", ".a", "-a", "a\u{1B}b"] { #expect(mistake(name) != nil) }
  }
}
