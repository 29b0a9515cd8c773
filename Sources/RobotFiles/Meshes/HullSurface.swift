import Physics

/// What the hull of a mesh says about which way it lies.
struct HullSurface {
  /// m³; 0 where it encloses nothing.
  let volume: Double
  /// Sets of directions, three at right angles where there are three, the frame's own first.
  let axes: [[Vector3]]

  /// - Parameter corners: those of the hull, in its order.
  init(_ hull: ConvexHull, _ corners: [Vector3]) {
    var order: [Int: Int32] = [:]
    for (i, corner) in hull.corners.enumerated() { order[corner] = Int32(i) }
    let triangles = hull.triangles.map { triangle in
      SIMD3(order[Int(triangle.x)] ?? 0, order[Int(triangle.y)] ?? 0, order[Int(triangle.z)] ?? 0)
    }
    let solid = MeshMoments(solid: corners, hull.isSolid ? triangles : [])
    volume = max(0, solid.size)
    var axes: [[Vector3]] = [[.unitX, .unitY, .unitZ]]
    for moments in [solid, MeshMoments(surface: corners, triangles), MeshMoments(points: corners)] {
      // The points themselves say something only where they have no surface.
      guard axes.count < 3, let frame = moments.principalAxes else { continue }
      axes.append(frame)
    }
    axes.append(Self.flatNormals(corners, triangles))
    self.axes = axes
  }

  /// The normals of the largest flat faces, at most four.
  private static func flatNormals(_ corners: [Vector3], _ triangles: [SIMD3<Int32>]) -> [Vector3] {
    let normals = triangles.map { triangle in
      let a = corners[Int(triangle.x)]
      return (corners[Int(triangle.y)] - a).cross(corners[Int(triangle.z)] - a)
    }
    let areas = normals.map(\.length)
    let order = areas.indices.sorted { (areas[$1], $0) < (areas[$0], $1) }
    var faces: [(normal: Vector3, area: Double)] = []
    for i in order where areas[i] > 0 {
      let normal = normals[i] / areas[i]
      if let face = faces.firstIndex(where: { abs($0.normal.dot(normal)) > 1 - 1e-6 }) {
        faces[face].area += areas[i]
      } else if faces.count < 32 {
        faces.append((normal, areas[i]))
      }
    }
    let largest = faces.indices.sorted { (faces[$1].area, $0) < (faces[$0].area, $1) }
    return largest.prefix(4).map { faces[$0].normal }
  }
}
