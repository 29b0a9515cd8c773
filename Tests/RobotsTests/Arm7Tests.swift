import Environments
import Physics
import Robotics
import Robots
import Testing

/// The seven-joint arm as a machine.
struct Arm7Tests {
  private let hand = "hand"

  private func tip(_ sim: inout Simulation, _ degrees: [Double]) throws -> Vector3 {
    let positions = degrees.map { $0 * .pi / 180 }
    return sim.pose(of: try sim.model.link(hand), at: sim.rootPose, positions: positions).act(on: Arm7.tip)
  }

  @Test func hasTheRealArmsMeasures() throws {
    let model = try RobotModel(Arm7())
    #expect(model.axes.count == 7 && model.actuatedAxes.count == 7 && !model.isFloating)
    // The real one weighs 29.9 kg, of which about 5 kg are its base.
    #expect(abs(model.totalMass - 25.61) < 1e-9)
    let stops = model.axes.map { ($0.range?.upperBound ?? 0) * 180 / .pi }
    for (stop, expected) in zip(stops, [170.0, 120, 170, 120, 170, 120, 175]) { #expect(abs(stop - expected) < 1e-9) }
    #expect(model.axes.map { $0.actuator?.drive.maxTorque } == [320, 320, 176, 176, 110, 40, 40])
    var sim = try Simulation(model)
    // 360 mm to the shoulder, 420 to the elbow, 400 to the wrist, 126 to the flange.
    let cases: [(degrees: [Double], tip: Vector3)] = [
      ([0, 0, 0, 0, 0, 0, 0], [0, 0, 1.306]),
      ([0, 90, 0, 0, 0, 0, 0], [0.946, 0, 0.36]),
      ([90, 90, 0, -90, 0, 0, 0], [0, 0.42, 0.886]),
      // Rolled by a quarter turn, the elbow bends sideways.
      ([0, 90, 90, 90, 0, 0, 0], [0.42, 0.526, 0.36]),
    ]
    for (degrees, expected) in cases {
      let found = try tip(&sim, degrees)
      #expect((found - expected).length < 1e-12)
    }
  }

  @Test func startsWithItsHandPointingDown() throws {
    var sim = try Simulation(RobotModel(Arm7()))
    let neutral = sim.model.neutralPositions
    let pose = sim.pose(of: try sim.model.link(hand), at: sim.rootPose, positions: neutral)
    #expect((pose.orientation.act(on: .unitZ) + .unitZ).length < 1e-12)
    let isClear = sim.isClear(at: sim.rootPose, positions: neutral)
    #expect(isClear)
  }

  @Test func leftAndRightAreMirrorImages() throws {
    let model = try RobotModel(Arm7())
    let signs = try #require(model.mirroredAxes()).map(\.sign)
    #expect(signs == [-1, 1, -1, 1, -1, 1, -1])
  }

  /// An action of zeros holds the arm up, stretched out or not, and its torques stay within what the real arm has.
  @Test(arguments: [[0.0, 0.52, 0, 1.57, 0, 1.05, 0], [0, 1.57, 0, 0, 0, 0, 0]])
  func standsStillWithoutACommand(_ positions: [Double]) throws {
    var sim = try Simulation(RobotModel(Arm7()))
    sim.place(at: sim.rootPose, positions: positions)
    let idle = Array(repeating: Float(0), count: 7)
    for _ in 0..<50 { try sim.step(idle.span) }
    for axis in positions.indices {
      #expect(abs(sim.position(ofAxis: axis) - positions[axis]) < 0.002)
      let limit = try #require(sim.model.axes[axis].actuator).drive.maxTorque
      #expect(abs(sim.torque(ofActuator: axis)) < 0.5 * limit)
    }
    #expect(sim.maximumJointGap < 1e-4)
    for name in sim.model.linkNames { #expect(!sim.touchesAnotherLink(try sim.model.link(name))) }
  }

  @Test func drivesReachTheirSpeeds() throws {
    var sim = try Simulation(RobotModel(Arm7()))
    for axis in 0..<7 {
      sim.place(at: sim.rootPose)
      var action = Array(repeating: Float(0), count: 7)
      action[axis] = -0.5
      for _ in 0..<5 { try sim.step(action.span) }
      let speed = try #require(sim.model.axes[axis].actuator).scale
      #expect(abs(sim.velocity(ofAxis: axis) + 0.5 * speed) < 0.01 * speed)
    }
  }
}
