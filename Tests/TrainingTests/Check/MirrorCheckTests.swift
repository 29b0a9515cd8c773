import Environments
import Physics
import Robotics
import Robots
import Testing
import Training

/// A mirroring that is declared wrongly is found by playing steps and their mirror images.
struct MirrorCheckTests {
  /// What is wrong with it.
  enum Wrong: Sendable, CaseIterable {
    case nothing, yawRate, lateralVelocity, turns, height, joints, contacts, term, termWithMemory, ending, memory,
      unsaid
  }

  /// Looks at a body of two legs, and leans to one side where something is wrong.
  struct Leaning: RobotTask {
    let summary = "leans"
    let episodeSeconds = 2.0
    let endings = ["fell", "slid"]
    let wrong: Wrong
    private(set) var memory = ActionMemory(count: 0)
    private(set) var feet: [LinkID] = []
    /// m/s, to the left.
    private(set) var wanted = 0.0

    mutating func prepare(for model: RobotModel) throws {
      memory = ActionMemory(count: model.actuatedAxes.count)
      feet = [try model.link("left shin"), try model.link("right shin")]
    }

    mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
      let positions = sim.model.neutralPositions.map { $0 + random.uniform(-0.05...0.05) }
      sim.place(
        at: Pose(position: [0, 0, -sim.lowestPoint(at: .identity, positions: positions)]), positions: positions)
      memory.begin()
      wanted = random.uniform(-1...1)
    }

    func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
      let root = LinkID(index: 0)
      let (pose, velocity, spin) = (sim.pose(of: root), sim.velocity(of: root), sim.angularVelocity(of: root))
      cursor.write("height", pose.position.z, mirroring: wrong == .height ? .negated : .same, into: &row)
      cursor.write("yaw rate", spin.z, mirroring: wrong == .yawRate ? .same : .negated, into: &row)
      cursor.write("sideways", velocity.y, mirroring: wrong == .lateralVelocity ? .same : .negated, into: &row)
      cursor.write("turns", spin, mirroring: wrong == .turns ? .vector : .axial, into: &row)
      cursor.write("joints", count: sim.axisCount, mirroring: wrong == .joints ? .same : .axes, into: &row) {
        sim.position(ofAxis: $0)
      }
      cursor.write("contacts", count: 2, mirroring: wrong == .contacts ? .same : .links(feet), into: &row) {
        sim.touchesGround(feet[$0]) ? 1 : 0
      }
      cursor.write("action", count: memory.count, mirroring: .actions, into: &row) { memory[$0] }
      cursor.write("wanted", wanted, mirroring: .negated, into: &row)
    }

    mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending
    {
      let pose = sim.pose(of: LinkID(index: 0))
      let sideways = sim.velocity(of: LinkID(index: 0)).y
      reward.add("height", pose.position.z)
      reward.add("side", wrong == .term ? sideways : abs(sideways))
      reward.add("wanted", -abs(sideways - (wrong == .termWithMemory ? abs(wanted) : wanted)))
      reward.add("smooth", -0.1 * memory.change(to: action))
      if wrong == .ending, pose.position.y > 0.002 { return .terminated(reason: 1) }
      return pose.position.z < 0.3 ? .terminated(reason: 0) : .running
    }

    mutating func mirror(for model: RobotModel) {
      guard wrong != .unsaid else { return }
      memory.mirror(for: model)
      if wrong != .memory { wanted = -wanted }
    }

    func save(to writer: inout StateWriter) {
      memory.save(to: &writer)
      writer.write(wanted)
    }
    mutating func restore(from reader: inout StateReader) throws {
      try memory.restore(from: &reader)
      wanted = try reader.readDouble()
    }
  }

  private static let expected: [(Wrong, Set<String>)] = [
    (.nothing, []), (.yawRate, ["observation 'yaw rate'"]), (.lateralVelocity, ["observation 'sideways'"]),
    (.turns, ["observation 'turns', column 0"]), (.height, ["observation 'height'"]),
    (.joints, ["observation 'joints', column 0"]), (.contacts, ["observation 'contacts', column 0"]),
    (.term, ["reward term 'side'"]), (.termWithMemory, ["reward term 'wanted'"]), (.ending, ["ending 'slid'"]),
    (.memory, ["observation 'wanted'", "reward term 'wanted'"]), (.unsaid, []),
  ]

  private func findings(_ entry: Catalog.Entry) throws -> [Finding] {
    try MirroredStepsCheck.findings(of: entry, try entry.spec(), seed: 1)
  }

  @Test(arguments: expected)
  func aWrongMirrorIsFound(_ wrong: Wrong, _ places: Set<String>) throws {
    let found = try findings(Catalog.Entry("strutter", Strutter(), Leaning(wrong: wrong)))
    #expect(Set(found.filter { $0.severity == .error }.compactMap(\.place)) == places, "\(found.map(\.text))")
    #expect(found.allSatisfy { $0.id == ($0.severity == .error ? "wrong_mirror" : "mirror_unchecked") })
    // What the task remembers cannot be distinguished where the task does not mirror it.
    #expect(found.contains { $0.id == "mirror_unchecked" } == (wrong == .unsaid))
  }

  @Test func everyWrongIsLookedFor() { #expect(Set(Self.expected.map(\.0)) == Set(Wrong.allCases)) }

  /// A task made of helpers alone: they mirror, save and restore themselves.
  private struct Helpers: RobotTask {
    let summary = "is made of helpers"
    let episodeSeconds = 1.0
    let endings: [String] = []
    private(set) var memory = ActionMemory(count: 4)
    private(set) var accelerometer = Accelerometer()
    private(set) var history = ObservationHistory("turn", count: 3, length: 3, mirroring: .axial)
    private(set) var velocity = VelocityCommand(forward: -1...1, sideways: -1...1, turning: -1...1)
    private(set) var point = WaypointCommand(distance: 0.1...0.2)
    private(set) var posture = PostureCommand(heading: -3...3, height: 0.3...0.5, roll: -0.1...0.1, pitch: -0.1...0.1)
    private(set) var feet: [LinkID] = []
    private(set) var some: [Int] = []
    static let savedFields: [SavedField<Helpers>] = [
      .init(\.memory), .init(\.accelerometer), .init(\.history), .init(\.velocity), .init(\.point), .init(\.posture),
    ]

    mutating func prepare(for model: RobotModel) throws {
      feet = [try model.link("left shin"), try model.link("right shin")]
      some = [try model.axis("right knee"), try model.axis("left knee")]
    }

    mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
      let positions = sim.model.neutralPositions.map { $0 + random.uniform(-0.05...0.05) }
      sim.place(
        at: Pose(position: [0, 0, -sim.lowestPoint(at: .identity, positions: positions)]), positions: positions)
      let root = LinkID(index: 0)
      let (pose, spin) = (sim.pose(of: root), sim.angularVelocity(of: root))
      memory.begin()
      accelerometer.begin(sim, at: root)
      history.begin { spin[$0] }
      velocity.begin(using: &random)
      point.begin(at: pose, using: &random)
      posture.begin(using: &random)
    }

    func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
      let pose = sim.pose(of: LinkID(index: 0))
      cursor.writeGravity(sim, into: &row)
      cursor.writeVelocity(sim, into: &row)
      cursor.writeAngularVelocity(sim, into: &row)
      cursor.writeJointPositions(sim, of: some, into: &row)
      cursor.writeJointVelocities(sim, of: some, into: &row)
      cursor.writePreviousAction(memory, into: &row)
      cursor.writeContacts(sim, of: feet, into: &row)
      accelerometer.observe(&cursor, into: &row)
      history.observe(&cursor, into: &row)
      velocity.observe(&cursor, into: &row)
      point.observe(from: pose, &cursor, into: &row)
      posture.observe(at: pose, &cursor, into: &row)
    }

    mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending
    {
      let root = LinkID(index: 0)
      let (pose, spin) = (sim.pose(of: root), sim.angularVelocity(of: root))
      accelerometer.update(sim, at: root)
      history.add { spin[$0] }
      let error = posture.error(at: pose)
      reward.add("posture", -abs(error.heading) - abs(error.roll) - abs(error.height) - abs(error.pitch))
      reward.add("way", -point.offset(from: pose).length)
      reward.add("smooth", -memory.change(to: action))
      velocity.advance(by: sim.controlInterval)
      posture.advance(by: sim.controlInterval)
      reward.add("reached", point.advance(to: pose) ? 1 : 0)
      return .running
    }

    mutating func mirror(for model: RobotModel) {
      memory.mirror(for: model)
      accelerometer.mirror()
      history.mirror(for: model)
      velocity.mirror()
      point.mirror()
      posture.mirror()
    }
  }

  @Test func helpersMirrorAndSaveThemselves() throws {
    let entry = Catalog.Entry("strutter", Strutter(), Helpers())
    #expect(try entry.makeVectorEnv(count: 1, seed: 1, start: .together).symmetry != nil)
    let found = try findings(entry)
    #expect(found.isEmpty, "\(found.map(\.text))")
    #expect(!RobotCheck.findings(of: entry).contains { $0.severity == .error })
  }

  /// All shipped robots mirror as they say.
  @Test(arguments: Catalog.standard.names)
  func shippedRobotsMirrorAsTheySay(_ name: String) throws {
    let entry = try #require(Catalog.standard[name])
    let found = try findings(entry)
    #expect(found.isEmpty, "\(found.map(\.text))")
  }
}
