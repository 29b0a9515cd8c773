import Physics
import Testing

@Suite struct JointTests {
  /// Pressed by far more than gravity, a hinge stays at its stop.
  @Test(arguments: [Solver.direct, .quick(iterations: 8)])
  func stopsHold(_ solver: Solver) throws {
    var pendulum = try Models.Pendulum.make(
      WorldSettings(substep: 0.005, solver: solver), lower: -0.4, upper: 0.7)
    let actuator = try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 50))
    for (torque, stop) in [(50.0, 0.7), (-50.0, -0.4)] {
      pendulum.world.setTarget(actuator, torque)
      try pendulum.world.step(200)
      #expect(near(pendulum.angle, stop, 2e-3))
      #expect(abs(pendulum.rate) < 1e-2)
    }
  }

  /// ODE gives a motor at a stop its full torque whatever its target; ours leaves the stop as gently as asked.
  @Test func motorsLeaveStopsGently() throws {
    var pendulum = try Models.Pendulum.make(WorldSettings(gravity: .zero, substep: 0.005), lower: 0, upper: 1)
    let actuator = try pendulum.world.addActuator(pendulum.joint, .velocity(maxTorque: 100))
    pendulum.world.setTarget(actuator, 0.01)
    for _ in 0..<20 {
      try pendulum.world.step()
      #expect(pendulum.rate <= 0.0101)
    }
    #expect(near(pendulum.rate, 0.01, 1e-6))
    #expect(near(pendulum.angle, 0.001, 1e-4))
  }

  /// An implicit drive whose target lies at, or beyond, the stop rests there and pushes no more than its gains say.
  @Test(arguments: [Drive.Form.implicit, .explicit])
  func positionDrivesRestAtStops(_ form: Drive.Form) throws {
    var pendulum = try Models.Pendulum.make(WorldSettings(substep: 0.005), lower: -0.5, upper: 0.5)
    let drive = Drive.position(stiffness: 100, damping: 5, maxTorque: 80, form: form)
    let actuator = try pendulum.world.addActuator(pendulum.joint, drive)
    pendulum.world.setTarget(actuator, 2)
    try pendulum.world.step(400)
    // Targets end at the stop, so gravity pulls the rod off it by τ/kp at most.
    #expect(pendulum.angle < 0.501 && pendulum.angle > 0.5 - 9.81 * 0.5 / 100)
    #expect(abs(pendulum.rate) < 1e-6)
    pendulum.world.setTarget(actuator, 0)
    try pendulum.world.step(400)
    #expect(near(pendulum.angle, 0, 1e-6))
  }

  /// A hanging chain of five 1 kg links with 100 N at its end.
  @Test(arguments: [(Solver.direct, 2e-5), (.quick(iterations: 8), 2e-3)])
  func jointsHoldUnderLoad(_ solver: Solver, _ bound: Double) throws {
    var world = try World(WorldSettings(substep: 0.002, solver: solver))
    var parent: BodyID?
    for index in 0..<5 {
      let top = -0.3 * Double(index)
      let link = try world.addBody(
        Models.body(
          "link", .capsule(radius: 0.03, length: 0.24), mass: 1, at: Vector3(0, 0, top - 0.15), touches: false))
      _ = try world.addJoint(
        JointDefinition(
          name: "joint", kind: index % 2 == 0 ? .hinge : .ball, parent: parent, child: link,
          anchor: Vector3(0, 0, top), axes: index % 2 == 0 ? [JointAxis(.unitY)] : []))
      parent = link
    }
    let last = try #require(parent)
    var worst = 0.0
    for _ in 0..<500 {
      world.applyForce(Vector3(20, 0, -100), to: last)
      try world.step()
      worst = max(worst, world.maximumJointGap)
    }
    #expect(worst < bound, "gap of \(worst) m")
  }

  /// Placed by hand, joints read back their angles; the world's and the parent's turning does not matter.
  @Test func positionsFollowPoses() throws {
    var world = try World(WorldSettings(gravity: .zero))
    let parent = try world.addBody(Models.body("parent", .sphere(radius: 0.1), mass: 1, touches: false))
    let child = try world.addBody(
      Models.body("child", .sphere(radius: 0.1), mass: 1, at: Vector3(1, 0, 0), touches: false))
    let other = try world.addBody(
      Models.body("other", .sphere(radius: 0.1), mass: 1, at: Vector3(0, 1, 0), touches: false))
    let axis1 = Vector3(1, 1, 0).normalized
    let axis2 = Vector3(1, -1, 1).normalized
    let cross = try world.addJoint(
      JointDefinition(
        name: "cross", kind: .universal, parent: parent, child: child, anchor: Vector3(0.5, 0, 0),
        axes: [JointAxis(axis1 * 3), JointAxis(axis2)]))
    let slider = try world.addJoint(
      JointDefinition(
        name: "slider", kind: .slider, parent: parent, child: other, anchor: Vector3(0, 1, 0),
        axes: [JointAxis(.unitY)]))
    let root = Pose(position: Vector3(3, -2, 1), orientation: Quaternion(angle: 2, axis: Vector3(1, 2, -1)))
    let turn = Quaternion(angle: 0.9, axis: axis1) * Quaternion(angle: -2.4, axis: axis2)
    let about = Pose(position: Vector3(0.5, 0, 0) - turn.act(on: Vector3(0.5, 0, 0)), orientation: turn)
    world.setPose(of: parent, root)
    world.setPose(of: child, root * about * Pose(position: Vector3(1, 0, 0)))
    world.setPose(of: other, root * Pose(position: Vector3(0, 1.25, 0)))
    #expect(near(world.jointPosition(cross, axis: 0), 0.9, 1e-9))
    #expect(near(world.jointPosition(cross, axis: 1), -2.4, 1e-9))
    #expect(near(world.jointPosition(slider), 0.25, 1e-12))
    #expect(world.jointGap(slider) < 1e-12 && world.maximumJointGap < 0.6)
    world.setVelocity(of: child, linear: .zero, angular: root.orientation.act(on: axis1) * 2)
    #expect(near(world.jointVelocity(cross, axis: 0), 2, 1e-9))
  }

  /// A fixed joint carries the body below it.
  @Test func fixedJointsHold() throws {
    var world = try World()
    let body = try world.addBody(
      Models.body("bracket", .box(size: Vector3(0.4, 0.1, 0.1)), mass: 2, at: Vector3(0.2, 0, 1), touches: false))
    let joint = try world.addJoint(
      JointDefinition(name: "wall", kind: .fixed, parent: nil, child: body, anchor: Vector3(0, 0, 1)))
    try world.step(400)
    #expect(near(world.pose(of: body).position, Vector3(0.2, 0, 1), 1e-4))
    #expect(world.jointGap(joint) < 1e-4)
  }
}

@Suite struct PlanarTests {
  /// A hopper that jumps about for 20 s never leaves its plane.
  @Test(arguments: [Solver.direct, .quick(iterations: 8)])
  func planarRobotsStayInTheirPlane(_ solver: Solver) throws {
    var world = try World(WorldSettings(solver: solver))
    try world.addGround()
    let torso = try world.addBody(
      Models.body("torso", .box(size: Vector3(0.2, 0.2, 0.4)), mass: 5, at: Vector3(0, 0.3, 1)))
    try world.constrain(torso, to: .xz)
    var parent = torso
    var actuators: [ActuatorID] = []
    for (z, y) in [(0.8, 0.3), (0.45, 0.3)] {
      let link = try world.addBody(
        Models.body("link", .capsule(radius: 0.04, length: 0.26), mass: 1, at: Vector3(0, y, z - 0.17)))
      let joint = try world.addJoint(
        JointDefinition(
          name: "joint", kind: .hinge, parent: parent, child: link, anchor: Vector3(0, y, z),
          axes: [JointAxis(.unitY, lower: -1.5, upper: 1.5)]))
      actuators.append(try world.addActuator(joint, .position(stiffness: 80, damping: 2, maxTorque: 40)))
      parent = link
    }
    var traveled = 0.0
    for tick in 0..<1000 {
      world.setTarget(actuators[0], tick % 30 < 15 ? 0.6 : -0.3)
      world.setTarget(actuators[1], tick % 30 < 15 ? -1.0 : 0.2)
      try world.step(4)
      let pose = world.pose(of: torso)
      traveled = max(traveled, abs(pose.position.x))
      #expect(abs(pose.position.y - 0.3) < 1e-12)
      #expect(abs(pose.orientation.x) < 1e-12 && abs(pose.orientation.z) < 1e-12)
      #expect(abs(world.pose(of: parent).position.y - 0.3) < 1e-12)
    }
    #expect(traveled > 0.05, "it must have moved")
  }

  /// Pushed out of the plane, it does not go; pushed along it, it falls as freely as any body.
  @Test func thePlaneOnlyHoldsItsNormal() throws {
    var world = try World(WorldSettings(substep: 0.001))
    let body = try world.addBody(
      Models.body("puck", .box(size: Vector3(0.2, 0.3, 0.4)), mass: 2, at: Vector3(0, 0, 1)))
    try world.constrain(body, to: .xz)
    world.applyForce(Vector3(4, 50, 0), to: body)
    world.applyTorque(Vector3(3, 0.01, 3), to: body)
    try world.step(100)
    #expect(near(world.centerOfMassVelocity(of: body), Vector3(0.2, 0, -0.981), 1e-9))
    #expect(near(world.angularVelocity(of: body), Vector3(0, 0.001 / (2.0 / 12 * 0.2), 0), 1e-6))
  }
}

/// Joints that are added where their axis is not at 0.
@Suite struct JointStartTests {
  private let settings = WorldSettings(gravity: .zero, substep: 0.001)

  @Test func positionsCountFromTheStart() throws {
    var pendulum = try Models.Pendulum.make(settings, lower: 1, upper: 4.5, start: 2.75)
    #expect(pendulum.angle == 2.75)
    pendulum.place(0.5)
    #expect(near(pendulum.angle, 3.25, 1e-12))
  }

  /// The stops of an axis that turns farther than π from its zero hold on either side.
  @Test(arguments: [(5.0, 4.5), (-5.0, 1.0)])
  func stopsBeyondHalfATurnHold(_ torque: Double, _ stop: Double) throws {
    var pendulum = try Models.Pendulum.make(
      settings, lower: 1, upper: 4.5, dynamics: JointDynamics(damping: 1), start: 2.75)
    let actuator = try pendulum.world.addActuator(pendulum.joint, .torque(maxTorque: 10))
    pendulum.world.setTarget(actuator, torque)
    try pendulum.world.step(4000)
    #expect(near(pendulum.angle, stop, 1e-3))
  }

  @Test(arguments: [Drive.Form.implicit, .explicit])
  func drivesAimAtPositionsAsTheyCount(_ form: Drive.Form) throws {
    var pendulum = try Models.Pendulum.make(settings, lower: 1, upper: 4.5, start: 2.75)
    let drive = Drive.position(stiffness: 60, damping: 8, maxTorque: 100, form: form)
    let actuator = try pendulum.world.addActuator(pendulum.joint, drive)
    pendulum.world.setTarget(actuator, 4)
    try pendulum.world.step(4000)
    #expect(near(pendulum.angle, 4, 1e-3))
  }

  @Test func stopsTooFarFromTheStartAreRefused() throws {
    #expect(
      throws: PhysicsError.invalidDefinition(
        "joint 'pivot': the limit 5.9 must be within ±3.1 rad of its start at 2.75 rad")
    ) {
      _ = try Models.Pendulum.make(settings, lower: 1, upper: 5.9, start: 2.75)
    }
  }
}
