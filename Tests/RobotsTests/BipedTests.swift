import Environments
import Physics
import Robotics
import Robots
import Tasks
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

struct BipedTests {
  private func simulation() throws -> Simulation { try Simulation(RobotModel(Biped())) }

  private func positions(_ model: RobotModel, _ values: [String: Double]) throws -> [Double] {
    var positions = model.axes.map(\.neutral)
    for (name, value) in values { positions[try model.axis(name)] = value }
    return positions
  }

  private func links(of link: Link) -> [Link] { [link] + link.children.flatMap(links) }

  // MARK: The machine

  @Test func isAsTallAndHeavyAsAsked() throws {
    var sim = try simulation()
    #expect(sim.model.totalMass >= 20)
    #expect(sim.model.actuatedAxes.count >= 8)
    #expect(sim.model.isFloating)
    // The top of the torso is what hangs lowest in the robot turned upside down.
    let positions = sim.model.axes.map(\.neutral)
    let bottom = sim.lowestPoint(at: .identity, positions: positions)
    let top = -sim.lowestPoint(at: Pose(orientation: Quaternion(angle: .pi, axis: .unitX)), positions: positions)
    #expect(top - bottom >= 0.9)
  }

  @Test func feetAreShort() {
    let feet = links(of: Biped().body).filter { $0.name.hasSuffix("foot") }
    #expect(feet.count == 2)
    for collider in feet.flatMap(\.colliders) {
      guard case .box(let size) = collider.shape else {
        Issue.record("a foot is not a box")
        continue
      }
      #expect(size.x <= 0.26)
    }
  }

  /// Equal angles left and right give mirrored poses, roll included.
  @Test func theSidesMirrorEachOther() throws {
    var sim = try simulation()
    let model = sim.model
    for (roll, pitch, knee, ankle) in [(0, 0, 0, 0), (0.3, 0.5, 1, 0.2), (-0.2, -0.6, 0.4, -0.5)]
      as [(
        Double, Double, Double, Double
      )]
    {
      var values: [String: Double] = [:]
      for side in ["left", "right"] {
        values["\(side) hip roll"] = roll
        values["\(side) hip pitch"] = pitch
        values["\(side) knee"] = knee
        values["\(side) ankle"] = ankle
      }
      sim.place(at: Pose(position: [0, 0, 1]), positions: try positions(model, values))
      for part in ["thigh", "shin", "foot"] {
        let left = sim.pose(of: try model.link("left \(part)"))
        let right = sim.pose(of: try model.link("right \(part)"))
        for point in [Vector3(0, 0, 0), [0.1, 0, 0], [0, 0, -0.3]] {
          #expect((left.act(on: point) * [1, -1, 1] - right.act(on: point)).length < 1e-12)
        }
      }
    }
  }

  @Test func jointsBendTheWayAHumansDo() throws {
    var sim = try simulation()
    let model = sim.model
    let foot = try model.link("left foot")
    let place = { (sim: inout Simulation, name: String, value: Double) in
      let straight = ["left hip roll": 0.0, "left hip pitch": 0, "left knee": 0, "left ankle": 0]
      let angles = straight.merging([name: value]) { _, new in new }
      sim.place(at: Pose(position: [0, 0, 1]), positions: try self.positions(model, angles))
      return sim.pose(of: foot).act(on: [0.1, 0, 0])
    }
    let rest = try place(&sim, "left knee", 0)
    // The leg swings forward, the shin folds backward, the toes rise, the leg spreads outward.
    #expect(try place(&sim, "left hip pitch", 0.3).x > rest.x + 0.1)
    #expect(try place(&sim, "left knee", 0.5).x < rest.x - 0.1)
    #expect(try place(&sim, "left ankle", 0.3).z > rest.z + 0.01)
    #expect(try place(&sim, "left hip roll", 0.3).y > rest.y + 0.1)
  }

  // MARK: Its task

  @Test func seesFeetHeadingAndOffset() throws {
    let names = try #require(Catalog.standard["biped"]).spec().observations.map(\.name)
    for name in ["foot contacts", "sideways offset", "heading", "gait clock"] { #expect(names.contains(name)) }
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

  @Test func startsAreDrawnAsDocumented() throws {
    let count = 400
    let envs = try #require(Catalog.standard["biped"]).makeVectorEnv(count: count, shards: 1, seed: 4, start: .together)
    let spec = envs.spec
    envs.collect(steps: 1, with: ZeroPolicy(spec: spec), on: Workers(threads: 1))
    let rows = envs.rollout(ofShard: 0).observations
    let values = { (column: Int) in (0..<count).map { rows[$0 * spec.observationCount + column] } }
    for column in try columns("joint positions", of: spec) {
      let drawn = values(column)
      #expect(drawn.allSatisfy { abs($0) <= 0.1001 })
      #expect((drawn.max() ?? 0) > 0.09 && (drawn.min() ?? 0) < -0.09)
    }
    let velocity = try columns("velocity", of: spec)
    for column in velocity.dropLast() {
      let drawn = values(column)
      #expect(drawn.allSatisfy { abs($0) <= 0.1501 })
      #expect((drawn.max() ?? 0) > 0.14 && (drawn.min() ?? 0) < -0.14)
    }
    // The phase of the gait: everywhere on its circle.
    let clock = try columns("gait clock", of: spec)
    var quadrants = [0, 0, 0, 0]
    for (sine, cosine) in zip(values(clock.lowerBound), values(clock.lowerBound + 1)) {
      #expect(abs(sine * sine + cosine * cosine - 1) < 1e-5)
      quadrants[(sine < 0 ? 1 : 0) + (cosine < 0 ? 2 : 0)] += 1
    }
    // 100 each, with a standard deviation of 8.7.
    for quadrant in quadrants { #expect(abs(quadrant - 100) < 35) }
  }

  /// Feet that start inside each other throw the robot over, and no policy can help it.
  @Test func noStartPutsOneFootIntoTheOther() throws {
    var sim = try simulation()
    var task = WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6)
    try task.prepare(for: sim.model)
    let foot = try sim.model.link("left foot")
    let idle = Array(repeating: Float(0), count: sim.model.actuatedAxes.count)
    for seed in 0..<300 {
      var random = Random(seed: UInt64(seed))
      try task.begin(&sim, using: &random)
      try sim.step(idle.span)
      let touches = sim.touchesAnotherLink(foot)
      #expect(!touches, "seed \(seed)")
    }
  }

  @Test func standsForAMomentAndThenFalls() throws {
    let envs = try #require(Catalog.standard["biped"]).makeVectorEnv(count: 20, shards: 1, seed: 4, start: .once)
    let evaluation = Evaluation(of: ZeroPolicy(spec: envs.spec), in: envs, on: Workers(threads: 2))
    #expect(evaluation.episodes.count == 20)
    // Being placed into the ground throws no robot off it.
    #expect(evaluation.episodes.allSatisfy { $0.length >= 10 })
    let falls = evaluation.episodes.count { $0.ending != .truncated }
    #expect(falls >= 15)
  }

  // MARK: How it should walk

  private static func task(_ options: WalkForward.Options) -> WalkForward {
    WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6, options: options)
  }

  @Test func aCrouchAndAHighStepCost() throws {
    var bench = try TaskBench(Biped(), Self.task(.biped))
    let idle = Array(repeating: Float(0), count: bench.sim.model.actuatedAxes.count)
    bench.sim.place(at: Pose(position: [0, 0, 0.85]))
    #expect(bench.evaluateStep(idle)["crouch"] == 0)
    bench.sim.place(at: Pose(position: [0, 0, 0.75]))
    #expect(abs(try #require(bench.evaluateStep(idle)["crouch"]) + 20 * 0.05 * 0.05) < 1e-6)
    let low = bench.sim.lowestPoint(at: .identity, positions: bench.sim.model.neutralPositions)
    // Both soles 5 cm above where lifting them starts to cost 0.5 a meter.
    bench.sim.place(at: Pose(position: [0, 0, 0.13 - low]))
    #expect(abs(try #require(bench.evaluateStep(idle)["lift"]) + 2 * 0.5 * 0.05) < 1e-3)
    bench.sim.place(at: Pose(position: [0, 0, 0.05 - low]))
    #expect(bench.evaluateStep(idle)["lift"] == 0)
  }

  /// What an IMU and encoders do not tell is for the critic alone; a fall has no price of its own.
  @Test func theBlindBipedReadsItsIMUAndItsJoints() throws {
    let (seeing, blind) = (
      try #require(Catalog.standard["biped"]).spec(), try #require(Catalog.standard["biped-imu"]).spec()
    )
    #expect(blind.rewardTerms == seeing.rewardTerms.filter { $0 != "fall" } && blind.metrics == seeing.metrics)
    let hidden = blind.observations.filter { $0.audience == .critic }.map(\.name)
    #expect(hidden == ["height", "heading", "sideways offset", "velocity", "foot contacts"])
    #expect(
      blind.observations.filter { $0.audience != .critic }.map(\.name) == [
        "gravity", "angular velocity", "acceleration", "joint positions", "joint velocities", "previous action",
        "gait clock",
      ])
    #expect(seeing.observations.allSatisfy { $0.audience == .both })
  }

  /// At rest an accelerometer tells gravity; with the body tilted, in its frame.
  @Test func theBlindBipedFeelsItsWeight() throws {
    var options = WalkForward.Options()
    options.senses = .imu
    var bench = try TaskBench(Biped(), Self.task(options))
    try bench.begin()
    let seen = bench.seen("acceleration")
    #expect(abs((seen[0] * seen[0] + seen[1] * seen[1] + seen[2] * seen[2]).squareRoot() - 9.81) < 0.01)
    #expect(seen[2] > 9.7)
  }

  // MARK: Speed commands

  @Test func onlyTheCommandedBipedSeesACommand() throws {
    let (steady, commanded) = (
      try #require(Catalog.standard["biped"]).spec(), try #require(Catalog.standard["biped-commanded"]).spec()
    )
    #expect(!steady.observations.contains { $0.name.hasPrefix("commanded") })
    #expect(commanded.observations.dropLast() == steady.observations[...])
    #expect(commanded.observations.last?.name == "commanded speed")
    #expect(commanded.metrics == steady.metrics + TrackingMeter.names)
    #expect(try RobotEnv(Biped(), Self.commanded).symmetry != nil)
  }

  private static let commanded = WalkForward(
    feet: ("left foot", "right foot"), command: VelocityCommand(forward: 0...1.2, standing: 0.5), fallHeight: 0.6)

  /// Commanded to stand still, the clock stops and the robot is rewarded for having both feet down; commanded to walk, or thrown about
  /// by coming down, it runs.
  @Test func whoIsToldToStandStandsOnBothFeet() throws {
    let spec = try #require(Catalog.standard["biped-commanded"]).spec()
    let (clock, command) = (
      try columns("gait clock", of: spec), try columns("commanded speed", of: spec).lowerBound
    )
    let clockTerm = try #require(spec.rewardTerms.firstIndex(of: "clock"))
    var sim = try simulation()
    let idle = Array(repeating: Float(0), count: sim.model.actuatedAxes.count)
    var (standing, walking) = (0, 0)
    for seed in 0..<40 {
      var task = Self.commanded
      try task.prepare(for: sim.model)
      var random = Random(seed: UInt64(seed))
      try task.begin(&sim, using: &random)
      // A tenth of a second: it has come down and not yet fallen.
      for _ in 0..<5 { try sim.step(idle.span) }
      var reward = RewardCursor(terms: spec.rewardTerms)
      _ = task.evaluateStep(sim, action: idle.span, &reward)
      var cursor = ObservationCursor(placing: spec.observations)
      var row = Array(repeating: Float(0), count: spec.observationCount)
      var span = row.mutableSpan
      task.observe(sim, &cursor, into: &span)
      let phase = row[clock.lowerBound] * row[clock.lowerBound] + row[clock.lowerBound + 1] * row[clock.lowerBound + 1]
      let velocity = sim.velocity(of: LinkID(index: 0))
      if row[command] == 0, velocity.x * velocity.x + velocity.y * velocity.y < 0.09 {
        standing += 1
        #expect(phase == 0)
        let feet = try ["left foot", "right foot"].count { sim.touchesGround(try sim.model.link($0)) }
        #expect(abs(reward.values[clockTerm] - 0.16 * Float(feet - 1)) < 1e-6)
      } else {
        walking += 1
        #expect((0...1.2).contains(row[command]) && abs(phase - 1) < 1e-5)
      }
    }
    #expect(standing > 5 && walking > 8)
  }

  /// A robot that is commanded to stand while it walks, or is pushed, has to step, and needs the clock for it.
  @Test func theClockRestsOnlyOnceItHasComeToRest() throws {
    let command = VelocityCommand(forward: 0...1.2, standing: 1)
    var bench = try TaskBench(
      Biped(), WalkForward(feet: ("left foot", "right foot"), command: command, fallHeight: 0.6))
    for (velocity, runs): (Vector3, Bool) in [
      ([0, 0, 0], false), ([0.2, -0.2, 0], false), ([0.5, 0, 0], true), ([0, 0.4, 0], true), ([-0.4, 0, 0], true),
    ] {
      bench.sim.place(at: bench.sim.rootPose, velocity: velocity)
      let clock = bench.seen("gait clock")
      #expect(abs(clock[0] * clock[0] + clock[1] * clock[1] - (runs ? 1 : 0)) < 1e-5)
    }
  }

  @Test func theSpeedToldIsTheSpeedPaidFor() throws {
    var sim = try simulation()
    let names = try #require(Catalog.standard["biped"]).spec().rewardTerms
    let idle = Array(repeating: Float(0), count: sim.model.actuatedAxes.count)
    for speed in [0.3, 1.1] {
      var task = WalkForward(
        feet: ("left foot", "right foot"), command: VelocityCommand(forward: speed...speed), fallHeight: 0.6)
      try task.prepare(for: sim.model)
      var random = Random(seed: 1)
      try task.begin(&sim, using: &random)
      sim.place(at: sim.rootPose, velocity: [speed, 0, 0])
      var reward = RewardCursor(terms: names)
      _ = task.evaluateStep(sim, action: idle.span, &reward)
      #expect(abs(reward.values[0] - 0.4) < 1e-6)
      sim.place(at: sim.rootPose, velocity: [speed - 0.5, 0, 0])
      reward.rewind()
      _ = task.evaluateStep(sim, action: idle.span, &reward)
      #expect(abs(reward.values[0] - 0.4 * Float(exp(-0.75))) < 1e-6)
    }
  }

  // MARK: Symmetry

  private func mirror(_ row: [Float], by sources: [Symmetry.Source]) -> [Float] {
    var image = row
    var span = image.mutableSpan
    Symmetry.mirror(row.span, by: sources, into: &span)
    return image
  }

  /// Seen in a mirror, a walk goes on as the mirror says: the same observations, mirrored, under mirrored actions.
  @Test func aMirroredWalkIsTheMirrorOfTheWalk() throws {
    let task = WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6)
    let env = try RobotEnv(Biped(), task)
    let found = env.symmetry
    let symmetry = try #require(found)
    let model = try RobotModel(Biped())
    var tasks = [task, task]
    for i in 0..<2 { try tasks[i].prepare(for: model) }
    var here = try Simulation(model)
    var there = try Simulation(model)
    var random = Random(seed: 5)
    try tasks[0].begin(&here, using: &random)
    var play = Random(seed: 6)
    // The same start, seen in the mirror: all of the biped's axes keep their sign and change sides.
    let positions = (0..<model.axes.count).map { here.position(ofAxis: $0) }
    let half = model.axes.count / 2
    var start = here.pose(of: LinkID(index: 0))
    start.position.y = -start.position.y
    var velocity = here.velocity(of: LinkID(index: 0))
    velocity.y = -velocity.y
    tasks[1] = tasks[0]
    there.place(at: start, velocity: velocity, positions: Array(positions[half...] + positions[..<half]))

    let recorder = env.spec.observations.map { ($0.name, $0.count) }
    let clock = recorder.prefix { $0.0 != "gait clock" }.reduce(0) { $0 + $1.1 }
    for step in 0..<25 {
      var rows = [[Float]](repeating: Array(repeating: 0, count: env.spec.observationCount), count: 2)
      for i in 0..<2 {
        var cursor = ObservationCursor(placing: env.spec.observations)
        var row = rows[i].mutableSpan
        if i == 0 { tasks[0].observe(here, &cursor, into: &row) } else { tasks[1].observe(there, &cursor, into: &row) }
      }
      let mirrored = mirror(rows[0], by: symmetry.observation)
      for column in 0..<clock {
        #expect(abs(mirrored[column] - rows[1][column]) < 1e-4, "step \(step), column \(column)")
      }
      // The clock runs on its own; half a stride apart both of its coordinates change sign.
      #expect(mirrored[clock] == -rows[0][clock] && mirrored[clock + 1] == -rows[0][clock + 1])

      let action = (0..<model.actuatedAxes.count).map { _ in Float(play.uniform(-0.5...0.5)) }
      let image = mirror(action, by: symmetry.action)
      try here.step(action.span)
      try there.step(image.span)
    }
  }
}
