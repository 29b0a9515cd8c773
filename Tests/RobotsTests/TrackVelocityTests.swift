import Environments
import Physics
import Robotics
import Robots
import Tasks
import Testing

/// The robots that follow commands, and what they share.
struct TrackVelocityTests {
  private static let names = ["quadruped", "hexapod"]

  private func entry(_ name: String) throws -> Catalog.Entry { try #require(Catalog.standard[name]) }

  private func robot(_ name: String) -> (robot: any Robot, feet: [String]) {
    name == "quadruped" ? (Quadruped(), Quadruped.feet) : (Hexapod(), Hexapod.feet)
  }

  private func walk(_ name: String, standing: Double = 0) -> TrackVelocity {
    let (_, feet) = robot(name)
    return TrackVelocity(
      feet: feet,
      gait: GaitClock(period: 0.5, stance: 0.6, offsets: feet.count == 4 ? GaitClock.trot : GaitClock.tripod),
      command: VelocityCommand(forward: -1...1, sideways: -1...1, turning: -1...1, standing: standing, interval: 0.3),
      height: 0.3, fallHeight: 0.05, stepHeight: 0.05)
  }

  private func model(_ name: String) throws -> RobotModel {
    func model(of robot: some Robot) throws -> RobotModel { try RobotModel(robot) }
    return try model(of: robot(name).robot)
  }

  /// The columns of a slice.
  private func columns(_ name: String, of spec: EnvSpec) throws -> Range<Int> {
    var first = 0
    for slice in spec.observations {
      if slice.name == name { return first..<first + slice.count }
      first += slice.count
    }
    throw EnvError("no slice \(name)")
  }

  // MARK: The machines

  @Test(arguments: [("quadruped", 12, 12.0), ("hexapod", 18, 12.0)])
  func isWhatItIsCalled(_ name: String, _ axes: Int, _ mass: Double) throws {
    let model = try model(name)
    #expect(model.actuatedAxes.count == axes && model.axes.count == axes)
    #expect(abs(model.totalMass - mass) < 1)
    #expect(model.isFloating)
  }

  /// In the neutral pose all feet, and nothing else, stand on the ground, at the height that the task asks for.
  @Test(arguments: names) func standsOnItsFeet(_ name: String) throws {
    var sim = try Simulation(model(name))
    let feet = try robot(name).feet.map { try sim.model.link($0) }
    let lowest = sim.lowestPoint(at: .identity, positions: sim.model.neutralPositions)
    sim.place(at: Pose(position: [0, 0, -lowest]))
    let idle = Array(repeating: Float(0), count: sim.model.actuatedAxes.count)
    for _ in 0..<100 { try sim.step(idle.span) }
    for foot in feet {
      let touches = sim.touchesGround(foot)
      #expect(touches)
    }
    for link in sim.model.links(except: feet) {
      let touches = sim.touchesGround(link) || sim.touchesAnotherLink(link)
      #expect(!touches)
    }
    let (speed, up) = (sim.velocity(of: LinkID(index: 0)).length, sim.pose(of: LinkID(index: 0)).orientation)
    // Springs give way: the quadruped leans by a few degrees.
    #expect(speed < 0.05 && up.act(on: .unitZ).z > 0.99)
  }

  // MARK: Symmetry

  private func mirror(_ row: [Float], by sources: [Symmetry.Source]) -> [Float] {
    var image = row
    var span = image.mutableSpan
    Symmetry.mirror(row.span, by: sources, into: &span)
    return image
  }

  /// Seen in a mirror, a walk goes on as the mirror says: the same observations, mirrored, under mirrored actions.
  @Test(arguments: names) func aMirroredWalkIsTheMirrorOfTheWalk(_ name: String) throws {
    let spec = try entry(name).spec()
    func symmetry(of robot: some Robot) throws -> Symmetry? {
      let env = try RobotEnv(robot, walk(name))
      return env.symmetry
    }
    let found = try symmetry(of: robot(name).robot)
    let symmetry = try #require(found)
    let model = try model(name)
    var here = try Simulation(model)
    var there = try Simulation(model)
    var (task, mirrored) = (walk(name), walk(name))
    try task.prepare(for: model)
    try mirrored.prepare(for: model)
    var random = Random(seed: 5)
    try task.begin(&here, using: &random)
    let axes = try #require(model.mirroredAxes())
    let positions = axes.map { Double($0.sign) * here.position(ofAxis: $0.index) }
    let start = here.pose(of: LinkID(index: 0))
    let turned = Quaternion(angle: -start.orientation.yaw, axis: .unitZ)
    // In the air: how the load on the ground is shared by many feet depends on the order in which the solver takes them.
    let up = Vector3(0, 0, name == "hexapod" ? 3 : 0)
    here.place(
      at: Pose(position: start.position + up, orientation: start.orientation),
      velocity: here.velocity(of: LinkID(index: 0)), positions: (0..<axes.count).map { here.position(ofAxis: $0) })
    there.place(
      at: Pose(position: (start.position + up) * [1, -1, 1], orientation: turned),
      velocity: here.velocity(of: LinkID(index: 0)) * [1, -1, 1], positions: positions)

    // What the task itself remembers, the command and the clock, is not mirrored here.
    let own = try ["commanded speed", "commanded sideways speed", "commanded turning", "gait clock", "previous action"]
      .flatMap { try Array(columns($0, of: spec)) }
    for step in 0..<25 {
      var rows = [[Float]](repeating: Array(repeating: 0, count: spec.observationCount), count: 2)
      var cursor = ObservationCursor(placing: spec.observations)
      var row = rows[0].mutableSpan
      task.observe(here, &cursor, into: &row)
      cursor = ObservationCursor(placing: spec.observations)
      row = rows[1].mutableSpan
      mirrored.observe(there, &cursor, into: &row)
      let image = mirror(rows[0], by: symmetry.observation)
      for column in image.indices where !own.contains(column) {
        #expect(abs(image[column] - rows[1][column]) < 1e-3, "step \(step), column \(column)")
      }
      let action = (0..<model.actuatedAxes.count).map { _ in Float(random.uniform(-0.4...0.4)) }
      let opposite = mirror(action, by: symmetry.action)
      try here.step(action.span)
      try there.step(opposite.span)
    }
  }

  /// A command to the left is a command to the right in the mirror, and a clock is half a stride off.
  @Test(arguments: names) func commandsAndClockAreMirrored(_ name: String) throws {
    let entry = try entry(name)
    let spec = try entry.spec()
    func symmetry(of robot: some Robot) throws -> Symmetry? {
      let env = try RobotEnv(robot, walk(name))
      return env.symmetry
    }
    let found = try symmetry(of: robot(name).robot)
    let image = mirror((0..<spec.observationCount).map { Float($0 + 1) }, by: try #require(found).observation)
    for (slice, sign) in [
      ("commanded speed", 1), ("commanded sideways speed", -1), ("commanded turning", -1), ("gait clock", -1),
    ] as [(String, Float)] {
      for column in try columns(slice, of: spec) { #expect(image[column] == sign * Float(column + 1)) }
    }
  }

  // MARK: The task

  @Test(arguments: names) func commandsAreDrawnAsDocumented(_ name: String) throws {
    let count = 400
    let envs = try entry(name).makeVectorEnv(count: count, shards: 1, seed: 4, start: .together)
    let spec = envs.spec
    envs.collect(steps: 1, with: ZeroPolicy(spec: spec), on: Workers(threads: 1))
    let rows = envs.rollout(ofShard: 0).observations
    let limits: [Float] = name == "quadruped" ? [1, 1, 1] : [0.4, 0.2, 0.5]
    var standing = 0
    for (slice, limit) in zip(["commanded speed", "commanded sideways speed", "commanded turning"], limits) {
      let column = try columns(slice, of: spec).lowerBound
      let drawn = (0..<count).map { rows[$0 * spec.observationCount + column] }
      #expect(drawn.allSatisfy { abs($0) <= limit })
      #expect((drawn.max() ?? 0) > 0.95 * limit && (drawn.min() ?? 0) < -0.95 * limit)
      standing = drawn.count { $0 == 0 }
    }
    // A tenth of them, with a standard deviation of 6.
    #expect(abs(standing - 40) < 30)
  }

  /// The terms of the reward by name, after `steps` control steps in which nothing is asked of the joints.
  private func terms(_ name: String, standing: Double, steps: Int) throws -> [String: Float] {
    func terms(of robot: some Robot) throws -> [String: Float] {
      var env = try RobotEnv(robot, walk(name, standing: standing))
      var row = Array(repeating: Float(0), count: env.spec.observationCount)
      var span = row.mutableSpan
      env.reset(seed: 3, observation: &span)
      let idle = Array(repeating: Float(0), count: env.spec.actionCount)
      for _ in 0..<steps { _ = env.step(idle.span, observation: &span) }
      var values = Array(repeating: Float(0), count: env.spec.rewardTerms.count)
      var rewards = values.mutableSpan
      env.readRewardTerms(into: &rewards)
      return Dictionary(uniqueKeysWithValues: zip(env.spec.rewardTerms, values))
    }
    return try terms(of: robot(name).robot)
  }

  @Test(arguments: names) func whoIsToldToStandIsPaidForStanding(_ name: String) throws {
    let standing = try terms(name, standing: 1, steps: 100)
    #expect(abs((standing["speed"] ?? 0) + (standing["exact speed"] ?? 0) - 0.5) < 0.02)
    #expect(abs((standing["turning"] ?? 0) + (standing["exact turning"] ?? 0) - 0.35) < 0.02)
    #expect(abs((standing["clock"] ?? 0) - 0.16) < 1e-6)
    #expect(abs((standing["lift"] ?? 0) - 0.10) < 1e-3)
    for term in ["bounce", "slip", "limbs", "reach", "smoothness"] {
      #expect(abs(standing[term] ?? 1) < 2e-3, "\(term)")
    }
    let idle = try terms(name, standing: 0, steps: 100)
    #expect((idle["exact speed"] ?? 1) < 0.2)
  }
}
