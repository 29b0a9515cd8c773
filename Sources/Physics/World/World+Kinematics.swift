#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reading joint axes from the bodies.
extension World {
  /// A carried vector in world axes; of a carried point, the way to it from its body's centre of mass.
  @inline(__always)
  func direction(_ carried: Carried) -> Vector3 {
    guard let body = carried.body else { return carried.local }
    return bodies[body].engine.rotation.act(on: carried.local)
  }

  /// A carried point in the world.
  @inline(__always)
  func point(_ carried: Carried) -> Vector3 {
    guard let body = carried.body else { return carried.local }
    let engine = bodies[body].engine
    return engine.position + engine.rotation.act(on: carried.local)
  }

  /// The velocity in m/s of a point that a body carries along.
  private func velocity(of body: Int?, at point: Vector3) -> Vector3 {
    guard let body else { return .zero }
    let engine = bodies[body].engine
    return engine.linearVelocity + engine.angularVelocity.cross(point - engine.position)
  }

  private func angularVelocity(of body: Int?) -> Vector3 {
    guard let body else { return .zero }
    return bodies[body].engine.angularVelocity
  }

  /// Where an axis of a joint is and how fast it moves.
  func state(of frame: AxisFrame, _ anchor: Carried, _ joint: Int) -> AxisState {
    let parent = joints[joint].parent
    let direction = direction(frame.axis)
    if frame.isSliding {
      let point = point(anchor)
      return AxisState(
        position: (point - self.point(joints[joint].anchorOnParent)).dot(direction),
        velocity: (velocity(of: joints[joint].child, at: point) - velocity(of: parent, at: point)).dot(direction),
        direction: direction)
    }
    let pointer = self.direction(frame.pointer)
    let relative = angularVelocity(of: joints[joint].child) - angularVelocity(of: parent)
    return AxisState(
      position: atan2(pointer.dot(self.direction(frame.v)), pointer.dot(self.direction(frame.u))),
      velocity: relative.dot(direction), direction: direction)
  }
}
