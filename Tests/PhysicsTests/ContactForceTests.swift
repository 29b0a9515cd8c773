import Physics
import TestSupport
import Testing

@Suite struct ContactForceTests {
  /// A box of 2 kg on the ground, with one of 0.5 kg on it where there are two.
  private func stack(
    _ count: Int = 2, solver: Solver = .direct, measures: Bool = true, tilt: Double = 0
  ) throws -> World {
    let gravity = Quaternion(angle: tilt, axis: .unitY).act(on: [0, 0, -9.81])
    var world = try World(WorldSettings(gravity: gravity, substep: 0.002, solver: solver))
    try world.addGround(Ground(friction: 1))
    for (number, mass) in [2, 0.5].prefix(count).enumerated() {
      let shape = Shape.box(size: [0.4, 0.4, 0.2])
      _ = try world.addBody(
        BodyDefinition(
          name: "box \(number)", pose: Pose(position: [0, 0, 0.1 + 0.2 * Double(number)]),
          mass: try MassProperties(shape, mass: mass), colliders: [Collider(shape)]))
    }
    if measures { world.measureContactForces() }
    return world
  }

  private let lower = BodyID(index: 0)
  private let upper = BodyID(index: 1)

  @Test(arguments: [Solver.direct, .quick(iterations: 8)])
  func whatRestsWeighsAsMuchAsGravityPulls(_ solver: Solver) throws {
    var world = try stack(solver: solver)
    #expect(world.groundForce(on: lower) == .zero)
    try world.step(1_000)
    try world.step(10)
    let (weight, load) = (2 * 9.81, 0.5 * 9.81)
    #expect(abs(world.groundForce(on: lower).z - weight - load) < 0.005 * weight)
    #expect(world.groundForce(on: upper) == .zero)
    // The upper box presses on the lower as hard as it is held.
    #expect(abs(world.contactForce(on: upper).z - load) < 0.005 * weight)
    #expect((world.contactForce(on: lower) + world.contactForce(on: upper)).length < 1e-9)
  }

  /// On a slope of 20° friction holds the part of the weight along it.
  @Test func frictionIsPartOfTheForce() throws {
    let tilt = 20 * Double.pi / 180
    var world = try stack(1, tilt: tilt)
    try world.step(1_000)
    let force = world.groundForce(on: lower)
    let expected = Quaternion(angle: tilt, axis: .unitY).act(on: [0, 0, 2 * 9.81])
    #expect((force - expected).length < 0.01 * 2 * 9.81, "\(force)")
  }

  /// In free fall nothing is felt; a landing is felt as the momentum that it takes.
  @Test func theMeanOverALandingIsItsImpulse() throws {
    var world = try stack(1)
    world.setPose(of: lower, Pose(position: [0, 0, 0.3]))
    world.forgetLastStep()
    try world.step(50)
    #expect(world.groundForce(on: lower) == .zero)
    let before = world.linearVelocity(of: lower).z
    try world.step(450)
    let gained = 2 * (world.linearVelocity(of: lower).z - before)
    let impulse = 0.9 * (world.groundForce(on: lower).z - 2 * 9.81)
    #expect(abs(impulse - gained) < 1e-6 * abs(gained), "\(impulse) of \(gained)")
  }

  @Test func aSnapshotHoldsThem() throws {
    var world = try stack()
    try world.step(137)
    var snapshot: [Double] = []
    world.snapshot(into: &snapshot)
    #expect(snapshot.count == world.snapshotCount)
    let forces = [world.groundForce(on: lower), world.contactForce(on: upper)]
    try world.step(20)
    let later = world.groundForce(on: lower)
    #expect(later != forces[0])
    var fresh = try stack()
    try fresh.restore(from: snapshot.span)
    #expect([fresh.groundForce(on: lower), fresh.contactForce(on: upper)] == forces)
    try fresh.step(20)
    #expect(fresh.groundForce(on: lower) == later)
    fresh.forgetLastStep()
    #expect(fresh.groundForce(on: lower) == .zero)
    // A world that measures nothing keeps the snapshots that it always had.
    let plain = try stack(measures: false)
    #expect(plain.snapshotCount == world.snapshotCount - 12)
    #expect(!plain.measuresContactForces && world.measuresContactForces)
  }

  @Test(.enabled(if: test_counts_allocations() != 0)) func measuringAllocatesNothing() throws {
    var world = try stack()
    try world.step(500)
    let before = test_allocation_count()
    try world.step(500)
    #expect(test_allocation_count() == before)
  }
}
