import Physics
import Testing

/// Heavier bodies, sudden pushes, targets that change within a step, and what actuators tell of their effort.
@Suite struct DisturbanceTests {
  // MARK: Mass

  /// A heavier body sinks deeper into its contact's spring: m g / k.
  @Test(arguments: [0.5, 1, 2]) func massScalesAStaticLoad(_ scale: Double) throws {
    let contact = ContactSettings(softness: .springDamper(stiffness: 1e4, damping: 200), surfaceLayer: 0.001)
    var world = try World(WorldSettings(substep: 0.002, contact: contact))
    try world.addGround()
    let ball = try world.addBody(Models.body("ball", .sphere(radius: 0.2), mass: 5, at: Vector3(0, 0, 0.2)))
    world.setMassScale(of: ball, scale)
    try world.step(2000)
    #expect(near(0.2 - world.pose(of: ball).position.z, 0.001 + scale * 5 * 9.81 / 1e4, 1e-5))
    #expect(world.totalMass == 5 * scale)
  }

  /// Neither falling nor swinging asks how heavy a body is.
  @Test func massChangesNoFallAndNoSwing() throws {
    let swing = { (scale: Double) throws -> [Double] in
      var pendulum = try Models.Pendulum.make(WorldSettings(substep: 0.002))
      pendulum.world.setMassScale(of: pendulum.rod, scale)
      pendulum.place(0.7)
      var angles: [Double] = []
      for _ in 0..<200 {
        try pendulum.world.step(5)
        angles.append(pendulum.angle)
      }
      return angles
    }
    for (light, heavy) in zip(try swing(1), try swing(3)) { #expect(near(light, heavy, 1e-5)) }

    var world = try World(WorldSettings(substep: 0.002))
    let ball = try world.addBody(Models.body("ball", .sphere(radius: 0.2), mass: 5, at: Vector3(0, 0, 9)))
    world.setMassScale(of: ball, 7)
    try world.step(500)
    #expect(near(world.centerOfMassVelocity(of: ball).z, -9.81, 1e-9))
  }

  /// A motor moves twice the inertia half as fast, also at a stop, where the world computes the torque itself.
  @Test(arguments: [Drive.torque(maxTorque: 2), .velocity(maxTorque: 2)]) func massScalesInertia(_ drive: Drive) throws
  {
    let rate = { (scale: Double) throws -> Double in
      var pendulum = try Models.Pendulum.make(WorldSettings(gravity: .zero, substep: 0.002), lower: 0, upper: 3)
      let motor = try pendulum.world.addActuator(pendulum.joint, drive)
      pendulum.world.setMassScale(of: pendulum.rod, scale)
      pendulum.place(0)
      pendulum.world.setTarget(motor, 100)
      try pendulum.world.step(50)
      return pendulum.rate
    }
    #expect(near(try rate(1), 0.1 * 2 / Models.pendulumInertia, 1e-4))
    #expect(near(try rate(2), 0.1 * 1 / Models.pendulumInertia, 1e-4))
  }

  @Test(arguments: [0, -1, 1e4, .nan, .infinity]) func impossibleMassesAreFaults(_ scale: Double) throws {
    var world = try World()
    let ball = try world.addBody(Models.body("ball", .sphere(radius: 0.2), mass: 5))
    world.setMassScale(of: ball, scale)
    let error = #expect(throws: PhysicsError.self) { try world.step() }
    #expect(error.map { "\($0)" }?.contains("mass scale") == true)
  }

  @Test func aSnapshotKeepsMasses() throws {
    var biped = try Models.Biped.make()
    var plain: [Double] = []
    biped.world.snapshot(into: &plain)
    biped.world.setMassScale(of: biped.torso, 1.5)
    for phase in 0..<20 {
      biped.aim(phase)
      try biped.world.step(4)
    }
    var snapshot: [Double] = []
    biped.world.snapshot(into: &snapshot)
    var fresh = try Models.Biped.make()
    try fresh.world.restore(from: snapshot.span)
    #expect(fresh.world.totalMass == biped.world.totalMass)
    for phase in 20..<60 {
      biped.aim(phase)
      fresh.aim(phase)
      try biped.world.step(4)
      try fresh.world.step(4)
    }
    let (position, freshPosition) = (biped.world.centerOfMass, fresh.world.centerOfMass)
    #expect(position == freshPosition)

    // And back: the lighter torso of before, to the bit.
    try fresh.world.restore(from: plain.span)
    #expect(fresh.world.totalMass == 36)
    for scale in [0, -1, .nan, 1e9] {
      var damaged = snapshot
      // The last of the first body's numbers.
      damaged[14 + 32] = scale
      let error = #expect(throws: PhysicsError.self) { try fresh.world.restore(from: damaged.span) }
      #expect(error.map { "\($0)" }?.contains("scales a mass") == true)
    }
  }

  // MARK: Pushes and targets

  @Test func aPushChangesTheVelocityByExactlySoMuch() throws {
    var world = try World(WorldSettings(gravity: .zero))
    let body = try world.addBody(Models.body("body", .box(size: Vector3(0.1, 0.2, 0.3)), mass: 2))
    world.setVelocity(of: body, linear: Vector3(0.5, 0, 0), angular: Vector3(0, 0, 0.25))
    world.addVelocity(Vector3(0.25, -0.5, 0), to: body)
    #expect(world.centerOfMassVelocity(of: body) == Vector3(0.75, -0.5, 0))
    #expect(world.angularVelocity(of: body) == Vector3(0, 0, 0.25))
    world.addVelocity(Vector3(.nan, 0, 0), to: body)
    #expect(throws: PhysicsError.self) { try world.step() }
  }

  /// Setting new targets within a step is the same as two steps with new targets between them.
  @Test(arguments: [Drive.Form.implicit, .explicit], 0...4) func targetsCanChangeWithinAStep(
    _ form: Drive.Form, _ first: Int
  ) throws {
    var whole = try Models.Biped.make(form: form)
    var parted = try Models.Biped.make(form: form)
    let targets = whole.actuators.indices.map { 0.05 * Double($0) }
    for _ in 0..<10 {
      whole.aim(30)
      parted.aim(30)
      try whole.world.step(4, aimingAt: targets.span, from: first)
      if first > 0 { try parted.world.step(first) }
      if first < 4 {
        for (actuator, target) in zip(parted.actuators, targets) { parted.world.setTarget(actuator, target) }
        try parted.world.step(4 - first)
      }
    }
    let (a, b) = (whole.world.pose(of: whole.feet[0]), parted.world.pose(of: parted.feet[0]))
    #expect(a == b)
  }

  // MARK: Effort

  @Test func actuatorsTellTheirEffort() throws {
    var pendulum = try Models.Pendulum.make(WorldSettings(gravity: .zero, substep: 0.002))
    let motor = try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 2))
    pendulum.world.setTarget(motor, -1.5)
    try pendulum.world.step(10)
    #expect(near(pendulum.world.impulse(of: motor), 1.5 * 0.02, 1e-12))
    #expect(pendulum.world.peakTorque(of: motor) == 1.5)
    #expect(pendulum.world.torqueLimit(of: motor) == 2)
    pendulum.world.setStrength(motor, 0.5)
    try pendulum.world.step(4, aimingAt: [0.25].span, from: 1)
    // At the lower limit for one substep, then a quarter of what is asked at half the strength.
    #expect(near(pendulum.world.impulse(of: motor), (0.75 + 3 * 0.125) * 0.002, 1e-12))
    #expect(pendulum.world.peakTorque(of: motor) == 0.75)
    #expect(pendulum.world.torqueLimit(of: motor) == 1)
    pendulum.world.forgetLastStep()
    #expect(pendulum.world.impulse(of: motor) == 0 && pendulum.world.peakTorque(of: motor) == 0)
  }
}
