import CLibODE
import CODEShim

/// A body of ODE's, its frame at the center of mass.
///
/// Safe because ODE keeps a body's numbers in one place for as long as its world lives, and only a `World`, which owns
/// both, holds one.
@safe struct EngineBody {
  let id: OpaquePointer
  private let positionPointer: UnsafePointer<Double>
  private let quaternionPointer: UnsafePointer<Double>
  private let rotationPointer: UnsafePointer<Double>
  private let linearPointer: UnsafePointer<Double>
  private let angularPointer: UnsafePointer<Double>

  init?(_ id: OpaquePointer) {
    guard let position = unsafe dBodyGetPosition(id), let quaternion = unsafe dBodyGetQuaternion(id),
      let rotation = unsafe dBodyGetRotation(id), let linear = unsafe dBodyGetLinearVel(id),
      let angular = unsafe dBodyGetAngularVel(id)
    else { return nil }
    unsafe self.id = id
    unsafe positionPointer = position
    unsafe quaternionPointer = quaternion
    unsafe rotationPointer = rotation
    unsafe linearPointer = linear
    unsafe angularPointer = angular
  }

  /// The center of mass in the world, m.
  var position: Vector3 {
    unsafe Vector3(positionPointer[0], positionPointer[1], positionPointer[2])
  }

  var quaternion: Quaternion {
    unsafe Quaternion(
      w: quaternionPointer[0], x: quaternionPointer[1], y: quaternionPointer[2], z: quaternionPointer[3])
  }

  var rotation: Matrix3 {
    @inline(__always) get {
      unsafe Matrix3(
        row0: Vector3(rotationPointer[0], rotationPointer[1], rotationPointer[2]),
        row1: Vector3(rotationPointer[4], rotationPointer[5], rotationPointer[6]),
        row2: Vector3(rotationPointer[8], rotationPointer[9], rotationPointer[10]))
    }
  }

  /// The velocity of the center of mass, m/s.
  var linearVelocity: Vector3 {
    unsafe Vector3(linearPointer[0], linearPointer[1], linearPointer[2])
  }

  /// rad/s, in world axes.
  var angularVelocity: Vector3 {
    unsafe Vector3(angularPointer[0], angularPointer[1], angularPointer[2])
  }

  /// Sets pose and rotation to the bit; `rotation` should be that of `quaternion`.
  func setPose(position: Vector3, quaternion: Quaternion, rotation r: Matrix3) {
    let position: InlineArray<3, Double> = [position.x, position.y, position.z]
    let quaternion: InlineArray<4, Double> = [quaternion.w, quaternion.x, quaternion.y, quaternion.z]
    let rotation: InlineArray<12, Double> = [
      r.row0.x, r.row0.y, r.row0.z, 0, r.row1.x, r.row1.y, r.row1.z, 0, r.row2.x, r.row2.y, r.row2.z, 0,
    ]
    unsafe position.span.withUnsafeBufferPointer { position in
      unsafe quaternion.span.withUnsafeBufferPointer { quaternion in
        unsafe rotation.span.withUnsafeBufferPointer { rotation in
          unsafe ode_shim_body_set_pose(id, position.baseAddress, quaternion.baseAddress, rotation.baseAddress)
        }
      }
    }
  }

  /// Sets mass and inertia; returns whether the engine accepts them.
  func setMass(_ mass: MassProperties) -> Bool {
    let (d, o) = (mass.inertia.diagonal, mass.inertia.offDiagonal)
    let inertia: InlineArray<6, Double> = [d.x, d.y, d.z, o.x, o.y, o.z]
    return unsafe inertia.span.withUnsafeBufferPointer {
      unsafe ode_shim_body_set_mass(id, mass.mass, $0.baseAddress) == 0
    }
  }

  func setVelocity(linear: Vector3, angular: Vector3) {
    unsafe dBodySetLinearVel(id, linear.x, linear.y, linear.z)
    unsafe dBodySetAngularVel(id, angular.x, angular.y, angular.z)
  }

  /// Adds a force on the center of mass, N, for the next substep.
  func addForce(_ force: Vector3) { unsafe dBodyAddForce(id, force.x, force.y, force.z) }

  /// Adds a torque, N·m, for the next substep.
  func addTorque(_ torque: Vector3) { unsafe dBodyAddTorque(id, torque.x, torque.y, torque.z) }

  /// Drops forces added for a substep that was not taken.
  func clearForces() {
    unsafe dBodySetForce(id, 0, 0, 0)
    unsafe dBodySetTorque(id, 0, 0, 0)
  }
}
