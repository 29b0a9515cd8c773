/// Keeping a world's state and going back to it, to the bit.
extension World {
  private static let headerCount = 14
  private static let countPerBody = 33
  private static let countPerActuator = 6

  /// How many numbers a snapshot of this world holds.
  public var snapshotCount: Int {
    World.headerCount + bodies.count * World.countPerBody + actuators.count * World.countPerActuator
      + contactForces.count
  }

  /// Replaces the contents of `snapshot` by the full state of this world, including the measurements of the last step.
  ///
  /// A world built by the same calls and restored from it continues with the same bits. Nothing is allocated where the
  /// array has the capacity.
  public func snapshot(into snapshot: inout [Double]) {
    snapshot.removeAll(keepingCapacity: true)
    snapshot.reserveCapacity(snapshotCount)
    snapshot.append(Double(bodies.count))
    snapshot.append(Double(actuators.count))
    snapshot.append(time)
    snapshot.append(fault == nil ? 0 : 1)
    snapshot.append(ground?.friction ?? 0)
    snapshot.append(Double(inexactSubsteps))
    snapshot.append(actuatorWork)
    // Unused, so that snapshots of earlier versions fit.
    snapshot.append(0)
    snapshot.append(contactScale)
    snapshot.append(dampingScale)
    snapshot.append(stepErrors.penetration)
    snapshot.append(stepErrors.jointGap)
    snapshot.append(stepErrors.turnBeyondStop)
    snapshot.append(stepErrors.slideBeyondStop)
    for body in bodies {
      let orientation = body.engine.quaternion
      // The engine computes it from the quaternion, but how that rounds is not ours to repeat.
      let rotation = body.engine.rotation
      snapshot.append(orientation.w)
      append(orientation.vector, to: &snapshot)
      append(rotation.row0, to: &snapshot)
      append(rotation.row1, to: &snapshot)
      append(rotation.row2, to: &snapshot)
      append(body.engine.position, to: &snapshot)
      append(body.engine.linearVelocity, to: &snapshot)
      append(body.engine.angularVelocity, to: &snapshot)
      append(body.externalForce, to: &snapshot)
      append(body.externalTorque, to: &snapshot)
      snapshot.append(body.onGround ? 1 : 0)
      snapshot.append(body.touchesBody ? 1 : 0)
      // Unused as well.
      snapshot.append(0)
      snapshot.append(Double(bitPattern: body.groundContacts))
      snapshot.append(body.massScale)
    }
    for actuator in actuatorStates {
      snapshot.append(actuator.target)
      snapshot.append(actuator.strength)
      snapshot.append(actuator.torque)
      snapshot.append(actuator.work)
      snapshot.append(actuator.impulse)
      snapshot.append(actuator.peakTorque)
    }
    snapshot.append(contentsOf: contactForces)
  }

  private func append(_ vector: Vector3, to snapshot: inout [Double]) {
    snapshot.append(vector.x)
    snapshot.append(vector.y)
    snapshot.append(vector.z)
  }

  /// Goes back to a snapshot of this world, or of one that was built by the same calls.
  ///
  /// A world that diverged is well again afterwards.
  ///
  /// - Throws: `PhysicsError.invalidSnapshot` for one of another world, which leaves this one as it was, and
  ///   `PhysicsError.engine` where the engine itself has failed: such a world must be rebuilt.
  public mutating func restore(from snapshot: Span<Double>) throws(PhysicsError) {
    if isBroken, let fault { throw fault }
    guard snapshot.count == snapshotCount else {
      throw .invalidSnapshot("it holds \(snapshot.count) numbers, and this world \(snapshotCount)")
    }
    guard snapshot[0] == Double(bodies.count), snapshot[1] == Double(actuators.count) else {
      throw .invalidSnapshot("it is of another number of bodies or actuators")
    }
    for index in [5, 7] where !(0...0x1p53).contains(snapshot[index]) || Int(exactly: snapshot[index]) == nil {
      throw .invalidSnapshot("its number \(index) should be a whole one")
    }
    guard snapshot[4] >= 0, snapshot[4].isFinite else {
      throw .invalidSnapshot("the ground has the friction \(snapshot[4])")
    }
    for index in [8, 9] where !World.softnessScales.contains(snapshot[index]) {
      throw .invalidSnapshot("it scales contacts or damping by \(snapshot[index])")
    }
    for index in 10...13 where snapshot[3] == 0 && !(snapshot[index] >= 0 && snapshot[index].isFinite) {
      throw .invalidSnapshot("its number \(index) is \(snapshot[index])")
    }
    for index in [2, 6] where snapshot[3] == 0 && !snapshot[index].isFinite {
      throw .invalidSnapshot("its number \(index) is \(snapshot[index])")
    }
    let bodyStart = World.headerCount
    let actuatorStart = bodyStart + bodies.count * World.countPerBody
    for index in bodies.indices {
      try checkBody(index, in: snapshot, at: bodyStart + index * World.countPerBody, isFaulted: snapshot[3] != 0)
    }
    for index in actuators.indices {
      let start = actuatorStart + index * World.countPerActuator
      guard snapshot[start].isFinite, snapshot[start + 1] >= 0, snapshot[start + 1].isFinite else {
        throw .invalidSnapshot(
          "actuator \(index) has the target \(snapshot[start]) and the strength \(snapshot[start + 1])")
      }
      for offset in 2..<World.countPerActuator where snapshot[3] == 0 && !snapshot[start + offset].isFinite {
        throw .invalidSnapshot("what actuator \(index) did is not finite")
      }
    }
    let forceStart = actuatorStart + actuators.count * World.countPerActuator
    for index in forceStart..<snapshot.count where snapshot[3] == 0 && !snapshot[index].isFinite {
      throw .invalidSnapshot("a contact force is \(snapshot[index])")
    }
    time = snapshot[2]
    fault = snapshot[3] == 0 ? nil : .diverged("the snapshot was taken after a fault")
    ground?.friction = snapshot[4]
    inexactSubsteps = Int(snapshot[5])
    actuatorWork = snapshot[6]
    setContactScale(snapshot[8])
    setDampingScale(snapshot[9])
    stepErrors = StepErrors(
      penetration: snapshot[10], jointGap: snapshot[11], turnBeyondStop: snapshot[12], slideBeyondStop: snapshot[13])
    hasMoved = true
    areAxesCurrent = false
    isPushed = true
    for index in bodies.indices {
      restoreBody(index, from: snapshot, at: bodyStart + index * World.countPerBody)
    }
    for index in actuators.indices {
      let start = actuatorStart + index * World.countPerActuator
      actuatorStates[index].target = snapshot[start]
      actuatorStates[index].strength = snapshot[start + 1]
      actuatorStates[index].torque = snapshot[start + 2]
      actuatorStates[index].work = snapshot[start + 3]
      actuatorStates[index].impulse = snapshot[start + 4]
      actuatorStates[index].peakTorque = snapshot[start + 5]
    }
    for index in contactForces.indices { contactForces[index] = snapshot[forceStart + index] }
  }

  /// The greatest difference between a unit length and what is kept as one, and between a rotation and its quaternion.
  private static let roundOff = 1e-6

  /// - Parameter isFaulted: whether the world had diverged, and may be anywhere.
  private func checkBody(
    _ index: Int, in snapshot: Span<Double>, at start: Int, isFaulted: Bool
  ) throws(PhysicsError) {
    let scale = snapshot[start + 32]
    guard World.massScales.contains(scale) else { throw .invalidSnapshot("it scales a mass by \(scale)") }
    guard !isFaulted else { return }
    for offset in 0..<28 where !snapshot[start + offset].isFinite {
      throw .invalidSnapshot("body '\(bodyNames[index])' is not in a finite state")
    }
    let quaternion = Quaternion(
      w: snapshot[start], x: snapshot[start + 1], y: snapshot[start + 2], z: snapshot[start + 3])
    let rotation = Matrix3(quaternion)
    var isTurned = abs(quaternion.norm - 1) < World.roundOff
    for (row, values) in [rotation.row0, rotation.row1, rotation.row2].enumerated() {
      for column in 0..<3 {
        isTurned = isTurned && abs(snapshot[start + 4 + 3 * row + column] - values[column]) < World.roundOff
      }
    }
    guard isTurned else { throw .invalidSnapshot("body '\(bodyNames[index])' has no proper orientation") }
  }

  private mutating func restoreBody(_ index: Int, from snapshot: Span<Double>, at start: Int) {
    func vector(_ offset: Int) -> Vector3 {
      Vector3(snapshot[start + offset], snapshot[start + offset + 1], snapshot[start + offset + 2])
    }
    let imaginary = vector(1)
    let engine = bodies[index].engine
    engine.setPose(
      position: vector(13),
      quaternion: Quaternion(w: snapshot[start], x: imaginary.x, y: imaginary.y, z: imaginary.z),
      rotation: Matrix3(row0: vector(4), row1: vector(7), row2: vector(10)))
    engine.setVelocity(linear: vector(16), angular: vector(19))
    engine.clearForces()
    bodies[index].externalForce = vector(22)
    bodies[index].externalTorque = vector(25)
    bodies[index].onGround = snapshot[start + 28] != 0
    bodies[index].touchesBody = snapshot[start + 29] != 0
    bodies[index].groundContacts = snapshot[start + 31].bitPattern
    setMassScale(of: BodyID(index: index), snapshot[start + 32])
  }
}
