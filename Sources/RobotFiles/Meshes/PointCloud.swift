import Physics

/// Points to be enclosed, seen from a center.
struct PointCloud {
  let points: [Vector3]
  let scale: Vector3
  let center: Vector3
  /// The least that a shape measures.
  let thickness: Double

  subscript(_ i: Int) -> Vector3 { points[i] * scale - center }

  /// The candidate as large as it must be around all points.
  func enclose(_ candidate: PrimitiveCandidate) -> (shape: Shape, pose: Pose) {
    let frame = AxisFrame(candidate.orientation)
    let axis = Vector3(frame.x.dot(candidate.point), frame.y.dot(candidate.point), frame.z.dot(candidate.point))
    func pose(_ middle: Vector3) -> Pose {
      Pose(position: middle.x * frame.x + middle.y * frame.y + middle.z * frame.z, orientation: candidate.orientation)
    }
    var lower = Vector3(repeating: .infinity)
    var upper = Vector3(repeating: -.infinity)
    var round = 0.0
    var across = 0.0
    for i in points.indices {
      let p = frame.coordinates(self[i])
      lower = pointwiseMin(lower, p)
      upper = pointwiseMax(upper, p)
      let d = p - axis
      across = max(across, d.x * d.x + d.y * d.y)
      round = max(round, d.dot(d))
    }
    let middle = lower + (upper - lower) / 2
    let size = pointwiseMax(upper - lower, Vector3(repeating: thickness))
    switch candidate.kind {
    case .ball: return (.sphere(radius: max(round.squareRoot(), thickness / 2)), pose(axis))
    case .box: return (.box(size: size), pose(middle))
    case .cylinder:
      let radius = max(across.squareRoot(), thickness / 2)
      return (.cylinder(radius: radius, length: size.z), pose(Vector3(axis.x, axis.y, middle.z)))
    case .capsule(let widening):
      let radius = max(across.squareRoot(), thickness / 2) * widening
      let (low, high) = ends(frame, axis, radius)
      let length = max(high - low, thickness)
      return (.capsule(radius: radius, length: length), pose(Vector3(axis.x, axis.y, low + (high - low) / 2)))
    }
  }

  /// How far along its axis the middles of a capsule's caps are at least.
  private func ends(_ frame: AxisFrame, _ axis: Vector3, _ radius: Double) -> (low: Double, high: Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for i in points.indices {
      let p = frame.coordinates(self[i])
      let d = p - axis
      let cap = max(0, radius * radius - d.x * d.x - d.y * d.y).squareRoot()
      low = min(low, p.z + cap)
      high = max(high, p.z - cap)
    }
    return (low, high)
  }
}
