import Physics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Friction, springs and rotors against closed forms, on a pendulum without gravity.
@Suite struct DynamicsTests {
  private let inertia = Models.pendulumInertia
  private let settings = WorldSettings(gravity: .zero, substep: 0.0005)

  /// The state of a world as bits.
  private func bits(_ world: borrowing World) -> [UInt64] {
    var numbers: [Double] = []
    world.snapshot(into: &numbers)
    return numbers.map(\.bitPattern)
  }

  /// ω(t) = τ/(I + J) · t; eight sweeps find it to about 1 %, with a rotor several times heavier than the link.
  @Test(arguments: [(Solver.direct, 2e-5), (.quick(iterations: 8), 5e-3)])
  func rotorTurnsWithItsAxis(_ solver: Solver, _ tolerance: Double) throws {
    var settings = settings
    settings.solver = solver
    var pendulum = try Models.Pendulum.make(settings, dynamics: JointDynamics(armature: 1.5))
    let actuator = try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 10))
    pendulum.world.setTarget(actuator, 3)
    try pendulum.world.step(400)
    #expect(near(pendulum.rate, 3 / (inertia + 1.5) * 0.2, tolerance))
    #expect(pendulum.world.torque(of: actuator) == 3)
    #expect(near(pendulum.world.kineticEnergy, 0.5 * (inertia + 1.5) * pendulum.rate * pendulum.rate, 1e-8))
    // The work that the motor did is in the link and in the rotor.
    #expect(near(pendulum.world.work(of: actuator), pendulum.world.kineticEnergy, tolerance))
  }

  /// ω(t) = ω₀ e^(−dt/(I + J)).
  @Test func frictionSlowsAnAxisThatNothingDrives() throws {
    var pendulum = try Models.Pendulum.make(settings, dynamics: JointDynamics(damping: 0.8, armature: 0.2))
    pendulum.place(0, rate: 2)
    try pendulum.world.step(600)
    #expect(near(pendulum.rate, 2 * exp(-0.8 * 0.3 / (inertia + 0.2)), 1e-3))
  }

  /// ω(t) = τ/d (1 − e^(−dt/I)).
  @Test func frictionLimitsTheSpeed() throws {
    var pendulum = try Models.Pendulum.make(settings, dynamics: JointDynamics(damping: 0.8))
    let actuator = try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 1))
    pendulum.world.setTarget(actuator, 0.5)
    try pendulum.world.step(600)
    #expect(near(pendulum.rate, 0.5 / 0.8 * (1 - exp(-0.8 * 0.3 / inertia)), 1e-3))
    #expect(pendulum.world.torque(of: actuator) == 0.5, "friction is not the actuator's")
  }

  /// ω(t) = ω₀ − f t/(I + J) until it stands.
  @Test(arguments: [0, 0.5])
  func dryFrictionSlowsEvenly(_ armature: Double) throws {
    var pendulum = try Models.Pendulum.make(settings, dynamics: JointDynamics(armature: armature, friction: 0.4))
    pendulum.place(0, rate: 1)
    try pendulum.world.step(600)
    #expect(near(pendulum.rate, 1 - 0.4 * 0.3 / (inertia + armature), 2e-3))
    let stop = (inertia + armature) / 0.4
    try pendulum.world.step(Int(stop / settings.substep) - 600 + 200)
    #expect(abs(pendulum.rate) < 1e-6)
    #expect(near(pendulum.angle, stop / 2, 5e-3))
  }

  /// It holds what is less than it, but for a creep of a thousandth of a radian a second, and lets go of the rest.
  @Test(arguments: [(0.39, 0.0), (1.4, 1.0)])
  func dryFrictionHolds(_ torque: Double, _ excess: Double) throws {
    var pendulum = try Models.Pendulum.make(settings, dynamics: JointDynamics(friction: 0.4))
    let actuator = try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 10))
    pendulum.world.setTarget(actuator, torque)
    try pendulum.world.step(400)
    #expect(near(pendulum.rate, excess / inertia * 0.2, excess == 0 ? 1e-3 : 0.02))
  }

  /// θ(t) = r + (θ₀ − r) cos √(k/(I + J)) t.
  @Test func springSwings() throws {
    let dynamics = JointDynamics(stiffness: 40, rest: 0.3, armature: 0.5)
    var pendulum = try Models.Pendulum.make(settings, dynamics: dynamics)
    pendulum.place(0.1)
    let energy = pendulum.world.kineticEnergy + pendulum.world.potentialEnergy
    #expect(near(energy, 0.5 * 40 * 0.2 * 0.2, 1e-9))
    let frequency = (40 / (inertia + 0.5)).squareRoot()
    for tick in 1...10 {
      try pendulum.world.step(100)
      #expect(near(pendulum.angle, 0.3 - 0.2 * cos(frequency * 0.05 * Double(tick)), 3e-3))
    }
    // What an implicit step takes away is of the order of h · frequency.
    #expect(near(pendulum.world.kineticEnergy + pendulum.world.potentialEnergy, energy, 0.02 * energy))
  }

  /// Without stops a spring pulls the short way round.
  @Test func springOfAWheelWraps() throws {
    var pendulum = try Models.Pendulum.make(settings, dynamics: JointDynamics(stiffness: 10, rest: 3))
    pendulum.place(-3)
    try pendulum.world.step()
    #expect(near(pendulum.rate, -10 * (2 * .pi - 6) / inertia * settings.substep, 1e-5))
  }

  /// m = 2 kg and J = 3 kg: z(t) = z∞ (1 − cos ω t) under gravity alone, z∞ = −m g/k.
  @Test func slidersHaveDynamicsToo() throws {
    var world = try World(WorldSettings(substep: 0.0005))
    let mass = try world.addBody(
      Models.body("lift", .box(size: Vector3(0.2, 0.2, 0.2)), mass: 2, at: Vector3(0, 0, 1), touches: false))
    let joint = try world.addJoint(
      JointDefinition(
        name: "lift", kind: .slider, parent: nil, child: mass, anchor: Vector3(0, 0, 1),
        axes: [JointAxis(.unitZ, dynamics: JointDynamics(stiffness: 200, armature: 3))]))
    let frequency = (200.0 / 5).squareRoot()
    for tick in 1...10 {
      try world.step(100)
      #expect(
        near(
          world.jointPosition(joint), -2 * 9.81 / 200 * (1 - cos(frequency * 0.05 * Double(tick))), 1e-3))
    }
  }

  /// Friction beside a drive that has a row of its own: D = kd + d, the inertia I + J.
  @Test(arguments: [Drive.Form.implicit, .explicit])
  func dynamicsAddToADrive(_ form: Drive.Form) throws {
    var pendulum = try Models.Pendulum.make(settings, dynamics: JointDynamics(damping: 1, armature: 0.4))
    let drive = Drive.position(stiffness: 40, damping: 1, maxTorque: 1000, form: form)
    let actuator = try pendulum.world.addActuator(pendulum.joint, drive)
    pendulum.world.setTarget(actuator, 0.3)
    let decay = 2 / (2 * (inertia + 0.4))
    let frequency = (40 / (inertia + 0.4) - decay * decay).squareRoot()
    for tick in 1...10 {
      try pendulum.world.step(100)
      let time = 0.05 * Double(tick)
      let exact = 0.3 - 0.3 * exp(-decay * time) * (cos(frequency * time) + decay / frequency * sin(frequency * time))
      #expect(near(pendulum.angle, exact, 1.5e-3))
      let torque = 40 * (0.3 - pendulum.angle) - pendulum.rate
      #expect(near(pendulum.world.torque(of: actuator), torque, 0.06), "friction is not the drive's")
    }
  }

  /// A rotor neither holds an axis at its stop nor presses it through.
  @Test func stopsStayStops() throws {
    var pendulum = try Models.Pendulum.make(
      settings, lower: 0, upper: 1, dynamics: JointDynamics(damping: 0.1, armature: 1))
    let actuator = try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 10))
    pendulum.world.setTarget(actuator, -5)
    try pendulum.world.step(400)
    #expect(near(pendulum.angle, 0, 1e-4))
    pendulum.world.setTarget(actuator, 2)
    try pendulum.world.step(400)
    // τ/d (1 − e^(−dt/(I + J))), as if the stop had not been there.
    #expect(near(pendulum.rate, 2 / 0.1 * (1 - exp(-0.1 * 0.2 / (inertia + 1))), 1e-3))
  }

  /// Two links in free fall on a universal joint: what a rotor and a spring do between them is theirs alone.
  @Test func dynamicsKeepMomentumAndEnergy() throws {
    var world = try World(settings)
    let parent = try world.addBody(
      Models.body("parent", .box(size: Vector3(0.5, 0.3, 0.4)), mass: 4, touches: false))
    let child = try world.addBody(
      Models.body("child", .box(size: Vector3(0.2, 0.3, 0.4)), mass: 1, at: Vector3(0, 0, -1), touches: false))
    let dynamics = JointDynamics(stiffness: 2, armature: 0.3)
    _ = try world.addJoint(
      JointDefinition(
        name: "hip", kind: .universal, parent: parent, child: child, anchor: Vector3(0, 0, -0.7),
        axes: [JointAxis(.unitX, dynamics: dynamics), JointAxis(.unitY, dynamics: dynamics)]))
    // Turning about the anchor, so that the joint holds from the start.
    let spin = Vector3(0.8, -1.1, 0)
    world.setVelocity(of: child, linear: spin.cross(Vector3(0, 0, -0.3)), angular: spin)
    let (momentum, turning) = (world.linearMomentum, world.angularMomentum)
    let energy = world.kineticEnergy + world.potentialEnergy
    try world.step(4000)
    #expect(near(world.linearMomentum, momentum, 1e-9))
    #expect(near(world.angularMomentum, turning, 2e-3 * turning.length))
    #expect(near(world.kineticEnergy + world.potentialEnergy, energy, 0.01 * energy))
  }

  /// A rotor far heavier than its link, steps far longer than its spring's period: nothing grows.
  @Test func extremesAreStable() throws {
    var pendulum = try Models.Pendulum.make(
      WorldSettings(substep: 0.01), dynamics: JointDynamics(damping: 1e3, stiffness: 1e6, armature: 1e2))
    pendulum.place(1)
    try pendulum.world.step(300)
    #expect(near(pendulum.angle, 0, 1e-2))
  }

  /// Snapshots and the engine's own replay carry dynamics.
  @Test(arguments: [Drive.Form.implicit, .explicit])
  func whatRunsAgainIsTheSameToTheBit(_ form: Drive.Form) throws {
    let dynamics = JointDynamics(damping: 0.5, stiffness: 3, armature: 0.1)
    var biped = try Models.Biped.make(form: form, dynamics: dynamics)
    func live(_ biped: inout Models.Biped, _ phases: Range<Int>) throws {
      for phase in phases {
        biped.aim(phase)
        try biped.world.step(4)
      }
    }
    try live(&biped, 0..<30)
    var snapshot: [Double] = []
    biped.world.snapshot(into: &snapshot)
    try biped.world.startCommandLog()
    try live(&biped, 30..<80)
    let end = bits(biped.world)
    try biped.world.rerunCommandLog()
    #expect(bits(biped.world) == end)
    var fresh = try Models.Biped.make(form: form, dynamics: dynamics)
    try fresh.world.restore(from: snapshot.span)
    try live(&fresh, 30..<80)
    #expect(bits(fresh.world) == end)
  }
}
