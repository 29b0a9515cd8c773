import Physics

/// Integrals of 1, x and x·xᵀ over a body or a surface.
package struct MeshMoments {
  /// m³ or m².
  package private(set) var size = 0.0
  private var first = Vector3.zero
  /// xx, yy, zz.
  private var squares = Vector3.zero
  /// xy, xz, yz.
  private var products = Vector3.zero

  /// Of the body that a closed surface encloses.
  package init(solid points: [Vector3], _ triangles: [SIMD3<Int32>]) {
    for triangle in triangles {
      let (a, b, c) = Self.corners(points, triangle)
      // A pyramid with its tip at the origin; those that face away from it count below 0.
      let volume = a.dot(b.cross(c)) / 6
      add(size: volume, first: volume / 4, second: volume / 20, [a + b + c, a, b, c])
    }
  }

  package init(surface points: [Vector3], _ triangles: [SIMD3<Int32>]) {
    for triangle in triangles {
      let (a, b, c) = Self.corners(points, triangle)
      let area = (b - a).cross(c - a).length / 2
      add(size: area, first: area / 3, second: area / 12, [a + b + c, a, b, c])
    }
  }

  /// Of points of the same weight.
  init(points: [Vector3]) {
    for point in points { add(size: 1, first: 1, second: 1, [point]) }
  }

  private static func corners(_ points: [Vector3], _ triangle: SIMD3<Int32>) -> (Vector3, Vector3, Vector3) {
    (points[Int(triangle.x)], points[Int(triangle.y)], points[Int(triangle.z)])
  }

  private mutating func add(size: Double, first: Double, second: Double, _ vectors: [Vector3]) {
    self.size += size
    self.first += first * vectors[0]
    for v in vectors {
      squares += second * v * v
      products += second * Vector3(v.x * v.y, v.x * v.z, v.y * v.z)
    }
  }

  /// The directions in which the spread is least, middle and greatest, in some order; nil where there is no size.
  var principalAxes: [Vector3]? {
    guard size > 0, size.isFinite else { return nil }
    let center = first / size
    let d = squares / size - center * center
    let o = products / size - Vector3(center.x * center.y, center.x * center.z, center.y * center.z)
    return Self.eigenvectors([[d.x, o.x, o.y], [o.x, d.y, o.z], [o.y, o.z, d.z]])
  }

  /// Of a symmetric matrix, by Jacobi's rotations.
  private static func eigenvectors(_ matrix: [[Double]]) -> [Vector3]? {
    var m = matrix
    var axes: [Vector3] = [.unitX, .unitY, .unitZ]
    for _ in 0..<24 {
      for (p, q) in [(0, 1), (0, 2), (1, 2)] {
        // What is this small is rounding, and turning by it would only add more.
        guard abs(m[p][q]) > 1e-15 * (abs(m[p][p]) + abs(m[q][q])) else { continue }
        let slope = (m[q][q] - m[p][p]) / (2 * m[p][q])
        let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (slope * slope + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for k in 0..<3 { (m[k][p], m[k][q]) = (cosine * m[k][p] - sine * m[k][q], sine * m[k][p] + cosine * m[k][q]) }
        for k in 0..<3 { (m[p][k], m[q][k]) = (cosine * m[p][k] - sine * m[q][k], sine * m[p][k] + cosine * m[q][k]) }
        (axes[p], axes[q]) = (cosine * axes[p] - sine * axes[q], sine * axes[p] + cosine * axes[q])
      }
    }
    return axes.allSatisfy(\.isFinite) ? axes.map(\.normalized) : nil
  }
}
