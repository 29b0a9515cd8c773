import Physics
import Testing

/// The state of a world as bits, so that −0 and the last digit count.
private func bits(_ world: borrowing World) -> [UInt64] {
  var numbers: [Double] = []
  world.snapshot(into: &numbers)
  return numbers.map(\.bitPattern)
}

@Suite struct CommandLogTests {
  /// A biped that walks about, is pushed and is put somewhere else, then repeated twice by the engine alone.
  @Test(arguments: [Drive.Form.implicit, .explicit], [Solver.direct, .quick(iterations: 8)])
  func theEngineRepeatsTheStepsToTheBit(_ form: Drive.Form, _ solver: Solver) throws {
    var biped = try Models.Biped.make(WorldSettings(solver: solver), form: form)
    func run(_ biped: inout Models.Biped, _ phases: Range<Int>) throws {
      for phase in phases {
        biped.aim(phase)
        if phase % 7 == 0 { biped.world.applyForce(Vector3(30, 10, 0), to: biped.torso, at: Vector3(0, 0, 1)) }
        if phase % 20 == 0 { biped.world.setVelocity(of: biped.torso, linear: Vector3(0, 0, 0.5), angular: .zero) }
        try biped.world.step(4)
      }
    }
    try run(&biped, 0..<10)
    try biped.world.startCommandLog()
    try run(&biped, 10..<60)
    // What is done after the last step belongs to it as well.
    biped.world.setVelocity(of: biped.torso, linear: Vector3(0.1, 0, 0), angular: .zero)
    let end = bits(biped.world)
    try biped.world.rerunCommandLog()
    #expect(bits(biped.world) == end)

    biped.world.setPose(of: biped.torso, Pose(position: Vector3(5, 5, 5)))
    biped.world.setVelocity(of: biped.feet[0], linear: Vector3(1, 2, 3), angular: Vector3(4, 5, 6))
    #expect(bits(biped.world) != end)
    try biped.world.rerunCommandLog()
    #expect(bits(biped.world) == end)

    // It goes on as if nothing had happened.
    try run(&biped, 60..<80)
    var twin = try Models.Biped.make(WorldSettings(solver: solver), form: form)
    try run(&twin, 0..<60)
    twin.world.setVelocity(of: twin.torso, linear: Vector3(0.1, 0, 0), angular: .zero)
    try run(&twin, 60..<80)
    #expect(bits(biped.world) == bits(twin.world))
  }

  /// Rows that hold a body in a plane, and a slider's force.
  @Test func planesAndSlidersAreRepeated() throws {
    var world = try World()
    try world.addGround()
    let cart = try world.addBody(
      Models.body("cart", .box(size: Vector3(0.4, 0.3, 0.2)), mass: 3, at: Vector3(0, 0, 0.3)))
    let mast = try world.addBody(
      Models.body("mast", .capsule(radius: 0.05, length: 0.3), mass: 1, at: Vector3(0, 0, 0.8)))
    let joint = try world.addJoint(
      JointDefinition(
        name: "lift", kind: .slider, parent: cart, child: mast, anchor: Vector3(0, 0, 0.6),
        axes: [JointAxis(.unitZ, lower: -0.1, upper: 0.3)]))
    let actuator = try world.addActuator(joint, .position(stiffness: 500, damping: 20, maxTorque: 100))
    try world.constrain(cart, to: .xz)
    world.setTarget(actuator, 0.2)
    try world.startCommandLog()
    world.applyForce(Vector3(20, 5, 0), to: cart)
    for _ in 0..<20 { try world.step(4) }
    let end = bits(world)
    try world.rerunCommandLog()
    #expect(bits(world) == end)
    world.setPose(of: mast, Pose(position: Vector3(0, 0, 9)))
    #expect(bits(world) != end)
    try world.rerunCommandLog()
    #expect(bits(world) == end)
  }

  @Test func withoutALogNothingHappens() throws {
    var biped = try Models.Biped.make()
    try biped.world.step(4)
    let before = bits(biped.world)
    try biped.world.rerunCommandLog()
    #expect(bits(biped.world) == before)
  }
}
