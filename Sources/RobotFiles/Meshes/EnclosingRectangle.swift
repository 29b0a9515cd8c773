/// The direction of the smallest rectangle around points in a plane.
enum EnclosingRectangle {
  /// A unit vector along one of its sides; nil where all points are one.
  static func direction(around points: [SIMD2<Double>]) -> SIMD2<Double>? {
    let outline = outline(of: points)
    guard outline.count > 2 else { return outline.count == 2 ? unit(outline[1] - outline[0]) : nil }
    // One side of the smallest is along an edge of the outline. As the edge goes around, so do the corners that are
    // farthest along it, across it and back (rotating calipers).
    let count = outline.count
    func corner(_ i: Int) -> SIMD2<Double> { outline[i % count] }
    var (ahead, across, back) = (1, 1, 1)
    var best: (area: Double, direction: SIMD2<Double>)?
    for i in 0..<count {
      guard let along = unit(corner(i + 1) - corner(i)) else { continue }
      let up = SIMD2(-along.y, along.x)
      func advance(_ position: inout Int, from start: Int, _ direction: SIMD2<Double>) {
        position = max(position, start)
        while position < start + count, dot(direction, corner(position + 1) - corner(position)) > 0 { position += 1 }
      }
      advance(&ahead, from: i + 1, along)
      advance(&across, from: ahead, up)
      advance(&back, from: across, -along)
      let area = dot(along, corner(ahead) - corner(back)) * dot(up, corner(across) - corner(i))
      if area < best?.area ?? .infinity { best = (area, along) }
    }
    return best?.direction
  }

  /// The corners of the convex hull, counterclockwise.
  private static func outline(of points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    var result: [SIMD2<Double>] = []
    func add(_ point: SIMD2<Double>, keeping kept: Int) {
      while result.count > kept, turn(result[result.count - 2], result[result.count - 1], point) <= 0 {
        result.removeLast()
      }
      result.append(point)
    }
    for point in sorted where point != result.last { add(point, keeping: 1) }
    let kept = result.count
    for point in sorted.reversed().dropFirst() where point != result.last { add(point, keeping: kept) }
    if result.count > 1, result.first == result.last { result.removeLast() }
    return result
  }

  /// Above 0 where a, b, c turn left.
  private static func turn(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>) -> Double {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
  }

  private static func dot(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.x + a.y * b.y }

  private static func unit(_ v: SIMD2<Double>) -> SIMD2<Double>? {
    let length = dot(v, v).squareRoot()
    return length > 0 ? v / length : nil
  }
}
