import Physics
import Testing

/// Definitions that cannot be simulated are refused with a line that says why, and leave the world as it was.
@Suite struct DefinitionTests {
  static let badSettings: [WorldSettings] = [
    WorldSettings(gravity: Vector3(0, 0, .nan)),
    WorldSettings(substep: 0),
    WorldSettings(substep: -0.001),
    WorldSettings(substep: .nan),
    WorldSettings(substep: .infinity),
    WorldSettings(solver: .quick(iterations: 0)),
    WorldSettings(solver: .quick(iterations: 9)),
    WorldSettings(erp: 0),
    WorldSettings(erp: .nan),
    WorldSettings(cfm: -1),
    WorldSettings(cfm: .nan),
    WorldSettings(contact: ContactSettings(softness: .springDamper(stiffness: 0, damping: 1))),
    WorldSettings(contact: ContactSettings(softness: .springDamper(stiffness: 1, damping: .nan))),
    WorldSettings(contact: ContactSettings(softness: .mixing(erp: 2, cfm: 0))),
    WorldSettings(contact: ContactSettings(maxCorrectingVelocity: 0)),
    WorldSettings(contact: ContactSettings(surfaceLayer: -1)),
  ]

  @Test(arguments: badSettings)
  func settingsOutOfRangeThrow(_ settings: WorldSettings) {
    #expect(throws: PhysicsError.self) { _ = try World(settings) }
  }

  static let badShapes: [Shape] = [
    .sphere(radius: 0), .sphere(radius: -1), .sphere(radius: .nan), .sphere(radius: .infinity),
    .box(size: Vector3(1, 1, 0)), .box(size: Vector3(1, .nan, 1)), .capsule(radius: 0.1, length: -1),
    .capsule(radius: 0.1, length: 0), .cylinder(radius: .nan, length: 1), .cylinder(radius: 1, length: .infinity),
  ]

  @Test(arguments: badShapes)
  func shapesThatCannotBeThrow(_ shape: Shape) throws {
    var world = try World()
    let mass = try MassProperties(.sphere(radius: 1), mass: 1)
    let definition = BodyDefinition(name: "body", mass: mass, colliders: [Collider(shape)])
    #expect(throws: PhysicsError.self) { try world.addBody(definition) }
    #expect(world.bodyCount == 0)
  }

  @Test func bodiesThatCannotBeThrow() throws {
    var world = try World()
    let good = try Models.body("body", .sphere(radius: 1), mass: 1)
    var bodies = [BodyDefinition](repeating: good, count: 7)
    bodies[0].mass.mass = 0
    bodies[1].mass.mass = .nan
    bodies[2].mass.inertia.diagonal.y = -1
    bodies[3].pose.position.x = .nan
    bodies[4].pose.orientation = Quaternion(w: 0, x: 0, y: 0, z: 0)
    bodies[5].colliders[0].friction = -1
    bodies[6].colliders[0].pose.orientation.w = .infinity
    for body in bodies { #expect(throws: PhysicsError.self) { try world.addBody(body) } }
    #expect(world.bodyCount == 0)
  }

  @Test func jointsThatCannotBeThrow() throws {
    var world = try World()
    let a = try world.addBody(Models.body("a", .sphere(radius: 1), mass: 1))
    let b = try world.addBody(Models.body("b", .sphere(radius: 1), mass: 1))
    let good = JointDefinition(
      name: "joint", kind: .hinge, parent: a, child: b, anchor: .zero, axes: [JointAxis(.unitX, lower: -1, upper: 1)])
    var joints = [JointDefinition](repeating: good, count: 16)
    joints[0].axes[0].lower = 2
    joints[1].axes[0].lower = .nan
    joints[2].axes[0].upper = 3.2
    joints[3].axes[0].direction = .zero
    joints[4].axes[0].direction = Vector3(.nan, 0, 0)
    joints[5].axes = []
    joints[6].kind = .universal
    joints[7].kind = .universal
    joints[7].axes = [JointAxis(.unitX), JointAxis(Vector3(1, 1, 0))]
    joints[8].anchor.z = .infinity
    joints[9].child = a
    joints[10].stopERP = 0
    joints[11].stopCFM = -1
    joints[12].axes[0].dynamics.damping = -1
    joints[13].axes[0].dynamics.stiffness = .infinity
    joints[14].axes[0].dynamics.armature = .nan
    joints[15].axes[0].dynamics.rest = .infinity
    for joint in joints { #expect(throws: PhysicsError.self) { try world.addJoint(joint) } }
    #expect(world.jointCount == 0)

    var big = try World()
    for _ in 0..<3 { _ = try big.addBody(Models.body("other", .sphere(radius: 1), mass: 1)) }
    let stranger = try big.addBody(Models.body("stranger", .sphere(radius: 1), mass: 1))
    var foreign = good
    foreign.child = stranger
    #expect(throws: PhysicsError.self) { try world.addJoint(foreign) }

    _ = try world.addJoint(good)
    try world.step()
    #expect(throws: PhysicsError.self) { try world.addJoint(good) }
    #expect(throws: PhysicsError.self) { try world.constrain(a, to: .xz) }
  }

  static let badDrives: [Drive] = [
    .position(stiffness: -1, damping: 1, maxTorque: 1), .position(stiffness: .nan, damping: 1, maxTorque: 1),
    .position(stiffness: 0, damping: 0, maxTorque: 1), .position(stiffness: 1, damping: .infinity, maxTorque: 1),
    .position(stiffness: 1, damping: 1, maxTorque: 0), .position(stiffness: 1, damping: 1, maxTorque: .nan),
    .velocity(gain: 0, maxTorque: 1), .velocity(gain: .nan, maxTorque: 1), .velocity(maxTorque: -1),
    .torque(maxTorque: 0), .torque(maxTorque: .nan),
  ]

  @Test(arguments: badDrives)
  func drivesThatCannotBeThrow(_ drive: Drive) throws {
    var pendulum = try Models.Pendulum.make(WorldSettings())
    let joint = pendulum.joint
    #expect(throws: PhysicsError.self) { try pendulum.world.addActuator(joint, drive) }
    #expect(pendulum.world.actuatorCount == 0)
  }

  @Test func anAxisTakesOneActuator() throws {
    var pendulum = try Models.Pendulum.make(WorldSettings())
    let joint = pendulum.joint
    _ = try pendulum.world.addActuator(joint, .torque(maxTorque: 1))
    #expect(throws: PhysicsError.self) { try pendulum.world.addActuator(joint, .torque(maxTorque: 1)) }
    #expect(throws: PhysicsError.self) { try pendulum.world.addActuator(joint, axis: 1, .torque(maxTorque: 1)) }
  }

  @Test func aWorldTakesOneSaneGround() throws {
    var world = try World()
    #expect(throws: PhysicsError.self) { try world.addGround(Ground(height: .nan)) }
    #expect(throws: PhysicsError.self) { try world.addGround(Ground(friction: -1)) }
    try world.addGround(Ground(height: 2))
    #expect(world.ground?.height(at: Vector3(5, 5, 5)) == 2)
    #expect(throws: PhysicsError.self) { try world.addGround() }
  }

  @Test func aStepHasASubstep() throws {
    var world = try World()
    #expect(throws: PhysicsError.self) { try world.step(0) }
    #expect(throws: PhysicsError.self) { try world.step(-3) }
    try world.step()
    #expect(world.fault == nil)
  }

  @Test func errorsSayWhatIsWrongInOneLine() throws {
    let error = try #require(throws: PhysicsError.self) { _ = try World(WorldSettings(substep: 0)) }
    #expect(error.description == "world settings: the substep must be above 0 and at most 0.1 s, not 0.0")
  }
}
