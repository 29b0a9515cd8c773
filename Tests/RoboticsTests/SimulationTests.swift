import Environments
import Physics
import Robotics
import Testing

struct SimulationTests {
  // MARK: Forward kinematics

  @Test func neutralPoseStandsWhereTheTreeSays() throws {
    let sim = try Simulation(RobotModel(Chain()))
    let expected: [Vector3] = [
      [0.5, 0, 1], [0.6, 0.05, 1], [1.0, 0.05, 1], [1.25, 0.05, 1], [1.35, 0.05, 1], [1.25, 0.05, 0.85],
    ]
    for (index, position) in expected.enumerated() {
      #expect((sim.pose(of: LinkID(index: index)).position - position).length < 1e-12)
    }
    #expect(sim.rootPose.position == [0.5, 0, 1])
    #expect(sim.axisCount == 4)
    #expect(sim.maximumJointGap < 1e-12)
  }

  /// The world reads joint positions from its bodies, knowing nothing of how they were placed.
  @Test func placePutsEveryJointWhereItWasAsked() throws {
    var sim = try Simulation(RobotModel(Chain()))
    var random = Random(seed: 12)
    for _ in 0..<50 {
      let positions = sim.model.axes.map { axis in
        axis.range.map { random.uniform($0) } ?? random.uniform(-1...1)
      }
      let pose = Pose(
        position: [random.uniform(-2...2), random.uniform(-2...2), random.uniform(0...3)],
        orientation: Quaternion(
          roll: random.uniform(-3...3), pitch: random.uniform(-1.5...1.5), yaw: random.uniform(-3...3)))
      sim.place(at: pose, positions: positions)
      for axis in positions.indices { #expect(abs(sim.position(ofAxis: axis) - positions[axis]) < 1e-9) }
      #expect(sim.maximumJointGap < 1e-9)
      #expect((sim.pose(of: LinkID(index: 0)).position - pose.position).length < 1e-12)
    }
  }

  @Test func aPlacedRobotStaysWhenNothingActsOnIt() throws {
    var sim = try Simulation(RobotModel(Chain()))
    let positions = [0.7, 0.2, -0.9, 1.1]
    sim.place(
      at: Pose(position: [0, 0, 1], orientation: Quaternion(roll: 0.3, pitch: -0.4, yaw: 2)), positions: positions)
    for _ in 0..<50 { try sim.advance() }
    for axis in positions.indices { #expect(abs(sim.position(ofAxis: axis) - positions[axis]) < 1e-6) }
    #expect(sim.maximumJointGap < 1e-6)
  }

  @Test func whatAnAxisDoesByItselfIsInTheWorld() throws {
    let cart = Cart(actuator: .torque(limit: 10), dynamics: JointDynamics(armature: 3))
    var sim = try Simulation(RobotModel(cart))
    try sim.advance(1)
    #expect(abs(sim.velocity(ofAxis: 0) - 10 / (2 + 3) * 0.02) < 1e-9)
  }

  @Test func positiveAnglesTurnByTheRightHand() throws {
    var sim = try Simulation(RobotModel(Chain()))
    let (arm, rod, hand) = (LinkID(index: 1), LinkID(index: 2), LinkID(index: 3))
    // About y, the right hand takes x to −z.
    sim.place(at: Pose(), positions: [.pi / 2, 0, 0, 0])
    #expect((sim.pose(of: arm).orientation.act(on: .unitX) + .unitZ).length < 1e-12)
    #expect((sim.pose(of: rod).position - Vector3(0.1, 0.05, -0.4)).length < 1e-12)
    // The slider moves along the arm's x, wherever that points.
    sim.place(at: Pose(), positions: [.pi / 2, 0.2, 0, 0])
    #expect((sim.pose(of: rod).position - Vector3(0.1, 0.05, -0.6)).length < 1e-12)
    // About z, the right hand takes x to y; the second axis of a universal joint turns with the first.
    sim.place(at: Pose(), positions: [0, 0, 0, .pi / 2])
    #expect((sim.pose(of: hand).orientation.act(on: .unitX) - .unitY).length < 1e-12)
    sim.place(at: Pose(), positions: [0, 0, .pi / 2, .pi / 4])
    let half = 0.5.squareRoot()
    #expect((sim.pose(of: hand).orientation.act(on: .unitX) - Vector3(0, half, -half)).length < 1e-12)
  }

  @Test func everyLinkMovesWithThePlacedVelocity() throws {
    var sim = try Simulation(RobotModel(Chain()))
    sim.place(at: sim.rootPose, velocity: [1, -2, 0.5], positions: [0.5, 0.1, 0.2, 0.3])
    for index in sim.model.linkNames.indices {
      #expect((sim.velocity(of: LinkID(index: index)) - Vector3(1, -2, 0.5)).length < 1e-12)
      #expect(sim.angularVelocity(of: LinkID(index: index)).length < 1e-12)
    }
    for axis in 0..<sim.axisCount { #expect(abs(sim.velocity(ofAxis: axis)) < 1e-12) }
    let start = sim.pose(of: LinkID(index: 4)).position
    for _ in 0..<10 { try sim.advance() }
    #expect((sim.pose(of: LinkID(index: 4)).position - start - 0.2 * Vector3(1, -2, 0.5)).length < 1e-6)
  }

  /// Where a link goes when one axis alone moves a little tells where that axis lies.
  @Test func linesAreWhatTheAxesMoveAboutAndAlong() throws {
    var sim = try Simulation(RobotModel(Chain()))
    let hand = LinkID(index: 3)
    let pose = Pose(position: [0.3, -0.2, 1], orientation: Quaternion(roll: 0.3, pitch: -0.4, yaw: 2))
    let positions = [0.7, 0.2, -0.9, 1.1]
    sim.place(at: pose, positions: positions)
    let grip: Vector3 = [0.1, 0.2, -0.3]
    let here = sim.pose(of: hand)
    for axis in positions.indices {
      let (point, direction) = sim.line(ofAxis: axis)
      #expect(abs(direction.length - 1) < 1e-12)
      var moved = positions
      moved[axis] += 1e-6
      let there = sim.pose(of: hand, at: pose, positions: moved)
      let way = (there.act(on: grip) - here.act(on: grip)) / 1e-6
      let expected = axis == 1 ? direction : direction.cross(here.act(on: grip) - point)
      #expect((way - expected).length < 1e-5)
    }
  }

  @Test func foreseenPosesAreThoseOfThePlacedRobot() throws {
    var sim = try Simulation(RobotModel(Chain()))
    let pose = Pose(position: [0, 1, 1], orientation: Quaternion(roll: 1, pitch: 0.4, yaw: -2))
    let positions = [-0.4, 0.1, 0.8, -0.5]
    let before = sim.pose(of: LinkID(index: 5))
    let foreseen = sim.model.linkNames.indices.map {
      sim.pose(of: LinkID(index: $0), at: pose, positions: positions)
    }
    #expect(sim.pose(of: LinkID(index: 5)) == before, "foreseeing moves nothing")
    sim.place(at: pose, positions: positions)
    for (index, foreseen) in foreseen.enumerated() {
      #expect((sim.pose(of: LinkID(index: index)).position - foreseen.position).length < 1e-12)
    }
  }

  // MARK: Room

  /// Two rods in a row on a post of 0.3 m: the second can fold back into the post and reach the ground.
  private struct Folding: Robot {
    let name = "folding"
    var physics = PhysicsSettings()
    var body: Link {
      Link("post", .box(size: [0.1, 0.1, 0.3]), mass: 1, at: [0, 0, 0.15], joint: .fixed) {
        Link(
          "first", .box(size: [0.4, 0.04, 0.04]), mass: 1, center: [0.25, 0, 0],
          joint: .hinge(Axis("shoulder", .unitY, range: -3...3))
        ) {
          Link(
            "second", .box(size: [0.5, 0.04, 0.04]), mass: 1, center: [0.3, 0, 0], at: [0.5, 0, 0],
            joint: .hinge(Axis("elbow", .unitZ, range: -3.1...3.1)))
        }
      }
    }
  }

  @Test func clearPosesTouchNeitherGroundNorRobot() throws {
    var sim = try Simulation(RobotModel(Folding()))
    var inTheAir = try Simulation(RobotModel(Folding(physics: PhysicsSettings(hasGround: false))))
    // The root may stand on the ground; the tip may not be in it.
    let straight = sim.isClear(at: sim.rootPose, positions: [0, 0])
    let inTheGround = sim.isClear(at: sim.rootPose, positions: [0.6, 0])
    let withoutGround = inTheAir.isClear(at: sim.rootPose, positions: [0.6, 0])
    #expect(straight && !inTheGround && withoutGround)
    // Bent by 2 rad the second rod passes the post; folded right back it goes through it.
    let past = sim.isClear(at: sim.rootPose, positions: [0, 2])
    let through = sim.isClear(at: sim.rootPose, positions: [0, 3.1])
    #expect(past && !through)
  }

  /// What counts as clear does not touch when it is tried out.
  @Test func whatIsClearDoesNotTouch() throws {
    var sim = try Simulation(RobotModel(Folding()))
    var random = Random(seed: 4)
    var counts = (clear: 0, touching: 0)
    for _ in 0..<400 {
      let positions = [random.uniform(-1...1), random.uniform(-3...3)]
      let isClear = sim.isClear(at: sim.rootPose, positions: positions)
      sim.place(at: sim.rootPose, positions: positions)
      try sim.advance()
      let (first, second) = (LinkID(index: 1), LinkID(index: 2))
      let touches =
        sim.groundContactSteps(first) & 1 != 0 || sim.groundContactSteps(second) & 1 != 0
        || sim.touchesAnotherLink(second)
      if isClear {
        counts.clear += 1
        #expect(!touches)
      } else if touches {
        counts.touching += 1
      }
    }
    #expect(counts.clear > 50 && counts.touching > 50)
  }

  // MARK: Heights

  @Test func lowestPointLooksAtTheWholeRobot() throws {
    var sim = try Simulation(RobotModel(Chain()))
    // Stretched out, the bob hangs lowest: 0.15 below the hand, with a radius of 0.02.
    let stretched = sim.lowestPoint(at: Pose(position: [0, 0, 1]), positions: [0, 0, 0, 0])
    #expect(abs(stretched - 0.83) < 1e-12)
    // The arm hanging down: hinge at 1, rod at 0.6, hand at 0.35, the tool 0.1 below that; of the cylinder, now lying,
    // 0.02 more.
    let hanging = sim.lowestPoint(at: Pose(position: [0, 0, 1]), positions: [.pi / 2, 0, 0, 0])
    #expect(abs(hanging - 0.23) < 1e-12)
  }

  @Test func lowestPointForeseesThePlacedRobot() throws {
    var sim = try Simulation(RobotModel(Chain()))
    var random = Random(seed: 3)
    for _ in 0..<20 {
      let positions = sim.model.axes.map { _ in random.uniform(-0.1...0.3) }
      let pose = Pose(position: [0, 0, 1], orientation: Quaternion(roll: random.uniform(-3...3), pitch: 0.4, yaw: 1))
      sim.place(at: pose, positions: positions)
      let lowest = sim.model.linkNames.indices.reduce(Double.infinity) {
        min($0, sim.clearance(of: LinkID(index: $1)))
      }
      let foreseen = sim.lowestPoint(at: pose, positions: positions)
      #expect(abs(foreseen - lowest) < 1e-12)
    }
  }

  @Test func groundContactIsToldStepByStep() throws {
    var sim = try Simulation(RobotModel(Block()))
    let id = LinkID(index: 0)
    // From a height of h, free fall reaches the ground after √(2h/g): 45 ms, in the third control step.
    sim.place(at: Pose(position: [0, 0, 0.06]))
    #expect(abs(sim.clearance(of: id) - 0.01) < 1e-12)
    for _ in 0..<2 {
      try sim.advance()
      #expect(!sim.touchesGround(id) && sim.groundContactSteps(id) == 0)
    }
    try sim.advance()
    #expect(sim.touchesGround(id) == true)
    #expect(sim.groundContactSteps(id) & 1 == 0 && sim.groundContactSteps(id) & 0b1000 != 0)
    for _ in 0..<20 { try sim.advance() }
    #expect(sim.groundContactSteps(id) == 0b1111)
    #expect(abs(sim.clearance(of: id)) < 0.002)
    // Lifted up, it touches nothing, and nothing of before is remembered.
    sim.place(at: Pose(position: [0, 0, 1]))
    #expect(!sim.touchesGround(id) && sim.groundContactSteps(id) == 0 && sim.time == 0)
  }

  // MARK: Acting

  private func run(_ sim: inout Simulation, _ action: Float, steps: Int) throws {
    for _ in 0..<steps { try sim.advance(action) }
  }

  @Test func torqueActuatorsPushInProportion() throws {
    var sim = try Simulation(RobotModel(Cart(actuator: .torque(limit: 10), mass: 2)))
    try run(&sim, 0.5, steps: 1)
    // 5 N on 2 kg for 20 ms; the work of a constant force is ½ F a t².
    #expect(abs(sim.velocity(ofAxis: 0) - 0.05) < 1e-6)
    #expect(abs(sim.work - 0.5 * 5 * 2.5 * 0.02 * 0.02) < 1e-6)
    #expect(abs(sim.torque(ofActuator: 0) - 5) < 1e-9)
    #expect(sim.action == [0.5])
    #expect(abs(sim.time - 0.02) < 1e-12)
    sim.place(at: sim.rootPose)
    #expect(sim.action == [0] && sim.work == 0 && sim.torque(ofActuator: 0) == 0)
  }

  @Test func positionActuatorsReachAroundTheNeutral() throws {
    let actuator = Actuator.position(stiffness: 200, damping: 40, limit: 1_000, reach: 0.5)
    var sim = try Simulation(RobotModel(Cart(actuator: actuator, neutral: 0.3)))
    #expect(abs(sim.position(ofAxis: 0) - 0.3) < 1e-12)
    try run(&sim, 0, steps: 50)
    #expect(abs(sim.position(ofAxis: 0) - 0.3) < 1e-6)
    try run(&sim, -0.4, steps: 100)
    #expect(abs(sim.position(ofAxis: 0) - 0.1) < 1e-3)
  }

  @Test func velocityActuatorsReachTheirSpeed() throws {
    var sim = try Simulation(RobotModel(Cart(actuator: .velocity(limit: 1_000, speed: 2))))
    try run(&sim, -0.25, steps: 5)
    #expect(abs(sim.velocity(ofAxis: 0) + 0.5) < 1e-6)
  }

  @Test func actionsAreClamped() throws {
    var wild = try Simulation(RobotModel(Cart(actuator: .torque(limit: 10))))
    var full = try Simulation(RobotModel(Cart(actuator: .torque(limit: 10))))
    try run(&wild, 1e30, steps: 3)
    try run(&full, 1, steps: 3)
    #expect(wild.position(ofAxis: 0) == full.position(ofAxis: 0))
    #expect(wild.action == [1])
    try run(&wild, -.infinity, steps: 1)
    #expect(wild.action == [-1])
  }

  @Test func aCommandThatIsNotANumberThrows() throws {
    var sim = try Simulation(RobotModel(Cart(actuator: .torque(limit: 10))))
    #expect(throws: PhysicsError.self) { try sim.advance(.nan) }
  }

  // MARK: Errors

  private struct Bent: Robot {
    let name = "bent"
    var joint: Joint
    var body: Link {
      Link("root", .sphere(radius: 0.1), mass: 1, joint: .fixed) {
        Link("child", .sphere(radius: 0.1), mass: 1, at: [0, 0, 1], joint: joint)
      }
    }
  }

  @Test(
    arguments: [
      .hinge(Axis("a", .zero)), .universal(Axis("a", [1, 0, 0]), Axis("b", [1, 1, 0])),
      .hinge(Axis("a", .unitX, range: -4...4)),
      .hinge(Axis("a", .unitX, actuator: .torque(limit: -1))),
      .hinge(Axis("a", .unitX, actuator: .position(stiffness: .nan, damping: 1, limit: 1, reach: 1))),
    ] as [Joint])
  func impossibleJointsThrow(_ joint: Joint) {
    #expect(throws: PhysicsError.self) { _ = try Simulation(RobotModel(Bent(joint: joint))) }
  }
}

/// How fast is too fast depends on how large a link is.
struct SpeedLimitTests {
  /// A wheel on an axle in the world, m.
  private struct Wheel: Robot {
    let name = "wheel"
    let radius: Double
    let physics = PhysicsSettings(substep: 0.001, substeps: 10, hasGround: false)
    var body: Link {
      Link(
        "wheel", .cylinder(radius: radius, length: 0.01), mass: 0.1, along: .unitY, at: [0, 0, 1],
        joint: .hinge(Axis("axle", [0, 1, 0], actuator: .torque(limit: 1, speedLimit: 1e5))))
    }
  }

  /// Turns it up to a speed; what the simulation says against it.
  private func fault(radius: Double, speed: Double) throws -> PhysicsError? {
    var sim = try Simulation(RobotModel(Wheel(radius: radius)))
    do throws(PhysicsError) {
      for _ in 0..<100_000 where sim.velocity(ofAxis: 0) < speed {
        try sim.advance(sim.velocity(ofAxis: 0) < 0.9 * speed ? 1 : 0.01)
      }
      return nil
    } catch { return error }
  }

  @Test func aSmallWheelMaySpinFast() throws {
    // 600 rad/s at 5 cm are 30 m/s at the rim.
    #expect(try fault(radius: 0.05, speed: 600) == nil)
    let fault = try fault(radius: 0.05, speed: 3_000)
    #expect(fault.map { "\($0)".contains("'wheel' moves at") } == true)
  }
}
