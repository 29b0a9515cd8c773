import Physics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pendulum without gravity is a single inertia: every drive has a closed form.
@Suite struct ActuatorTests {
  private let inertia = Models.pendulumInertia
  private let settings = WorldSettings(gravity: .zero, substep: 0.0005)

  /// θ(t) of I θ″ = −kp θ − kd θ′ from θ₀ at rest, underdamped.
  private func oscillator(_ time: Double, from angle: Double, stiffness: Double, damping: Double) -> Double {
    let decay = damping / (2 * inertia)
    let frequency = (stiffness / inertia - decay * decay).squareRoot()
    return angle * exp(-decay * time) * (cos(frequency * time) + decay / frequency * sin(frequency * time))
  }

  @Test(arguments: [Drive.Form.implicit, .explicit], [Solver.direct, .quick(iterations: 8)])
  func positionDriveIsADampedOscillator(_ form: Drive.Form, _ solver: Solver) throws {
    var settings = settings
    settings.solver = solver
    var pendulum = try Models.Pendulum.make(settings)
    let drive = Drive.position(stiffness: 40, damping: 2, maxTorque: 1000, form: form)
    let actuator = try pendulum.world.addActuator(pendulum.joint, drive)
    pendulum.world.setTarget(actuator, 0.3)
    for tick in 1...10 {
      try pendulum.world.step(100)
      let exact = 0.3 + oscillator(0.05 * Double(tick), from: -0.3, stiffness: 40, damping: 2)
      #expect(near(pendulum.angle, exact, 1.5e-3))
      let torque = 40 * (0.3 - pendulum.angle) - 2 * pendulum.rate
      #expect(near(pendulum.world.torque(of: actuator), torque, 0.06), "torque after \(tick) ticks")
    }
  }

  /// Far from its target a drive gives its greatest torque: θ = ½ (τ/I) t², and the work is τθ.
  @Test(arguments: [Drive.Form.implicit, .explicit])
  func clampedPositionDriveAcceleratesEvenly(_ form: Drive.Form) throws {
    var pendulum = try Models.Pendulum.make(settings)
    let drive = Drive.position(stiffness: 1000, damping: 1, maxTorque: 2, form: form)
    let actuator = try pendulum.world.addActuator(pendulum.joint, drive)
    pendulum.world.setTarget(actuator, -3)
    let count = 600
    try pendulum.world.step(count)
    let h = settings.substep
    let exact = -2 / inertia * h * h * Double(count * (count + 1)) / 2
    #expect(near(pendulum.angle, exact, 1e-6))
    #expect(near(pendulum.world.torque(of: actuator), -2, 1e-9))
    #expect(near(pendulum.world.work(of: actuator), pendulum.world.kineticEnergy, 1e-5))
    #expect(near(pendulum.world.actuatorWork, pendulum.world.work(of: actuator), 1e-12))
  }

  /// With a speed limit the greatest torque falls with the speed: I ω′ = τ (1 − ω/ω₀), so ω = ω₀ (1 − exp(−τt / Iω₀)).
  @Test(arguments: [
    Drive.torque(maxTorque: 2), .position(stiffness: 1000, damping: 0, maxTorque: 2),
    .position(stiffness: 1000, damping: 0, maxTorque: 2, form: .implicit), .velocity(maxTorque: 2),
  ])
  func aMotorWithASpeedLimit(_ drive: Drive) throws {
    var pendulum = try Models.Pendulum.make(settings)
    let limit = 4.0
    let actuator = try pendulum.world.addActuator(pendulum.joint, drive, speedLimit: limit)
    pendulum.world.setTarget(actuator, 50)
    if case .position = drive { pendulum.world.setTarget(actuator, 3) }
    for tick in 1...6 {
      try pendulum.world.step(100)
      let exact = limit * (1 - exp(-2 * 0.05 * Double(tick) / (inertia * limit)))
      #expect(near(pendulum.rate, exact, 0.01 * limit), "after \(tick) ticks")
      #expect(near(pendulum.world.torque(of: actuator), 2 * (1 - exact / limit), 0.03))
    }
    #expect(pendulum.rate < limit)
  }

  /// What slows the motor down has all of its torque, and beyond its speed limit nothing speeds it up.
  @Test func aMotorBrakesWithAllItHas() throws {
    for (rate, command, torque) in [(3.0, -5.0, -2.0), (3, 5, 0.5), (7, 5, 0), (-3, 5, 2), (-3, -5, -0.5), (-9, -5, 0)]
    {
      var pendulum = try Models.Pendulum.make(settings)
      let actuator = try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 2), speedLimit: 4)
      pendulum.place(0, rate: rate)
      pendulum.world.setTarget(actuator, command)
      try pendulum.world.step()
      #expect(near(pendulum.world.torque(of: actuator), torque, 1e-9), "\(rate) rad/s")
    }
  }

  @Test(arguments: [0, -1, .nan] as [Double])
  func aSpeedLimitIsPositive(_ limit: Double) throws {
    var pendulum = try Models.Pendulum.make(settings)
    #expect(throws: PhysicsError.self) {
      try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 2), speedLimit: limit)
    }
    #expect(throws: PhysicsError.self) {
      try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: .infinity), speedLimit: 3)
    }
  }

  /// Gains that no explicit drive could take: the implicit one still ends at its target.
  @Test func implicitDriveTakesAnyGain() throws {
    var pendulum = try Models.Pendulum.make(WorldSettings(substep: 0.01))
    let drive = Drive.position(stiffness: 1e6, damping: 1e3, maxTorque: .infinity, form: .implicit)
    let actuator = try pendulum.world.addActuator(pendulum.joint, drive)
    pendulum.world.setTarget(actuator, 1)
    try pendulum.world.step(100)
    #expect(near(pendulum.angle, 1, 1e-4))
    // It holds the rod against gravity: τ = m g d sin θ.
    #expect(near(pendulum.world.torque(of: actuator), 9.81 * 0.5 * sin(1), 1e-3))
  }

  @Test func infiniteGainReachesTheVelocityAtOnce() throws {
    var pendulum = try Models.Pendulum.make(settings)
    let actuator = try pendulum.world.addActuator(pendulum.joint, .velocity(maxTorque: .infinity))
    pendulum.world.setTarget(actuator, 1.5)
    try pendulum.world.step()
    #expect(near(pendulum.rate, 1.5, 2e-5))
    #expect(near(pendulum.world.torque(of: actuator), 1.5 * inertia / settings.substep, 0.05))
  }

  @Test func weakVelocityDriveAcceleratesEvenly() throws {
    var pendulum = try Models.Pendulum.make(settings)
    let actuator = try pendulum.world.addActuator(pendulum.joint, .velocity(maxTorque: 0.4))
    pendulum.world.setTarget(actuator, 100)
    try pendulum.world.step(400)
    #expect(near(pendulum.rate, 0.4 / inertia * 0.2, 1e-6))
  }

  @Test func finiteGainApproachesTheVelocity() throws {
    var pendulum = try Models.Pendulum.make(settings)
    let actuator = try pendulum.world.addActuator(pendulum.joint, .velocity(gain: 2, maxTorque: 100))
    pendulum.world.setTarget(actuator, 3)
    try pendulum.world.step(400)
    #expect(near(pendulum.rate, 3 * (1 - exp(-2 * 0.2 / inertia)), 3e-3))
  }

  @Test func torqueDriveGivesItsTargetWithinItsLimit() throws {
    var pendulum = try Models.Pendulum.make(settings)
    let actuator = try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 1))
    pendulum.world.setTarget(actuator, 0.5)
    try pendulum.world.step(600)
    #expect(near(pendulum.rate, 0.5 / inertia * 0.3, 1e-6))
    #expect(pendulum.world.torque(of: actuator) == 0.5)
    pendulum.world.setTarget(actuator, -7)
    try pendulum.world.step()
    #expect(pendulum.world.torque(of: actuator) == -1, "torques are clamped")
  }

  @Test func strengthScalesTorque() throws {
    var pendulum = try Models.Pendulum.make(settings)
    let drive = Drive.position(stiffness: 10, damping: 0, maxTorque: 2)
    let actuator = try pendulum.world.addActuator(pendulum.joint, drive)
    pendulum.world.setStrength(actuator, 0.5)
    pendulum.world.setTarget(actuator, 0.1)
    try pendulum.world.step()
    #expect(near(pendulum.world.torque(of: actuator), 0.5, 1e-12))
    pendulum.world.setTarget(actuator, 1)
    try pendulum.world.step()
    #expect(near(pendulum.world.torque(of: actuator), 1, 1e-12))
  }

  /// A wheel without stops turns the short way round.
  @Test func positionDriveOfAWheelWraps() throws {
    var pendulum = try Models.Pendulum.make(settings)
    let actuator = try pendulum.world.addActuator(
      pendulum.joint, .position(stiffness: 10, damping: 0, maxTorque: 100))
    pendulum.place(3)
    pendulum.world.setTarget(actuator, -3)
    try pendulum.world.step()
    #expect(near(pendulum.world.torque(of: actuator), 10 * (2 * .pi - 6), 1e-9))
  }

  /// Two axes of one joint: the child ends turned by the first, then the second angle.
  @Test(arguments: [Drive.Form.implicit, .explicit])
  func universalDrivesComposeParentAxisFirst(_ form: Drive.Form) throws {
    var world = try World(WorldSettings(gravity: .zero, substep: 0.001))
    let parent = try world.addBody(
      Models.body("parent", .box(size: Vector3(1, 1, 1)), mass: 1000, touches: false))
    let child = try world.addBody(
      Models.body("child", .box(size: Vector3(0.2, 0.3, 0.4)), mass: 1, at: Vector3(0, 0, -1), touches: false))
    let joint = try world.addJoint(
      JointDefinition(
        name: "hip", kind: .universal, parent: parent, child: child, anchor: Vector3(0, 0, -0.7),
        axes: [JointAxis(.unitX, lower: -1, upper: 1), JointAxis(.unitY, lower: -2, upper: 2)]))
    let drive = Drive.position(stiffness: 40, damping: 4, maxTorque: 50, form: form)
    let first = try world.addActuator(joint, axis: 0, drive)
    let second = try world.addActuator(joint, axis: 1, drive)
    world.setTarget(first, 0.6)
    world.setTarget(second, -1.2)
    try world.step(4000)
    #expect(near(world.jointPosition(joint, axis: 0), 0.6, 1e-4))
    #expect(near(world.jointPosition(joint, axis: 1), -1.2, 1e-4))
    let relative = world.pose(of: parent).orientation.conjugate * world.pose(of: child).orientation
    let expected = Quaternion(angle: 0.6, axis: .unitX) * Quaternion(angle: -1.2, axis: .unitY)
    #expect(near(relative.vector, expected.vector, 1e-3))
  }

  /// A slider holds a mass against gravity, and a force drive accelerates it.
  @Test(arguments: [Drive.Form.implicit, .explicit])
  func sliderDrivesPush(_ form: Drive.Form) throws {
    var world = try World(WorldSettings(substep: 0.001))
    let mass = try world.addBody(
      Models.body("lift", .box(size: Vector3(0.2, 0.2, 0.2)), mass: 2, at: Vector3(0, 0, 1), touches: false))
    let joint = try world.addJoint(
      JointDefinition(
        name: "lift", kind: .slider, parent: nil, child: mass, anchor: Vector3(0, 0, 1), axes: [JointAxis(.unitZ)]))
    let actuator = try world.addActuator(
      joint, .position(stiffness: 2000, damping: 100, maxTorque: 1000, form: form))
    world.setTarget(actuator, 0.5)
    try world.step(3000)
    #expect(near(world.jointPosition(joint), 0.5 - 2 * 9.81 / 2000, 1e-6))
    #expect(near(world.pose(of: mass).position.z, 1.5 - 2 * 9.81 / 2000, 1e-6))
    #expect(near(world.torque(of: actuator), 2 * 9.81, 1e-4))
  }
}
