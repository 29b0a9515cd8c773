import Environments
import Physics
import Robotics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A box that floats or slides on the ground, with a small rotor so that there is something to drive.
private struct Puck: Robot {
  let name = "puck"
  var physics = PhysicsSettings(hasGround: false, gravity: .zero)
  /// Of the rotor's bearing, N·m·s/rad.
  var damping = 0.0
  var body: Link {
    Link("box", .box(size: [0.4, 0.4, 0.1]), mass: 3, at: [0, 0, 0.05]) {
      Link(
        "rotor", .sphere(radius: 0.02), mass: 0.01, at: [0, 0, 0.1],
        joint: .hinge(
          Axis("spin", [0, 0, 1], dynamics: JointDynamics(damping: damping), actuator: .torque(limit: 0.001))))
    }
  }
}

/// Shows where the box is and how it moves.
private struct Watch: RobotTask {
  let summary = "is watched"
  let episodeSeconds = 4.0
  let endings: [String] = []
  var speed = 0.0

  mutating func prepare(for model: RobotModel) throws {}
  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
    sim.place(at: Pose(position: [random.uniform(-1...1), 0, 0.05]), velocity: [speed, 0, 0])
  }
  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    cursor.write("position", sim.pose(of: LinkID(index: 0)).position, into: &row)
    cursor.write("velocity", sim.velocity(of: LinkID(index: 0)), into: &row)
    cursor.write("rotor", sim.velocity(of: LinkID(index: 1)), for: .critic, into: &row)
    cursor.write("rotor rate", sim.velocity(ofAxis: 0), for: .critic, into: &row)
  }
  mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
    .running
  }
  func save(to writer: inout StateWriter) {}
  mutating func restore(from reader: inout StateReader) throws {}
}

extension DomainRandomization {
  fileprivate static func with(_ change: (inout DomainRandomization) -> Void) -> DomainRandomization {
    var randomization = DomainRandomization()
    change(&randomization)
    return randomization
  }

  /// All of them, drawn for each episode.
  fileprivate static var everything: DomainRandomization {
    .with {
      $0.friction = 0.5...1.5
      $0.mass = 0.8...1.3
      $0.strength = 0.7...1.1
      $0.latency = 0...0.06
      $0.noise = 0.01...0.1
    }
  }
}

@Suite struct DomainRandomizationTests {
  private let cart = Cart(actuator: .torque(limit: 10))

  private func cart(_ randomization: DomainRandomization, seconds: Double = 1) throws -> Driver<Probe> {
    try Driver(cart, Probe(episodeSeconds: seconds), randomization: randomization)
  }

  // Columns of the probe: clock, position, velocity, odd, torque, time, secret.
  private let velocity = 2
  private let torque = 4

  // MARK: None

  /// Ranges that round to nothing, so that all of the code runs, change no bit.
  @Test func noneChangeNoBit() throws {
    var plain = try Driver(cart, Probe())
    var idle = try cart(.with { $0.latency = 0...1e-9 }, seconds: 0.2)
    #expect(DomainRandomization().isOff)
    for seed in 0..<3 as Range<UInt64> {
      plain.reset(seed: seed)
      idle.reset(seed: seed)
      #expect(plain.observation == idle.observation)
      for step in 0..<10 {
        let action = Float(step % 5) / 5 - 0.4
        #expect(plain.step(action) == idle.step(action))
        #expect(plain.observation == idle.observation)
      }
    }
  }

  @Test func startsStayTheSame() throws {
    var plain = try Driver(cart, Probe())
    var randomized = try cart(.with { ($0.mass, $0.strength, $0.latency) = (2...3, 0.5...0.8, 0.01...0.1) })
    for seed in 0..<5 as Range<UInt64> {
      plain.reset(seed: seed)
      randomized.reset(seed: seed)
      #expect(plain.observation == randomized.observation)
    }
  }

  // MARK: Difficulty

  @Test func rangesGrowFromNothingWithDifficulty() {
    let all = DomainRandomization.everything
    #expect(all.eased(to: 1) == all)
    #expect(all.eased(to: 0).isOff)
    let half = all.eased(to: 0.5)
    #expect(half.friction == 0.75...1.25 && half.latency == 0...0.03 && half.noise == 0.005...0.05)
    #expect(abs(half.mass.lowerBound - 0.9) < 1e-12 && abs(half.mass.upperBound - 1.15) < 1e-12)
  }

  /// It holds from the next episode on, and is saved for the one under way and for the next.
  @Test func anEpisodeKeepsItsDifficulty() throws {
    var driver = try cart(.with { $0.strength = 0.4...0.4 })
    driver.env.difficulty = 0
    driver.reset(seed: 1)
    driver.env.difficulty = 1
    _ = driver.step(1)
    #expect(driver.observation[torque] == 10)
    var writer = StateWriter()
    driver.env.save(to: &writer)
    var other = try cart(.with { $0.strength = 0.4...0.4 })
    other.env.difficulty = 0.5
    var reader = StateReader(writer.bytes)
    try other.env.restore(from: &reader)
    _ = other.step(1)
    #expect(other.observation[torque] == 10)
    other.reset(seed: 1)
    _ = other.step(1)
    #expect(other.observation[torque] == 4)
  }

  // MARK: Mass, strength and friction

  @Test func aHeavierCartIsSlower() throws {
    for mass in [0.5, 1, 2] {
      var driver = try cart(.with { $0.mass = mass...mass })
      driver.reset(seed: 1)
      for _ in 0..<5 { _ = driver.step(1) }
      #expect(abs(Double(driver.observation[velocity]) - 10 / (2 * mass) * 0.1) < 1e-6)
    }
  }

  @Test func weakerMotorsGiveLess() throws {
    var driver = try cart(.with { $0.strength = 0.4...0.4 })
    driver.reset(seed: 1)
    _ = driver.step(1)
    #expect(driver.observation[torque] == 4)
    _ = driver.step(0.5)
    #expect(driver.observation[torque] == 2)
  }

  /// A sliding box comes to rest after v² / (2 μ g).
  @Test(arguments: [0.25, 0.5, 1]) func frictionStopsABox(_ friction: Double) throws {
    var driver = try Driver(
      Puck(physics: PhysicsSettings(substep: 0.002, substeps: 10)), Watch(speed: 1),
      randomization: .with { $0.friction = friction...friction })
    driver.reset(seed: 1)
    let start = driver.observation[0]
    for _ in 0..<100 { _ = driver.step(0) }
    #expect(abs(driver.observation[3]) < 1e-3)
    let exact = 1 / (2 * friction * 9.81)
    #expect(abs(Double(driver.observation[0] - start) - exact) < 0.06 * exact)
  }

  // MARK: Contacts and joints

  /// At rest a box on four points is m g / (4 k) deep, beside the layer that contacts are left.
  @Test(arguments: [0.1, 1, 10]) func aBoxSinksByTheContactsStiffness(_ scale: Double) throws {
    var driver = try Driver(
      Puck(physics: PhysicsSettings(substep: 0.002, substeps: 10)), Watch(),
      randomization: .with { $0.contactStiffness = scale...scale })
    driver.reset(seed: 1)
    for _ in 0..<150 { _ = driver.step(0) }
    let exact = 0.0005 + 3.01 * 9.81 / (4 * 1e5 * scale)
    #expect(abs(0.05 - Double(driver.observation[2]) - exact) < 1e-6 + 0.02 * exact)
  }

  /// A rotor under a constant torque τ comes to turn at τ / d.
  @Test(arguments: [0.5, 1, 4]) func dampingSlowsAJoint(_ scale: Double) throws {
    let physics = PhysicsSettings(hasGround: false, gravity: .zero)
    var driver = try Driver(
      Puck(physics: physics, damping: 0.0005), Watch(),
      randomization: .with { $0.jointDamping = scale...scale })
    driver.reset(seed: 1)
    for _ in 0..<100 { _ = driver.step(1) }
    let exact = 0.001 / (0.0005 * scale)
    #expect(abs(Double(driver.observation[9]) - exact) < 0.02 * exact)
  }

  /// As many episodes lie below the middle of the range, by its logarithm, as above it.
  @Test func softnessIsDrawnEvenlyOverItsLogarithm() throws {
    var driver = try Driver(
      Puck(physics: PhysicsSettings(substep: 0.002, substeps: 10)), Watch(),
      randomization: .with { $0.contactStiffness = 0.01...1 })
    var below = 0
    for seed in 0..<40 as Range<UInt64> {
      driver.reset(seed: seed)
      for _ in 0..<60 { _ = driver.step(0) }
      // As deep as at a tenth of the stiffness.
      if 0.05 - Double(driver.observation[2]) > 0.0005 + 3.01 * 9.81 / 4e4 { below += 1 }
    }
    // Six standard deviations either way.
    #expect((1...39).contains(below) && abs(below - 20) < 19)
  }

  // MARK: Latency

  /// Of n physics steps with full force, those before the first action's arrival bring nothing.
  @Test(arguments: [0, 1, 2, 3, 4, 5, 8, 11]) func anActionTakesEffectLater(_ delay: Int) throws {
    let latency = 0.005 * Double(delay)
    var driver = try cart(.with { $0.latency = latency...latency })
    driver.reset(seed: 1)
    for step in 1...10 {
      // Full force once, then none: it acts for four physics steps, `delay` steps later.
      _ = driver.step(step == 1 ? 1 : 0)
      let acted = min(max(4 * step - delay, 0), 4)
      #expect(abs(Double(driver.observation[velocity]) - 5 * 0.005 * Double(acted)) < 1e-6, "step \(step)")
    }
  }

  @Test func aNewEpisodeForgetsActionsUnderWay() throws {
    var driver = try cart(.with { $0.latency = 0.03...0.03 })
    driver.reset(seed: 1)
    for _ in 0..<3 { _ = driver.step(1) }
    driver.reset(seed: 1)
    _ = driver.step(0)
    #expect(driver.observation[velocity] == 0)
  }

  // MARK: Pushes

  @Test(arguments: [false, true]) func aPushIsAJumpInVelocity(_ isPlanar: Bool) throws {
    var driver = try Driver(
      Puck(physics: PhysicsSettings(isPlanar: isPlanar, hasGround: false, gravity: .zero)), Watch(),
      randomization: .with { ($0.push, $0.pushInterval) = (0.5...0.5, 0.4) })
    var directions: Set<Float> = []
    for seed in 0..<6 as Range<UInt64> {
      driver.reset(seed: seed)
      var before: [Float] = [0, 0, 0]
      var jumps: [Int] = []
      for step in 0..<100 {
        _ = driver.step(0)
        let now = Array(driver.observation[3..<6])
        let change = zip(now, before).map { $0 - $1 }
        before = now
        guard change.contains(where: { abs($0) > 1e-6 }) else { continue }
        jumps.append(step)
        #expect(abs(hypot(change[0], change[1]) - 0.5) < 1e-6 && abs(change[2]) < 1e-6)
        if isPlanar { #expect(change[1] == 0) }
        directions.insert(atan2(change[1], change[0]))
      }
      // The first comes in the first 0.4 s, but not at once; then one every 20 control steps.
      #expect((1...20).contains(jumps[0]))
      #expect(jumps == (0..<jumps.count).map { jumps[0] + 20 * $0 } && jumps.count >= 4)
    }
    #expect(isPlanar ? directions.count == 2 : directions.count > 20)
  }

  // MARK: Noise

  @Test func noiseIsNormalAndForThePolicyAlone() throws {
    var plain = try cart(.with { $0.latency = 0...1e-9 }, seconds: 100)
    let units: [Float] = [0, 1, 2, 0.5, 0, 3]
    var noisy = try cart(.with { ($0.noise, $0.noiseUnits) = (0.1...0.1, units) }, seconds: 100)
    plain.reset(seed: 3)
    noisy.reset(seed: 3)
    var errors = Array(repeating: [Double](), count: 7)
    for step in 0..<4000 {
      for column in 0..<7 { errors[column].append(Double(noisy.observation[column] - plain.observation[column])) }
      let action: Float = step % 2 == 0 ? 0.1 : -0.1
      _ = plain.step(action)
      _ = noisy.step(action)
    }
    for (column, unit) in units.enumerated() {
      let (sample, expected) = (errors[column], 0.1 * Double(unit))
      let mean = sample.reduce(0, +) / Double(sample.count)
      let std = (sample.reduce(0) { $0 + $1 * $1 } / Double(sample.count)).squareRoot()
      #expect(abs(mean) <= 0.06 * expected, "column \(column)")
      // Single precision leaves a little.
      #expect(abs(std - expected) <= 0.05 * expected + 1e-6, "column \(column)")
    }
    #expect(errors[6].allSatisfy { $0 == 0 })
  }

  // MARK: Ranges

  /// The force that a full action gives tells the strength that was drawn.
  @Test func rangesAreDrawnForEachEpisode() throws {
    let strengths = { (randomization: DomainRandomization) throws -> [Float] in
      var driver = try cart(randomization)
      return (0..<200 as Range<UInt64>).map { seed in
        driver.reset(seed: seed)
        _ = driver.step(1)
        return driver.observation[torque] / 10
      }
    }
    let drawn = try strengths(.with { $0.strength = 0.5...1.5 })
    #expect(Set(drawn).count == 200 && drawn.allSatisfy { (0.5...1.5).contains($0) })
    #expect(abs(drawn.reduce(0, +) / 200 - 1) < 0.07)
    #expect(drawn.count { $0 < 0.75 } > 30 && drawn.count { $0 > 1.25 } > 30)
    // With another range in use the same strengths are drawn.
    #expect(try strengths(.with { ($0.strength, $0.mass, $0.friction) = (0.5...1.5, 0.5...2, 0.1...2) }) == drawn)
  }

  // MARK: Bits

  @Test func aRestoredEpisodeGoesOnToTheBit() throws {
    var randomization = DomainRandomization.everything
    (randomization.push, randomization.pushInterval) = (0.1...0.5, 0.1)
    let robot = Puck(physics: PhysicsSettings())
    let make = { try Driver(robot, Watch(speed: 1), randomization: randomization, measuresEffort: true) }
    var one = try make()
    one.reset(seed: 1)
    for step in 0..<13 { _ = one.step(Float(step % 5) / 5 - 0.4) }
    let bytes = one.saved
    var fresh = try make()
    var used = try make()
    used.reset(seed: 77)
    for _ in 0..<20 { _ = used.step(1) }
    try fresh.restore(bytes)
    try used.restore(bytes)
    #expect(fresh.saved == bytes && used.saved == bytes)
    for step in 13..<60 {
      let action = Float(step % 5) / 5 - 0.4
      let expected = one.step(action)
      #expect(fresh.step(action) == expected && used.step(action) == expected)
      #expect(fresh.observation == one.observation && used.observation == one.observation)
    }
    #expect(fresh.metrics.map(\.bitPattern) == one.metrics.map(\.bitPattern) && fresh.saved == one.saved)
    for count in 0..<bytes.count { #expect(throws: (any Error).self) { try used.restore(Array(bytes.prefix(count))) } }
  }

  @Test func aFaultDoesNotEndTheRandomization() throws {
    var one = try cart(.with { ($0.mass, $0.strength) = (2...2, 0.5...0.9) })
    one.reset(seed: 1)
    #expect(one.step(.nan).ending != .running)
    var other = try cart(.with { ($0.mass, $0.strength) = (2...2, 0.5...0.9) })
    one.reset(seed: 2)
    other.reset(seed: 2)
    for _ in 0..<5 { #expect(one.step(1) == other.step(1)) }
    #expect(one.observation == other.observation && other.observation[torque] < 9)
  }

  @Test func threadsChangeNoBit() throws {
    let entry = Catalog.Entry("cart", cart, Probe(episodeSeconds: 1))
    let life = { (threads: Int) throws -> [UInt64] in
      let envs = try entry.makeVectorEnv(
        count: 10, shards: 5, seed: 4, randomization: .everything, measuresEffort: true)
      envs.collect(steps: 120, with: RandomPolicy(spec: envs.spec), on: Workers(threads: threads))
      return (0..<5).flatMap { shard in
        let rollout = envs.rollout(ofShard: shard)
        return rollout.observations.map { UInt64($0.bitPattern) } + rollout.episodeMetrics.map(\.bitPattern)
      }
    }
    let reference = try life(1)
    #expect(try life(2) == reference)
    #expect(try life(3) == reference)
  }

  // MARK: What cannot be

  @Test func impossibleRandomizationThrows() throws {
    let wrong: [(DomainRandomization, String)] = [
      (.with { $0.push = 1...1 }, "cannot be pushed"),
      (.with { $0.mass = 0...1 }, "mass is 0.0...1.0"),
      (.with { $0.strength = 1...1e9 }, "strength is"),
      (.with { $0.friction = -1...1 }, "friction is"),
      (.with { $0.latency = 0...11 }, "latency is"),
      (.with { $0.noise = -1...1 }, "noise is"),
      (.with { ($0.noise, $0.noiseUnits) = (1...1, [1, 2]) }, "each of the 6 columns"),
      (.with { ($0.noise, $0.noiseUnits) = (1...1, [1, 2, 3, 4, 5, .nan]) }, "each of the 6 columns"),
      (.with { ($0.mass, $0.pushInterval) = (2...2, 0) }, "interval of pushes is 0.0"),
    ]
    for (randomization, text) in wrong {
      let error = #expect(throws: RobotError.self) { _ = try cart(randomization) }
      #expect(error?.description.contains(text) == true, "\(text)")
    }
    let entry = Catalog.Entry("toy", summary: "") { try RobotEnv(Cart(actuator: .torque(limit: 1)), Probe()) }
    #expect(throws: RobotError.self) {
      try entry.makeVectorEnv(count: 1, seed: 1, randomization: .with { $0.mass = 2...2 })
    }
    #expect(try entry.model() == nil && entry.makeVectorEnv(count: 1, seed: 1, measuresEffort: true).count == 1)
  }
}
