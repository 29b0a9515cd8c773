import CODEShim

/// A geometry of ODE's; safe for the reasons that `EngineBody` gives.
@safe struct EngineGeometry {
  fileprivate let id: OpaquePointer
}

/// A joint of ODE's; safe for the reasons that `EngineBody` gives.
@safe struct EngineJoint {
  fileprivate let id: OpaquePointer
  fileprivate let kind: ode_shim_joint_kind

  /// The load of the joint, if `keepForce(of:)` was called, on the child in the last substep: force in N and torque about its center of mass in
  /// N·m.
  var constraintForce: (force: Vector3, torque: Vector3) {
    var numbers: InlineArray<6, Double> = .init(repeating: 0)
    var span = numbers.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { unsafe ode_shim_joint_force(id, $0.baseAddress) }
    return (Vector3(numbers[0], numbers[1], numbers[2]), Vector3(numbers[3], numbers[4], numbers[5]))
  }
}

/// The rows that hold a body in a plane.
@safe struct EnginePlanarRows {
  fileprivate let rows: ode_shim_planar
}

/// The owner of an ODE world and of everything in it.
///
/// Every call that ODE could answer by ending the process goes through the C++ shim and throws instead.
@safe struct EngineWorld: ~Copyable {
  private let handle: OpaquePointer

  init(_ settings: WorldSettings) throws(PhysicsError) {
    var quickIterations: Int32 = 0
    if case .quick(let iterations) = settings.solver { quickIterations = Int32(iterations) }
    var shimSettings = ode_shim_world_settings(
      gravity: (settings.gravity.x, settings.gravity.y, settings.gravity.z), erp: settings.erp, cfm: settings.cfm,
      max_correcting_velocity: settings.contact.maxCorrectingVelocity, surface_layer: settings.contact.surfaceLayer,
      quick_iterations: quickIterations)
    guard let handle = unsafe ode_shim_world_create(&shimSettings) else { throw EngineWorld.fault }
    unsafe self.handle = handle
  }

  deinit { unsafe ode_shim_world_destroy(handle) }

  /// What the engine said last on this thread.
  private static var fault: PhysicsError {
    .engine(unsafe String(cString: ode_shim_error()))
  }

  /// Complaints about inexact solutions on this thread so far.
  static var messageCount: UInt { ode_shim_message_count() }

  func makeBody(position: Vector3, quaternion q: Quaternion, mass: MassProperties) throws(PhysicsError) -> EngineBody {
    let (i, o) = (mass.inertia.diagonal, mass.inertia.offDiagonal)
    let position: [Double] = [position.x, position.y, position.z]
    let body = unsafe ode_shim_body_create(
      handle, position, [q.w, q.x, q.y, q.z], mass.mass, [i.x, i.y, i.z, o.x, o.y, o.z])
    guard let id = unsafe body, let body = unsafe EngineBody(id) else { throw EngineWorld.fault }
    return body
  }

  func makeGeometry(_ shape: Shape, at pose: Pose, on body: EngineBody) throws(PhysicsError) -> EngineGeometry {
    let (kind, size): (ode_shim_shape, [Double]) =
      switch shape {
      case .box(let size): (ODE_SHIM_BOX, [size.x, size.y, size.z])
      case .sphere(let r): (ODE_SHIM_SPHERE, [r])
      case .capsule(let r, let length): (ODE_SHIM_CAPSULE, [r, length])
      case .cylinder(let r, let length): (ODE_SHIM_CYLINDER, [r, length])
      }
    let (p, q) = (pose.position, pose.orientation)
    guard
      let id = unsafe ode_shim_geom_create(handle, body.id, kind, size, [p.x, p.y, p.z], [q.w, q.x, q.y, q.z])
    else { throw EngineWorld.fault }
    return unsafe EngineGeometry(id: id)
  }

  func makePlane(height: Double) throws(PhysicsError) -> EngineGeometry {
    guard let id = unsafe ode_shim_plane_create(handle, height) else { throw EngineWorld.fault }
    return unsafe EngineGeometry(id: id)
  }

  func makeJoint(
    _ kind: JointDefinition.Kind, child: EngineBody, parent: EngineBody?, anchor: Vector3, axes: [Vector3]
  ) throws(PhysicsError) -> EngineJoint {
    let shimKind =
      switch kind {
      case .hinge: ODE_SHIM_HINGE
      case .slider: ODE_SHIM_SLIDER
      case .ball: ODE_SHIM_BALL
      case .universal: ODE_SHIM_UNIVERSAL
      case .fixed: ODE_SHIM_FIXED
      }
    let first = axes.first ?? .zero
    let last = axes.last ?? .zero
    let id = unsafe ode_shim_joint_create(
      handle, shimKind, child.id, parent?.id, [anchor.x, anchor.y, anchor.z], [first.x, first.y, first.z],
      [last.x, last.y, last.z])
    guard let id = unsafe id else { throw EngineWorld.fault }
    return unsafe EngineJoint(id: id, kind: shimKind)
  }

  /// Makes a motor of one row along an axis of the world that stays with the child or with the parent; see `setMotor`.
  func makeMotor(
    isSliding: Bool, child: EngineBody, parent: EngineBody?, axis: Vector3, isAxisOnChild: Bool
  ) throws(PhysicsError) -> EngineJoint {
    let kind = isSliding ? ODE_SHIM_LINEAR_MOTOR : ODE_SHIM_ANGULAR_MOTOR
    let id = unsafe ode_shim_motor_create(
      handle, kind, child.id, parent?.id, [axis.x, axis.y, axis.z], isAxisOnChild ? 1 : 0)
    guard let id = unsafe id else { throw EngineWorld.fault }
    return unsafe EngineJoint(id: id, kind: kind)
  }

  func setStops(
    _ joint: EngineJoint, axis: Int, lower: Double, upper: Double, erp: Double, cfm: Double
  ) throws(PhysicsError) {
    let result = unsafe ode_shim_joint_set_stops(joint.id, joint.kind, Int32(axis), lower, upper, erp, cfm)
    guard result == 0 else { throw EngineWorld.fault }
  }

  /// Sets a motor row: velocity + cfm · torque = target, |torque| ≤ maxTorque; 0 removes it.
  func setMotor(
    _ joint: EngineJoint, axis: Int, target: Double, cfm: Double, maxTorque: Double
  ) throws(PhysicsError) {
    let result = unsafe ode_shim_joint_set_motor(
      handle, joint.id, joint.kind, Int32(axis), target, cfm, maxTorque)
    guard result == 0 else { throw EngineWorld.fault }
  }

  /// Pushes a slider's child along its axis, and the parent back, in the next substep.
  func addSliderForce(_ joint: EngineJoint, _ force: Double) { unsafe ode_shim_slider_add_force(joint.id, force) }

  /// Keeps a joint's constraint force from now on; see `EngineJoint.constraintForce`.
  func keepForce(of joint: EngineJoint) throws(PhysicsError) {
    guard unsafe ode_shim_joint_keep_force(handle, joint.id) == 0 else { throw EngineWorld.fault }
  }

  func makePlanarRows(
    _ body: EngineBody, normal n: Vector3, u: Vector3, v: Vector3
  ) throws(PhysicsError) -> EnginePlanarRows {
    var rows = unsafe ode_shim_planar()
    let result = unsafe ode_shim_planar_create(
      handle, body.id, [n.x, n.y, n.z], [u.x, u.y, u.z], [v.x, v.y, v.z], &rows)
    guard result == 0 else { throw EngineWorld.fault }
    return unsafe EnginePlanarRows(rows: rows)
  }

  /// Sets the velocities that the rows shall have after the next substep.
  func set(_ planar: EnginePlanarRows, alongNormal: Double, aboutU: Double, aboutV: Double) throws(PhysicsError) {
    let result = unsafe ode_shim_planar_set(handle, planar.rows, alongNormal, aboutU, aboutV)
    guard result == 0 else { throw EngineWorld.fault }
  }

  /// Makes the contacts between two geometries for the next substep and returns their number.
  ///
  /// - Parameters:
  ///   - h: of the substep, s.
  ///   - deepest: raised to the depth of the deepest of them, m.
  func collide(
    _ a: EngineGeometry, _ b: EngineGeometry, surface: inout ode_shim_surface, substep h: Double, deepest: inout Double
  ) throws(PhysicsError) -> Int {
    let count = unsafe ode_shim_collide(handle, a.id, b.id, &surface, h, &deepest)
    guard count >= 0 else { throw EngineWorld.fault }
    return Int(count)
  }

  /// Has every further step measure the forces of contacts.
  func measureContacts() { unsafe ode_shim_world_measure_contacts(handle) }

  /// Adds, for each body, the force of the ground in the last substep and that of other bodies, N: six numbers a body.
  func addContactForces(to sums: inout [Double]) { unsafe ode_shim_world_add_contact_forces(handle, &sums) }

  /// The depth of the overlap of two geometries, m; 0 where they are apart.
  func depth(_ a: EngineGeometry, _ b: EngineGeometry) throws(PhysicsError) -> Double {
    let depth = unsafe ode_shim_depth(handle, a.id, b.id)
    guard depth >= 0 else { throw EngineWorld.fault }
    return depth
  }

  /// Logs all further calls of ODE; see `rerunLog`.
  func startLog() throws(PhysicsError) {
    guard unsafe ode_shim_log_start(handle) == 0 else { throw EngineWorld.fault }
  }

  /// Goes back to the start of the log and repeats all its calls of ODE.
  func rerunLog() throws(PhysicsError) {
    guard unsafe ode_shim_log_rerun(handle) == 0 else { throw EngineWorld.fault }
  }

  /// Advances by `h` seconds and removes all contacts.
  func step(_ h: Double) throws(PhysicsError) {
    guard unsafe ode_shim_world_step(handle, h) == 0 else { throw EngineWorld.fault }
  }
}
