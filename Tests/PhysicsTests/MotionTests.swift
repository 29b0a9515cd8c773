import Physics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct FreeMotionTests {
  /// Semi-implicit Euler has its own closed form: v = −g h n, z = z₀ − g h² n(n + 1)/2.
  @Test func bodiesFallFreely() throws {
    var world = try World(WorldSettings(substep: 0.002))
    let ball = try world.addBody(Models.body("ball", .sphere(radius: 0.1), mass: 3, at: Vector3(1, 2, 50)))
    try world.step(1000)
    #expect(near(world.time, 2, 1e-9))
    #expect(near(world.centerOfMassVelocity(of: ball), Vector3(0, 0, -9.81 * 2), 1e-9))
    #expect(near(world.pose(of: ball).position, Vector3(1, 2, 50 - 9.81 * 4e-6 * 1000 * 1001 / 2), 1e-9))
  }

  @Test(arguments: [Solver.direct, .quick(iterations: 8)])
  func explicitInertiaAnswersTorque(_ solver: Solver) throws {
    var world = try World(WorldSettings(gravity: .zero, substep: 0.001, solver: solver))
    let inertia = Inertia(diagonal: Vector3(2, 3, 4), offDiagonal: Vector3(0.5, -0.3, 0.2))
    let body = try world.addBody(
      BodyDefinition(name: "top", mass: try MassProperties(mass: 1, centerOfMass: Vector3(1, 0, 0), inertia: inertia)))
    let torque = Vector3(1, -2, 0.5)
    world.applyTorque(torque, to: body)
    try world.step()
    // The gyroscopic term is of second order in the angular velocity, which is 1e-3 here.
    #expect(near(inertia.act(on: world.angularVelocity(of: body)), torque * 0.001, 1e-8))
    try world.step(10)
    #expect(near(inertia.act(on: world.angularVelocity(of: body)), torque * 0.001, 1e-7), "the torque lasts one step")
  }

  /// The link frame's origin circles a center of mass that flies straight.
  @Test func originTurnsAboutTheCenterOfMass() throws {
    var world = try World(WorldSettings(gravity: .zero, substep: 0.001))
    let mass = try MassProperties(
      mass: 2, centerOfMass: Vector3(0.5, 0, 0), inertia: Inertia(diagonal: Vector3(1, 1, 1)))
    let body = try world.addBody(BodyDefinition(name: "hammer", mass: mass))
    // The center of mass moves at 1 m/s along x; the origin, 0.5 m off it, also turns.
    world.setVelocity(of: body, linear: Vector3(1, -1, 0), angular: Vector3(0, 0, 2))
    #expect(near(world.centerOfMassVelocity(of: body), Vector3(1, 0, 0)))
    #expect(near(world.linearVelocity(of: body), Vector3(1, -1, 0)))
    try world.step(500)
    #expect(near(world.centerOfMass(of: body), Vector3(1, 0, 0), 1e-9))
    #expect(near(world.pose(of: body).orientation.yaw, 1, 1e-9))
    #expect(near(world.pose(of: body).position, Vector3(1 - 0.5 * cos(1), -0.5 * sin(1), 0), 1e-9))
  }

  /// A force off the center pushes and turns; on the center it only pushes.
  @Test func forcesActWhereTheyAreApplied() throws {
    var world = try World(WorldSettings(gravity: .zero, substep: 0.001))
    let body = try world.addBody(Models.body("cube", .box(size: Vector3(1, 1, 1)), mass: 6, at: Vector3(0, 0, 5)))
    world.applyForce(Vector3(0, 12, 0), to: body, at: Vector3(0.5, 0, 5))
    try world.step(10)
    #expect(near(world.centerOfMassVelocity(of: body), Vector3(0, 0.02, 0), 1e-12))
    #expect(near(world.angularVelocity(of: body), Vector3(0, 0, 0.06), 1e-9))
  }

  /// A body that spins about no principal axis keeps angular momentum and energy, to the integrator's first order.
  @Test func freeTopKeepsMomentumAndEnergy() throws {
    var world = try World(WorldSettings(gravity: .zero, substep: 0.001))
    let body = try world.addBody(
      BodyDefinition(name: "top", mass: try MassProperties(mass: 1, inertia: Inertia(diagonal: Vector3(1, 2, 2.5)))))
    world.setVelocity(of: body, linear: .zero, angular: Vector3(1, 2, 0.5))
    let (momentum, energy) = (world.angularMomentum, world.kineticEnergy)
    try world.step(2000)
    #expect(near(world.angularMomentum, momentum, 0.005 * momentum.length))
    #expect(near(world.kineticEnergy, energy, 0.005 * energy))
  }

  /// Inner forces, of joints and motors, change neither momentum nor the flight of the common center.
  @Test(arguments: [Solver.direct, .quick(iterations: 8)])
  func articulatedFlightKeepsMomentum(_ solver: Solver) throws {
    var world = try World(WorldSettings(gravity: .zero, substep: 0.001, solver: solver))
    let bar = Shape.box(size: Vector3(0.1, 0.1, 0.5))
    let a = try world.addBody(Models.body("a", bar, mass: 1, at: Vector3(0, 0, 0), touches: false))
    let b = try world.addBody(Models.body("b", bar, mass: 2, at: Vector3(0, 0, 0.5), touches: false))
    let c = try world.addBody(Models.body("c", bar, mass: 1.5, at: Vector3(0, 0, 1), touches: false))
    let hinge = try world.addJoint(
      JointDefinition(
        name: "hinge", kind: .hinge, parent: a, child: b, anchor: Vector3(0, 0, 0.25), axes: [JointAxis(.unitY)]))
    let cross = try world.addJoint(
      JointDefinition(
        name: "cross", kind: .universal, parent: b, child: c, anchor: Vector3(0, 0, 0.75),
        axes: [JointAxis(.unitX), JointAxis(.unitY)]))
    let motor = try world.addActuator(hinge, .torque(maxTorque: 5))
    let servo = try world.addActuator(cross, axis: 1, .position(stiffness: 20, damping: 1, maxTorque: 5))
    let implicit = try world.addActuator(
      cross, axis: 0, .position(stiffness: 20, damping: 1, maxTorque: 5, form: .implicit))
    for body in [a, b, c] { world.setVelocity(of: body, linear: Vector3(0.5, 0.2, 0.1), angular: .zero) }
    let (linear, angular) = (world.linearMomentum, world.angularMomentum)
    let center = world.centerOfMass
    for index in 0..<100 {
      world.setTarget(motor, index % 40 < 20 ? 0.3 : -0.3)
      world.setTarget(servo, index % 30 < 15 ? 0.5 : -0.5)
      world.setTarget(implicit, index % 50 < 25 ? 0.4 : -0.4)
      try world.step(10)
    }
    #expect(world.kineticEnergy > 0.5 * linear.dot(linear) / world.totalMass + 0.01, "the motors must have done work")
    #expect(near(world.linearMomentum, linear, 1e-11))
    #expect(near(world.centerOfMass, center + Vector3(0.5, 0.2, 0.1) * world.time, 1e-9))
    #expect(near(world.angularMomentum, angular, 0.01))
  }
}

@Suite struct PendulumTests {
  /// Seconds between upward passes through 0, the average of several.
  private func period(from angle: Double) throws -> Double {
    var pendulum = try Models.Pendulum.make(WorldSettings(substep: 0.001))
    pendulum.place(angle)
    var crossings: [Double] = []
    var last = pendulum.angle
    while crossings.count < 4 {
      try pendulum.world.step()
      let now = pendulum.angle
      if last < 0, now >= 0 { crossings.append(pendulum.world.time - 0.001 * now / (now - last)) }
      last = now
    }
    return (crossings[3] - crossings[0]) / 3
  }

  /// The exact period T₀ / agm(1, cos(θ/2)) of a pendulum that swings to θ.
  private func exactPeriod(_ angle: Double) -> Double {
    var (a, b) = (1.0, cos(angle / 2))
    for _ in 0..<10 { (a, b) = ((a + b) / 2, (a * b).squareRoot()) }
    return 2 * .pi * (Models.pendulumInertia / (9.81 * 0.5)).squareRoot() / a
  }

  @Test(arguments: [0.05, 1.0, 2.0, 2.5])
  func periodIsTheEllipticIntegral(_ angle: Double) throws {
    let exact = exactPeriod(angle)

    #expect(near(try period(from: angle), exact, 2e-4 * exact))
  }

  /// Nothing drives it, so its energy may only wander by the integrator's first order in the substep.
  @Test func doublePendulumKeepsItsEnergy() throws {
    var world = try World(WorldSettings(substep: 0.001))
    let rod = Shape.box(size: Vector3(0.05, 0.05, 0.5))
    let upper = try world.addBody(Models.body("upper", rod, mass: 1, at: Vector3(0, 0, -0.25), touches: false))
    let lower = try world.addBody(Models.body("lower", rod, mass: 1, at: Vector3(0, 0, -0.75), touches: false))
    for (parent, child, z) in [(nil, upper, 0.0), (upper, lower, -0.5)] {
      _ = try world.addJoint(
        JointDefinition(
          name: "pivot", kind: .hinge, parent: parent, child: child, anchor: Vector3(0, 0, z), axes: [JointAxis(.unitY)]
        ))
    }
    // Both rods level, at rest: a start that soon is chaotic.
    let level = Quaternion(angle: -.pi / 2, axis: .unitY)
    world.setPose(of: upper, Pose(position: Vector3(0.25, 0, 0), orientation: level))
    world.setPose(of: lower, Pose(position: Vector3(0.75, 0, 0), orientation: level))
    let start = world.kineticEnergy + world.potentialEnergy
    // The fall to the lowest point turns 2·9.81·(0.25 + 0.75) J to and fro.
    let turnover = 9.81 * (0.25 + 0.75)
    var worst = 0.0
    for _ in 0..<1000 {
      try world.step(10)
      worst = max(worst, abs(world.kineticEnergy + world.potentialEnergy - start))
    }
    #expect(worst < 0.01 * turnover, "\(worst / turnover) of the energy turned over")
    #expect(world.maximumJointGap < 1e-4)
  }
}
