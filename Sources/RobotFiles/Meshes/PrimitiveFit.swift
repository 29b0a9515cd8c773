import Physics

/// Finds the primitive that stands for a mesh.
package enum PrimitiveFit {
  /// Edges, radii and lengths are at least this share of the mesh's greatest extent, so that a plate has a thickness.
  static let leastThickness = 1e-3
  /// How much smaller a later candidate must be. The first ones have fewer numbers and collide more simply, and those along
  /// the axes of the mesh's frame are mirror images of each other where the meshes are.
  private static let margin = 0.99
  /// Smaller or larger meshes, m, are none of a robot in whatever unit.
  private static let possibleExtents = 1e-9...1e9

  /// The ball, capsule, box or cylinder around all points that has the least volume, or at most 1 % more.
  ///
  /// Candidates are along the axes of the mesh's frame, along the principal axes of its convex hull as a body and as a
  /// surface, and along the normals of the hull's largest flat faces. The same points give the same result to the bit.
  ///
  /// - Parameters:
  ///   - points: the vertices of the mesh.
  ///   - scale: what their coordinates are multiplied by, axis by axis.
  /// - Returns: the shape; its pose in the frame of the mesh; its volume as a multiple of that of the convex hull, or,
  ///   where the points are as good as in a plane or a line, of that of the smallest box. Nil where there are fewer than four points,
  ///   all are in one place, or numbers are not finite.
  package static func fit(_ points: [Vector3], scale: Vector3) -> (shape: Shape, pose: Pose, ratio: Double)? {
    guard points.count >= 4, points.count < Int(Int32.max), scale.isFinite else { return nil }
    var lower = Vector3(repeating: .infinity)
    var upper = Vector3(repeating: -.infinity)
    for point in points {
      let scaled = point * scale
      guard scaled.isFinite else { return nil }
      lower = pointwiseMin(lower, scaled)
      upper = pointwiseMax(upper, scaled)
    }
    let extent = (upper - lower).max()
    guard possibleExtents.contains(extent), let hull = ConvexHull(points, scale: scale) else { return nil }
    let cloud = PointCloud(
      points: points, scale: scale, center: lower + (upper - lower) / 2, thickness: leastThickness * extent)
    let corners = PointCloud(
      points: hull.corners.map { cloud[$0] }, scale: Vector3(repeating: 1), center: .zero, thickness: cloud.thickness)
    let surface = HullSurface(hull, corners.points)
    var best: (candidate: PrimitiveCandidate, volume: Double)?
    var smallestBox = Double.infinity
    for candidate in candidates(around: corners.points, axes: surface.axes) {
      let volume = corners.enclose(candidate).shape.volume
      if candidate.kind == .box { smallestBox = min(smallestBox, volume) }
      if volume < best.map({ $0.volume * margin }) ?? .infinity { best = (candidate, volume) }
    }
    guard let best else { return nil }
    var (shape, pose) = cloud.enclose(best.candidate)
    pose.position += cloud.center
    let reference = surface.volume > 1e-3 * smallestBox ? surface.volume : smallestBox
    guard pose.isFinite, shape.volume.isFinite, shape.volume > 0 else { return nil }
    return (shape, pose, shape.volume / reference)
  }

  /// From the simplest to the least simple.
  private static func candidates(around corners: [Vector3], axes: [[Vector3]]) -> [PrimitiveCandidate] {
    var result = [PrimitiveCandidate(.ball, .identity, through: EnclosingBall(around: corners).center)]
    var known: [Vector3] = []
    for frame in axes {
      if frame.count == 3 { result.append(PrimitiveCandidate(.box, AxisFrame(x: frame[0], y: frame[1], z: frame[2]))) }
      for axis in frame where !known.contains(where: { abs($0.dot(axis)) > 1 - 1e-9 }) {
        known.append(axis)
        let frame = AxisFrame(z: axis)
        let flat = corners.map { SIMD2(frame.x.dot($0), frame.y.dot($0)) }
        let circle = EnclosingBall(around: flat.map { Vector3($0.x, $0.y, 0) })
        let middle = circle.center.x * frame.x + circle.center.y * frame.y
        for widening in [1, 1.02, 1.06, 1.15] {
          result.append(PrimitiveCandidate(.capsule(widening: widening), frame, through: middle))
        }
        if let side = EnclosingRectangle.direction(around: flat) {
          let x = side.x * frame.x + side.y * frame.y
          result.append(PrimitiveCandidate(.box, AxisFrame(x: x, y: axis.cross(x), z: axis)))
        }
        result.append(PrimitiveCandidate(.cylinder, frame, through: middle))
      }
    }
    return result
  }
}

/// A kind of shape and where it is, without its size.
struct PrimitiveCandidate {
  enum Kind: Equatable {
    case ball, box, cylinder
    /// Wider than needed it may be so much shorter that it is smaller.
    case capsule(widening: Double)
  }

  let kind: Kind
  let orientation: Quaternion
  /// The center of a ball, a point of the axis of a capsule or cylinder.
  let point: Vector3

  init(_ kind: Kind, _ frame: AxisFrame, through point: Vector3 = .zero) {
    self.kind = kind
    orientation = frame.orientation
    self.point = point
  }
}
