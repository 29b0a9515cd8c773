#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Carried {
  /// The vector in world axes; of a point, the way to it from its body's centre of mass.
  @inline(__always)
  var direction: Vector3 {
    guard let body else { return local }
    return body.rotation.act(on: local)
  }

  /// The point in the world.
  @inline(__always)
  var point: Vector3 {
    guard let body else { return local }
    return body.position + body.rotation.act(on: local)
  }
}

extension AxisFrame {
  /// Where the axis is and how fast it moves.
  @inline(__always)
  func state() -> AxisState {
    let direction = axis.direction
    if isSliding {
      let point = anchorOnChild.point
      var velocity = child.velocity(at: point)
      if let parent { velocity -= parent.velocity(at: point) }
      return AxisState(
        position: (point - anchorOnParent.point).dot(direction), velocity: velocity.dot(direction), direction: direction
      )
    }
    let pointer = pointer.direction
    var spin = child.angularVelocity
    if let parent { spin -= parent.angularVelocity }
    return AxisState(
      position: atan2(pointer.dot(v.direction), pointer.dot(u.direction)), velocity: spin.dot(direction),
      direction: direction)
  }
}

extension EngineBody {
  /// The velocity in m/s of a point that the body carries along.
  fileprivate func velocity(at point: Vector3) -> Vector3 { linearVelocity + angularVelocity.cross(point - position) }
}
