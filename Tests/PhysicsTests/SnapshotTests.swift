import Physics
import Testing

/// The state of a world as bits, so that −0 and the last digit count.
private func bits(_ world: borrowing World) -> [UInt64] {
  var numbers: [Double] = []
  world.snapshot(into: &numbers)
  return numbers.map(\.bitPattern)
}

@Suite struct SnapshotTests {
  /// Runs a biped on, restored in place and in a fresh world, and compares every bit.
  @Test(arguments: [Drive.Form.implicit, .explicit], [Solver.direct, .quick(iterations: 8)])
  func restoringIsExact(_ form: Drive.Form, _ solver: Solver) throws {
    let settings = WorldSettings(solver: solver)
    var biped = try Models.Biped.make(settings, form: form)
    for phase in 0..<60 {
      biped.aim(phase)
      try biped.world.step(4)
    }
    biped.world.setGroundFriction(0.7)
    biped.world.setStrength(biped.actuators[1], 0.8)
    biped.world.applyForce(Vector3(5, 3, 0), to: biped.torso)
    var snapshot: [Double] = []
    biped.world.snapshot(into: &snapshot)
    #expect(snapshot.count == biped.world.snapshotCount)

    var fresh = try Models.Biped.make(settings, form: form)
    try fresh.world.restore(from: snapshot.span)
    #expect(bits(fresh.world) == snapshot.map(\.bitPattern))

    func run(_ biped: inout Models.Biped) throws -> [UInt64] {
      var trace: [UInt64] = []
      for phase in 60..<160 {
        biped.aim(phase)
        try biped.world.step(4)
        trace += bits(biped.world)
      }
      return trace
    }
    let first = try run(&biped)
    try biped.world.restore(from: snapshot.span)
    #expect(try run(&biped) == first)
    #expect(try run(&fresh) == first)
  }

  @Test func quaternionsAreKeptToTheBit() throws {
    var world = try World()
    let body = try world.addBody(Models.body("body", .sphere(radius: 1), mass: 1))
    let q = Quaternion(roll: 0.3, pitch: -0.7, yaw: 2.1)
    world.setPose(of: body, Pose(position: Vector3(1, 2, 3), orientation: q))
    #expect(world.pose(of: body) == Pose(position: Vector3(1, 2, 3), orientation: q))
  }

  /// Every number of a sound snapshot in turn becomes one that no world can be in.
  @Test func oddNumbersAreRefusedOrHarmless() throws {
    var biped = try Models.Biped.make(WorldSettings())
    for phase in 0..<10 {
      biped.aim(phase)
      try biped.world.step(4)
    }
    var sound: [Double] = []
    biped.world.snapshot(into: &sound)
    var refused = 0
    for index in sound.indices {
      for odd in [Double.nan, .infinity, -1e300, 0x1p62, -1] {
        var snapshot = sound
        snapshot[index] = odd
        if refuses(&biped.world, snapshot) {
          refused += 1
          continue
        }
        // What is not refused goes on, or fails as worlds do.
        try? biped.world.step(4)
        biped = try Models.Biped.make(WorldSettings())
      }
    }
    #expect(refused > 2 * sound.count)
    #expect(!refuses(&biped.world, sound))
  }

  /// Whether a world refuses a snapshot.
  private func refuses(_ world: inout World, _ snapshot: [Double]) -> Bool {
    do {
      try world.restore(from: snapshot.span)
      return false
    } catch {
      return true
    }
  }

  @Test func strangersAreRefused() throws {
    var biped = try Models.Biped.make()
    var snapshot: [Double] = []
    biped.world.snapshot(into: &snapshot)
    let before = bits(biped.world)
    var wrong = [[Double]](repeating: snapshot, count: 3)
    wrong[0].removeLast()
    wrong[1][0] += 1
    wrong[2][5] = .nan
    for wrong in wrong {
      let isRefused = refuses(&biped.world, wrong)
      #expect(isRefused)
    }
    let after = bits(biped.world)
    #expect(after == before)
  }

  /// A planar robot too goes on to the same bits.
  @Test func planarRestoringIsExact() throws {
    func build(_ world: inout World) throws -> BodyID {
      try world.addGround()
      let body = try world.addBody(
        Models.body("box", .box(size: Vector3(0.2, 0.3, 0.4)), mass: 1, at: Vector3(0, 0, 0.5)))
      try world.constrain(body, to: .xz)
      return body
    }
    var world = try World()
    let body = try build(&world)
    world.applyTorque(Vector3(0, 10, 0), to: body)
    try world.step(60)
    var snapshot: [Double] = []
    world.snapshot(into: &snapshot)
    var fresh = try World()
    _ = try build(&fresh)
    try fresh.restore(from: snapshot.span)
    for _ in 0..<100 {
      try world.step(4)
      try fresh.step(4)
    }
    #expect(bits(world) == bits(fresh))
  }
}

/// A world that several tasks step in turn.
private actor Owner {
  private var biped: Models.Biped

  init() throws { biped = try Models.Biped.make(WorldSettings()) }

  func step(_ phase: Int) throws -> [UInt64] {
    biped.aim(phase)
    try biped.world.step(4)
    return bits(biped.world)
  }
}

@Suite struct ThreadTests {
  /// Runs one biped with targets of its own; another seed, another motion.
  private static func run(_ seed: Int, _ solver: Solver) throws -> [UInt64] {
    var biped = try Models.Biped.make(WorldSettings(solver: solver))
    for phase in 0..<60 {
      biped.aim(phase + 7 * seed)
      try biped.world.step(4)
    }
    return bits(biped.world)
  }

  /// Many worlds on several threads, each giving the bits that it gives alone.
  @Test(arguments: [2, 3])
  func threadsChangeNoBit(_ threads: Int) async throws {
    let count = 24
    let solver = { @Sendable (seed: Int) -> Solver in seed % 3 == 0 ? .quick(iterations: 8) : .direct }
    let alone = try (0..<count).map { try ThreadTests.run($0, solver($0)) }
    let together = try await withThrowingTaskGroup(of: [(Int, [UInt64])].self) { group in
      for thread in 0..<threads {
        group.addTask {
          try stride(from: thread, to: count, by: threads).map { ($0, try ThreadTests.run($0, solver($0))) }
        }
      }
      var results = [[UInt64]](repeating: [], count: count)
      for try await part in group {
        for (index, bits) in part { results[index] = bits }
      }
      return results
    }
    #expect(together == alone)
  }

  /// A world may change threads between steps.
  @Test func worldsMayMoveBetweenThreads() async throws {
    let owner = try Owner()
    var last: [UInt64] = []
    for phase in 0..<60 {
      // A detached task runs wherever the pool has a free thread.
      last = try await Task.detached { try await owner.step(phase) }.value
    }
    #expect(try ThreadTests.run(0, .direct) == last)
  }
}
