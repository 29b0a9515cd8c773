import Foundation
import Physics
import RobotFiles
import Robotics
import Testing

/// Accelerations without contacts and stops against MuJoCo's, at 50 random states with random efforts.
struct AccelerationTests {
  /// So short, s, that damping changes no velocity in it, not even that of a light hand.
  private static let step = 2e-8

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
    let body = robot.body.changing { link in
      link.changeAxes { axis in
        let effort = state.joints[axis.name].map { $0[2] } ?? 0
        axis.range = nil
        axis.dynamics.friction = 0
        axis.actuator = .torque(limit: .infinity)
        axis.actuator?.scale = effort
        axis.neutral = 0
      }
      for index in link.colliders.indices { link.colliders[index].mask = 0 }
      for index in link.colliders.indices { link.colliders[index].category = 0 }
    }
    var physics = robot.physics
    physics.substep = step
    physics.substeps = 1
    physics.hasGround = false
    physics.solver = .direct
    let model = try RobotModel(RobotVariation(name: robot.name, body: body, physics: physics))
    var sim = try Simulation(
      model, settings: WorldSettings(gravity: physics.gravity, substep: step, solver: .direct, erp: 1e-9, cfm: 0))
    let joints = try model.axes.map { try #require(state.joints[$0.name], "no joint '\($0.name)'") }
    let root = state.root
    let pose =
      model.isFloating
      ? Pose(
        position: Vector3(root.position),
        orientation: Quaternion(
          w: root.quaternion[0], x: root.quaternion[1], y: root.quaternion[2], z: root.quaternion[3])
          * robot.drawnRootOrientation.conjugate)
      : sim.rootPose
    sim.place(at: pose, positions: joints.map { $0[0] }, rates: joints.map { $0[1] })
    if model.isFloating { sim.addRootMotion(root) }
    let action = model.actuatedAxes.map { _ in Float(1) }
    var speeds: [[Double]] = []
    var turns: [Vector3] = []
    for _ in 0..<2 {
      if physics.isPlanar { sim.applyRootEfforts(published, state) }
      try sim.step(action.span)
      speeds.append(model.axes.indices.map { sim.velocity(ofAxis: $0) })
      turns.append(sim.angularVelocity(of: LinkID(index: 0)))
    }
    var greatest = 1.0
    var error = 0.0
    for axis in model.axes.indices {
      let acceleration = (speeds[1][axis] - speeds[0][axis]) / step
      greatest = max(greatest, abs(joints[axis][3]))
      error = max(error, abs(acceleration - joints[axis][3]))
    }
    if model.isFloating {
      let expected = Vector3(root.angular_acceleration)
      greatest = max(greatest, expected.length)
      error = max(error, ((turns[1] - turns[0]) / step - expected).length)
    }
    return error / greatest
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
