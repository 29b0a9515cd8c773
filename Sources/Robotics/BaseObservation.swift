import Environments
import Physics

/// What legged and wheeled robots mostly observe, written as slices of usual names, units, scales and noise, mirroring
/// included. A task calls those that it wants, in `observe`.
extension ObservationCursor {
  /// In which frame a velocity is observed.
  public enum VelocityFrame: Sendable {
    /// The body's own, as an estimator on the machine has it.
    case body
    /// The body's turned about the vertical alone: x forward, y to the left, z up.
    case heading
  }

  /// Writes `gravity`: which way is down, as a unit vector in a link's frame; the attitude that an IMU measures.
  public mutating func writeGravity(
    _ sim: borrowing Simulation, of link: LinkID = LinkID(index: 0), noise: Double = 0.03,
    into row: inout MutableSpan<Float>
  ) {
    let down = sim.pose(of: link).orientation.conjugate.act(on: [0, 0, -1])
    write("gravity", down, noise: noise, mirroring: .vector, into: &row)
  }

  /// Writes `velocity`: of a link's origin, m/s. A machine has it only through an estimator; leave it to the critic
  /// (`for: .critic`) where there is none.
  public mutating func writeVelocity(
    _ sim: borrowing Simulation, of link: LinkID = LinkID(index: 0), in frame: VelocityFrame = .heading,
    noise: Double = 0.1, for audience: Audience = .both, into row: inout MutableSpan<Float>
  ) {
    let orientation = sim.pose(of: link).orientation
    let turn =
      switch frame {
      case .body: orientation.conjugate
      case .heading: Quaternion(angle: -orientation.yaw, axis: .unitZ)
      }
    write(
      "velocity", turn.act(on: sim.velocity(of: link)), unit: "m/s", noise: noise, for: audience, mirroring: .vector,
      into: &row)
  }

  /// Writes `angular velocity`: of a link in its own frame, rad/s; what a gyroscope measures.
  public mutating func writeAngularVelocity(
    _ sim: borrowing Simulation, of link: LinkID = LinkID(index: 0), scale: Double = 0.25, noise: Double = 0.2,
    into row: inout MutableSpan<Float>
  ) {
    let spin = sim.pose(of: link).orientation.conjugate.act(on: sim.angularVelocity(of: link))
    write(
      "angular velocity", spin, unit: "rad/s", scale: scale, noise: noise, mirroring: .axial, into: &row)
  }

  /// Writes `joint positions`: of some axes from their default, rad or m. Leave wheels out, which turn for ever;
  /// `RobotModel.limitedAxes` are those with stops.
  public mutating func writeJointPositions(
    _ sim: borrowing Simulation, of axes: [Int], scale: Double = 1, noise: Double = 0.01,
    into row: inout MutableSpan<Float>
  ) {
    let neutral = sim.model.neutralPositions
    write(
      "joint positions", count: axes.count, unit: "rad", scale: scale, noise: noise, mirroring: .someAxes(axes),
      into: &row
    ) { neutral.indices.contains(axes[$0]) ? sim.position(ofAxis: axes[$0]) - neutral[axes[$0]] : .nan }
  }

  /// Writes `joint velocities`: of some axes, rad/s or m/s.
  public mutating func writeJointVelocities(
    _ sim: borrowing Simulation, of axes: [Int], scale: Double = 0.1, noise: Double = 0.5,
    into row: inout MutableSpan<Float>
  ) {
    write(
      "joint velocities", count: axes.count, unit: "rad/s", scale: scale, noise: noise, mirroring: .someAxes(axes),
      into: &row
    ) { sim.velocity(ofAxis: axes[$0]) }
  }

  /// Writes `previous action`: the components of the last action.
  public mutating func writePreviousAction(_ memory: ActionMemory, into row: inout MutableSpan<Float>) {
    write("previous action", count: memory.count, mirroring: .actions, into: &row) { memory[$0] }
  }

  /// Writes `contacts`: 1 for each of these links that touches the ground, else 0.
  public mutating func writeContacts(
    _ sim: borrowing Simulation, of links: [LinkID], into row: inout MutableSpan<Float>
  ) {
    write("contacts", count: links.count, mirroring: .links(links), into: &row) {
      sim.touchesGround(links[$0]) ? 1 : 0
    }
  }
}

extension RobotModel {
  /// The axes that have stops: all but wheels and the like.
  public var limitedAxes: [Int] { axes.indices.filter { axes[$0].range != nil } }
}
