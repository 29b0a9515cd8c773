import Environments
import Physics
import Robotics
import Testing

/// A cart on rails above the ground and a puck before it that slides.
private struct Shuffle: Robot {
  let name = "shuffle"
  var physics = PhysicsSettings()
  var props: [Link]

  init(friction: Double = 0.5, physics: PhysicsSettings = PhysicsSettings()) {
    self.physics = physics
    props = [Link("puck", .box(size: [0.2, 0.2, 0.1]), mass: 2, friction: friction, at: [0.5, 0, 0.05])]
  }

  var body: Link {
    Link(
      "cart", .box(size: [0.2, 0.2, 0.06]), mass: 3, at: [0, 0, 0.05],
      joint: .slider(Axis("x", [1, 0, 0], actuator: .velocity(limit: 100, speed: 1))))
  }
}

/// Free bodies that belong to a robot's scene but not to the robot.
struct PropTests {
  @Test func propsFollowTheLinksAndAreNoPartOfTheRobot() throws {
    let model = try RobotModel(Shuffle())
    #expect(model.linkNames == ["cart"] && model.propNames == ["puck"])
    #expect(abs(model.totalMass - 3) < 1e-12)
    #expect(!model.isFloating)
    #expect(try model.prop("puck") == LinkID(index: 1))
    #expect(throws: RobotError("shuffle has no link 'puck'; it has cart")) { try model.link("puck") }
    #expect(throws: RobotError("shuffle has no prop 'ball'; it has puck")) { try model.prop("ball") }
    #expect(throws: RobotError("block has no prop 'ball'; it has none")) { try RobotModel(Block()).prop("ball") }
  }

  @Test func aPropIsOneFreeBodyOfItsOwnName() {
    func model(_ prop: Link) throws -> RobotModel {
      var robot = Shuffle()
      robot.props = [prop]
      return try RobotModel(robot)
    }
    let shape = Shape.sphere(radius: 0.1)
    #expect(throws: RobotError("shuffle: more than one link or prop is named 'cart'")) {
      try model(Link("cart", shape, mass: 1))
    }
    let text = "shuffle: the prop 'post' must be one free body, without a joint or children"
    #expect(throws: RobotError(text)) { try model(Link("post", shape, mass: 1, joint: .fixed)) }
    #expect(throws: RobotError(text)) { try model(Link("post", shape, mass: 1) { Link("knob", shape, mass: 1) }) }
    #expect(throws: PhysicsError.self) { try model(Link("post", shape, mass: -1)) }
  }

  /// v²/(2μg), and half a substep's way more or less.
  @Test(arguments: [(0.3, 1.0), (0.5, 1.5), (0.8, 2.0)])
  func aSlidingPropStopsWhereFrictionSays(_ friction: Double, _ speed: Double) throws {
    let model = try RobotModel(Shuffle(friction: friction))
    var sim = try Simulation(model)
    let puck = try model.prop("puck")
    sim.place(at: sim.rootPose)
    // Settled first, so that no part of the way is in the air.
    for _ in 0..<20 { try sim.advance(0) }
    let height = sim.pose(of: puck).position.z
    sim.place(prop: puck, at: Pose(position: [0.5, 0, height]), velocity: [speed, 0, 0])
    #expect(abs(sim.velocity(of: puck).x - speed) < 1e-12)
    for _ in 0..<100 { try sim.advance(0) }
    let way = sim.pose(of: puck).position - Vector3(0.5, 0, height)
    let expected = speed * speed / (2 * friction * 9.81)
    #expect(abs(way.x - expected) < 0.01 * expected + speed * sim.model.physics.substep)
    #expect(abs(way.y) < 1e-6 && abs(way.z) < 1e-4)
    #expect(sim.touchesGround(puck) && !sim.touchesAnotherLink(puck))
    #expect(abs(sim.clearance(of: puck)) < 0.002)
  }

  @Test func theRobotPushesAProp() throws {
    var sim = try Simulation(RobotModel(Shuffle()))
    let puck = try sim.model.prop("puck")
    sim.place(at: sim.rootPose)
    var hasTouched = false
    // At 1 m/s for 1 s: the 0.3 m between both, and the rest with the puck in front.
    for _ in 0..<50 {
      try sim.advance(1)
      hasTouched = hasTouched || sim.touchesAnotherLink(puck)
    }
    #expect(hasTouched)
    #expect(abs(sim.pose(of: puck).position.x - sim.position(ofAxis: 0) - 0.2) < 0.03)
    #expect(sim.pose(of: puck).position.x > 1.1)
  }

  @Test func placingTheRobotPutsPropsBack() throws {
    var sim = try Simulation(RobotModel(Shuffle()))
    let puck = try sim.model.prop("puck")
    sim.place(prop: puck, at: Pose(position: [2, 1, 3]), velocity: [1, 2, 3])
    try sim.advance(0)
    sim.place(at: sim.rootPose)
    #expect(sim.pose(of: puck) == Pose(position: [0.5, 0, 0.05]))
    #expect(sim.velocity(of: puck) == .zero && sim.angularVelocity(of: puck) == .zero)
  }

  @Test func theGroundIsThePropsOwnConcern() throws {
    var sim = try Simulation(RobotModel(Shuffle()))
    // The cart hangs 2 cm above the ground, the puck stands on it.
    let lowest = sim.lowestPoint(at: sim.rootPose, positions: [0])
    #expect(abs(lowest - 0.02) < 1e-12)
    // Where the puck is, the cart does not meet itself.
    let isClear = sim.isClear(at: sim.rootPose, positions: [0.4])
    #expect(isClear)
  }

  @Test func propsOfAPlanarRobotStayInItsPlane() throws {
    var sim = try Simulation(RobotModel(Shuffle(physics: PhysicsSettings(isPlanar: true))))
    let puck = try sim.model.prop("puck")
    sim.place(at: sim.rootPose)
    sim.place(
      prop: puck, at: Pose(position: [0.5, 0, 0.3], orientation: Quaternion(angle: 0.5, axis: .unitY)),
      velocity: [1, 0, 0])
    for _ in 0..<50 { try sim.advance(1) }
    let pose = sim.pose(of: puck)
    #expect(pose.position.y == 0 && pose.orientation.x == 0 && pose.orientation.z == 0)
    #expect(pose.position.x > 0.55)
  }

  // MARK: Whole envs

  @Test func recordingsShowPropsBehindTheLinks() throws {
    let entry = Catalog.Entry("shuffle", Shuffle(), Watch())
    let spec = try entry.spec()
    let recording = try #require(try entry.record(ZeroPolicy(spec: spec), seed: 1, noise: Random(seed: 1)))
    #expect(recording.parts.map(\.name) == ["cart", "puck"] && recording.parts[1].parent == nil)
    #expect(recording.frames.allSatisfy { $0.poses.count == 2 })
    let (first, last) = (
      recording.frames[0].poses[1].position, recording.frames[recording.frames.count - 1].poses[1].position
    )
    #expect((0.3...0.5).contains(first.x) && last.x > first.x + 0.05)
  }

  /// Puts the puck somewhere and shows where it is.
  private struct Watch: RobotTask {
    let summary = "watches the puck"
    let episodeSeconds = 1.0
    let endings: [String] = []
    private var puck = LinkID(index: 0)

    mutating func prepare(for model: RobotModel) throws { puck = try model.prop("puck") }
    mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
      sim.place(at: sim.rootPose)
      sim.place(prop: puck, at: Pose(position: [random.uniform(0.3...0.5), 0, 0.05]), velocity: [1, 0.3, 0])
    }
    func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
      cursor.write("position", sim.pose(of: puck).position, into: &row)
      cursor.write("velocity", sim.velocity(of: puck), into: &row)
    }
    mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending
    {
      .running
    }
    func save(to writer: inout StateWriter) {}
    mutating func restore(from reader: inout StateReader) throws {}
  }

  @Test func aRestoredPropGoesOnToTheBit() throws {
    var straight = try Driver(Shuffle(), Watch())
    straight.reset(seed: 3)
    for _ in 0..<12 { _ = straight.step(0.7) }
    let saved = straight.saved
    var fresh = try Driver(Shuffle(), Watch())
    var used = try Driver(Shuffle(), Watch())
    fresh.reset(seed: 1)
    used.reset(seed: 2)
    for _ in 0..<30 { _ = used.step(-1) }
    try fresh.restore(saved)
    try used.restore(saved)
    for _ in 0..<30 {
      _ = straight.step(0.7)
      _ = fresh.step(0.7)
      _ = used.step(0.7)
      #expect(straight.observation == fresh.observation && straight.observation == used.observation)
    }
  }

  @Test func disturbancesReachProps() throws {
    func travel(_ randomization: DomainRandomization) throws -> (way: Float, push: Float) {
      var driver = try Driver(Shuffle(), Watch(), randomization: randomization)
      driver.reset(seed: 5)
      let start = driver.observation[0]
      for _ in 0..<30 { _ = driver.step(0) }
      let way = driver.observation[0] - start
      for _ in 0..<15 { _ = driver.step(1) }
      return (way, driver.observation[0])
    }
    let plain = try travel(DomainRandomization())
    var slippery = DomainRandomization()
    slippery.friction = 0.5...0.5
    let far = try travel(slippery)
    #expect(far.way > 1.9 * plain.way && far.way < 2.1 * plain.way)
    // On the ground, mass alone changes nothing of how far a body slides.
    var heavy = DomainRandomization()
    heavy.mass = 2...2
    #expect(abs(try travel(heavy).way - plain.way) < 0.01)
  }
}
