#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension FixedPoint {
  /// The point in the world.
  var point: Vector3 { body?.point(local) ?? local }
}

extension AxisFrame {
  /// The axis' direction in the world.
  @inline(__always)
  var direction: Vector3 { (isAxisOnChild ? child : parent).direction(axis) }

  /// Where the axis is and how fast it moves.
  @inline(__always)
  func state() -> AxisState {
    let direction = direction
    if isSliding {
      let point = child.point(pointer)
      var velocity = child.velocity(at: point)
      if let parent { velocity -= parent.velocity(at: point) }
      return AxisState(
        position: (point - (parent?.point(u) ?? u)).dot(direction) + start, velocity: velocity.dot(direction),
        direction: direction)
    }
    let (pointerSide, planeSide) = isPointerOnChild ? (child, parent) : (parent, child)
    let pointer = pointerSide.direction(pointer)
    var spin = child.angularVelocity
    if let parent { spin -= parent.angularVelocity }
    return AxisState(
      position: atan2(pointer.dot(planeSide.direction(v)), pointer.dot(planeSide.direction(u))) + start,
      velocity: spin.dot(direction), direction: direction)
  }
}

extension EngineBody {
  /// A point that the body carries, given from its center of mass in its axes, in the world.
  func point(_ local: Vector3) -> Vector3 { position + rotation.act(on: local) }

  /// The velocity in m/s of a point of the world that the body carries along.
  fileprivate func velocity(at point: Vector3) -> Vector3 { linearVelocity + angularVelocity.cross(point - position) }
}

extension EngineBody? {
  /// A vector in the body's axes, in the world's; in a joint the world stands for no body.
  @inline(__always)
  fileprivate func direction(_ local: Vector3) -> Vector3 {
    guard let self else { return local }
    return self.rotation.act(on: local)
  }
}
