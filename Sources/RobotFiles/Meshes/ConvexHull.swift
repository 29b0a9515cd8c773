import Physics

/// The convex hull of points, or nearly so: of the points rounded to 2²⁰ steps along each axis, and of at most 2,000 corners.
///
/// In whole numbers every test is exact, so that points in a plane or a line, of which meshes are full, do no harm.
package struct ConvexHull {
  /// Indices of points, ascending. Of points in a plane the corners of their outline, in a line its two ends.
  package let corners: [Int]
  /// Indices of points, counterclockwise from outside. Of points in a plane the side of the outline that faces one way.
  package let triangles: [SIMD3<Int32>]
  /// Whether the points are neither in a plane nor in a line.
  package let isSolid: Bool

  /// Nil where all points are in one place.
  ///
  /// - Parameter points: finite, fewer than 2³¹.
  package init?(_ points: [Vector3], scale: Vector3 = Vector3(repeating: 1)) {
    let grid = HullGrid(points, scale: scale)
    guard let seed = grid.seed else { return nil }
    guard let third = seed.third else {
      corners = [grid.index(seed.first), grid.index(seed.second)].sorted()
      triangles = []
      isSolid = false
      return
    }
    isSolid = seed.fourth != nil
    var places = grid.places
    let apex = Int32(places.count)
    if !isSolid { places.append(grid.corner(besides: seed.first, seed.second, third)) }
    var builder = HullBuilder(places)
    builder.build(SIMD4(seed.first, seed.second, third, seed.fourth ?? apex))
    let faces = builder.triangles.filter { $0.x < grid.count && $0.y < grid.count && $0.z < grid.count }
    triangles = faces.map { SIMD3(Int32(grid.index($0.x)), Int32(grid.index($0.y)), Int32(grid.index($0.z))) }
    var isCorner = [Bool](repeating: false, count: points.count)
    for triangle in triangles { for i in 0..<3 { isCorner[Int(triangle[i])] = true } }
    corners = isCorner.indices.filter { isCorner[$0] }
  }
}
