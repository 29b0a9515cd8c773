import Physics

/// The smallest ball, or in a plane the smallest circle, that holds points.
struct EnclosingBall {
  private(set) var center: Vector3
  private(set) var radius: Double

  /// Holds the two to four points that touch it, and takes in the farthest point until none is outside.
  ///
  /// - Parameter points: at least one, finite.
  init(around points: [Vector3]) {
    center = points.first ?? .zero
    radius = 0
    var touching = [center]
    // Every round makes the ball larger, but for rounding; a handful is enough.
    for _ in 0..<64 {
      let outermost = farthest(points)
      let distance = (outermost - center).length
      guard distance > radius * (1 + 1e-13) else { break }
      guard let (ball, points) = Self.smallest(around: touching, touching: outermost), ball.radius > radius else {
        break
      }
      self = ball
      touching = points
    }
    radius = (farthest(points) - center).length
  }

  private init(center: Vector3, radius: Double) {
    self.center = center
    self.radius = radius
  }

  private func farthest(_ points: [Vector3]) -> Vector3 {
    var best = center
    var greatest = 0.0
    for point in points {
      let square = (point - center).dot(point - center)
      if square > greatest { (best, greatest) = (point, square) }
    }
    return best
  }

  /// The smallest ball around `points` and `added` that `added` touches, with the points that do.
  private static func smallest(around points: [Vector3], touching added: Vector3) -> (EnclosingBall, [Vector3])? {
    var best: (ball: EnclosingBall, touching: [Vector3])?
    // Every choice of up to three of at most four points, as bits.
    for choice in 1..<(1 << points.count) where choice.nonzeroBitCount <= 3 {
      let others = points.indices.filter { choice >> $0 & 1 == 1 }.map { points[$0] }
      guard let ball = through(added, others), ball.radius < best?.ball.radius ?? .infinity else { continue }
      let isAround = points.allSatisfy { ($0 - ball.center).length <= ball.radius * (1 + 1e-10) }
      if isAround { best = (ball, others + [added]) }
    }
    return best
  }

  /// The ball that is touched by `origin` and one to three others, with its center between them; nil where they are
  /// in a line or a plane, so that none or many are.
  private static func through(_ origin: Vector3, _ others: [Vector3]) -> EnclosingBall? {
    let edges = others.map { $0 - origin }
    let squares = edges.map { $0.dot($0) }
    let offset: Vector3
    switch edges.count {
    case 1: offset = edges[0] / 2
    case 2:
      let normal = edges[0].cross(edges[1])
      let size = normal.dot(normal)
      guard size > 1e-20 * squares[0] * squares[1] else { return nil }
      offset = (squares[0] * edges[1].cross(normal) + squares[1] * normal.cross(edges[0])) / (2 * size)
    default:
      let sides = [edges[1].cross(edges[2]), edges[2].cross(edges[0]), edges[0].cross(edges[1])]
      let volume = edges[0].dot(sides[0])
      guard volume * volume > 1e-20 * squares[0] * squares[1] * squares[2] else { return nil }
      offset = (squares[0] * sides[0] + squares[1] * sides[1] + squares[2] * sides[2]) / (2 * volume)
    }
    guard offset.isFinite else { return nil }
    return EnclosingBall(center: origin + offset, radius: offset.length)
  }
}
