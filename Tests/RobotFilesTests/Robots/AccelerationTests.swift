import Foundation
import Physics
import RobotFiles
import Robotics
import Testing

/// Accelerations without contacts and stops against MuJoCo's, at 50 random states with random efforts.
struct AccelerationTests {
  /// s. The error is proportional to it where there is damping, and is taken out by that of a step of twice the length.
  private static let step = 1e-6

  @Test(arguments: PublishedRobot.all)
  func accelerationsAreThoseOfMuJoCo(_ published: PublishedRobot) throws {
    let robot = try published.loaded()
    var errors: [Double] = []
    for state in published.states { errors.append(try Self.error(of: robot, published, at: state)) }
    errors.sort()
    let (median, worst) = (errors[errors.count / 2], errors[errors.count - 1])
    if published.hasAuxiliaryLinks {
      // What the bodies between the joints of the hips change.
      #expect(median < 0.02, "median \(median), worst \(worst)")
    } else {
      #expect(median < 1e-4 && worst < 1e-3, "median \(median), worst \(worst)")
    }
  }

  /// The greatest difference of an axis' acceleration, relative to the greatest acceleration.
  private static func error(
    of robot: LoadedRobot, _ published: PublishedRobot, at state: PublishedRobot.State
  ) throws -> Double {
    let fine = try accelerations(of: robot, published, at: state, step: step)
    let coarse = try accelerations(of: robot, published, at: state, step: 2 * step)
    var greatest = 1.0
    var error = 0.0
    for (name, expected) in fine.expected {
      greatest = max(greatest, abs(expected))
      let found = try 2 * #require(fine.found[name]) - #require(coarse.found[name])
      error = max(error, abs(found - expected))
    }
    return error / greatest
  }

  /// Accelerations by axis, and those of the root's turn, as simulated and as MuJoCo has them.
  private static func accelerations(
    of robot: LoadedRobot, _ published: PublishedRobot, at state: PublishedRobot.State, step: Double
  ) throws -> (found: [String: Double], expected: [String: Double]) {
    let body = robot.body.changing { link in
      link.changeAxes { axis in
        axis.range = nil
        axis.dynamics.friction = 0
        axis.actuator = .torque(limit: .infinity)
        axis.actuator?.scale = state.joints[axis.name].map { $0[2] } ?? 0
        axis.neutral = 0
      }
      for index in link.colliders.indices { (link.colliders[index].category, link.colliders[index].mask) = (0, 0) }
    }
    var physics = robot.physics
    (physics.substep, physics.substeps, physics.hasGround, physics.solver) = (step, 1, false, .direct)
    let model = try RobotModel(RobotVariation(name: robot.name, body: body, physics: physics))
    // Without repair of the joints, which would show in the velocities of so short a step.
    var sim = try Simulation(
      model, settings: WorldSettings(gravity: physics.gravity, substep: step, solver: .direct, erp: 1e-9, cfm: 0))
    let joints = try model.axes.map { try #require(state.joints[$0.name], "no joint '\($0.name)'") }
    let q = state.root.quaternion
    let orientation = Quaternion(w: q[0], x: q[1], y: q[2], z: q[3]) * robot.drawnRootOrientation.conjugate
    let pose =
      model.isFloating ? Pose(position: Vector3(state.root.position), orientation: orientation) : sim.rootPose
    sim.place(at: pose, positions: joints.map { $0[0] }, rates: joints.map { $0[1] })
    if model.isFloating { sim.addRootMotion(state.root) }
    let action = model.actuatedAxes.map { _ in Float(1) }
    var motions: [(speeds: [Double], spin: Vector3)] = []
    // The first step from a moving state misses what depends on products of velocities.
    for _ in 0..<2 {
      if physics.isPlanar { sim.applyRootEfforts(published, state) }
      try sim.step(action.span)
      motions.append((model.axes.indices.map { sim.velocity(ofAxis: $0) }, sim.angularVelocity(of: LinkID(index: 0))))
    }
    var found: [String: Double] = [:]
    var expected: [String: Double] = [:]
    for (index, axis) in model.axes.enumerated() {
      found[axis.name] = (motions[1].speeds[index] - motions[0].speeds[index]) / step
      expected[axis.name] = joints[index][3]
    }
    guard model.isFloating else { return (found, expected) }
    let turn = (motions[1].spin - motions[0].spin) / step
    for (number, name) in ["root x", "root y", "root z"].enumerated() {
      (found[name], expected[name]) = (turn[number], state.root.angular_acceleration[number])
    }
    return (found, expected)
  }
}

extension Simulation {
  /// Applies the efforts at the slides and the hinge that let a planar root move in the file.
  fileprivate mutating func applyRootEfforts(_ published: PublishedRobot, _ state: PublishedRobot.State) {
    let root = LinkID(index: 0)
    let joints = published.joints.filter { joint in !model.axes.contains { $0.name == joint.name } }
    guard let hinge = joints.first(where: { $0.type == "hinge" }) else { return }
    let anchor = pose(of: root).act(on: Vector3(hinge.anchor) - rootPose.position)
    for joint in joints {
      let effort = (state.joints[joint.name]?[2] ?? 0) * Vector3(joint.axis)
      if joint.type == "hinge" { applyTorque(effort, to: root) } else { applyForce(effort, to: root, at: anchor) }
    }
  }

  /// Adds the motion of the root, as a rigid motion of all links.
  fileprivate mutating func addRootMotion(_ root: PublishedRobot.State.Root) {
    let (center, velocity, spin) = (Vector3(root.com), Vector3(root.com_velocity), Vector3(root.angular_velocity))
    for index in model.links.indices {
      let link = LinkID(index: index)
      let pose = pose(of: link)
      setMotion(
        of: link, pose, self.velocity(of: link) + velocity + spin.cross(pose.position - center),
        angularVelocity(of: link) + spin)
    }
  }
}
