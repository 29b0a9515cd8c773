import Physics

/// A shape in a picture, ready for rays: closed forms instead of triangles, so that outlines are round, normals exact,
/// and nothing is tessellated, clipped or sorted.
package struct Solid: Sendable {
  private enum Form {
    case box(half: Vector)
    case sphere(radius: Float)
    case capsule(radius: Float, half: Float)
    case cylinder(radius: Float, half: Float)
  }

  private let form: Form
  package let center: Vector
  /// The shape's own axes.
  private let axes: (x: Vector, y: Vector, z: Vector)
  /// Of the smallest ball around `center` that holds the shape, m.
  package let radius: Float
  let color: Vector
  /// Edges look rounded by so much, m; outlines stay sharp.
  private let bevel: Float

  /// - Parameters:
  ///   - pose: of the shape in the world.
  ///   - origin: of the picture in the world. It lies near the robot, for single precision's sake.
  package init(_ shape: Shape, at pose: Pose, origin: Vector3, color: Vector) {
    let smallest: Double
    switch shape {
    case .box(let size):
      form = .box(half: Vector(size / 2))
      smallest = size.min()
    case .sphere(let r):
      form = .sphere(radius: Float(r))
      smallest = r
    case .capsule(let r, let length):
      form = .capsule(radius: Float(r), half: Float(length / 2))
      smallest = r
    case .cylinder(let r, let length):
      form = .cylinder(radius: Float(r), half: Float(length / 2))
      smallest = min(r, length)
    }
    center = Vector(pose.position - origin)
    axes = (
      Vector(pose.orientation.act(on: .unitX)), Vector(pose.orientation.act(on: .unitY)),
      Vector(pose.orientation.act(on: .unitZ))
    )
    radius = Float(shape.boundingRadius)
    self.color = color
    bevel = Float(0.12 * smallest)
  }

  /// A direction of the world in the shape's axes.
  @inline(__always)
  private func local(_ v: Vector) -> Vector { Vector(v.dot(axes.x), v.dot(axes.y), v.dot(axes.z)) }

  /// Whether the ray comes within `radius` of the center in front of its origin.
  @inline(__always)
  package func mayMeet(_ origin: Vector, _ direction: Vector) -> Bool {
    let offset = center - origin
    let along = offset.dot(direction)
    return along > -radius && offset.dot(offset) - along * along < radius * radius
  }

  /// How far along a ray of unit `direction` it enters the shape, m; infinite if it misses or starts inside.
  package func entry(_ origin: Vector, _ direction: Vector) -> Float {
    let (o, d) = (local(origin - center), local(direction))
    switch form {
    case .box(let half): return Self.boxEntry(o, d, half)
    case .sphere(let radius): return Self.ballEntry(o, d, radius)
    case .capsule(let radius, let half):
      let side = Self.tube(o, d, radius).lowerBound
      // A little longer, or a ray might slip through the seam.
      let sideEntry = side > 0 && abs(o.z + side * d.z) <= half + 1e-3 * radius ? side : Float.infinity
      let up = Self.ballEntry(o - Vector(0, 0, half), d, radius)
      let down = Self.ballEntry(o + Vector(0, 0, half), d, radius)
      return min(sideEntry, min(up, down))
    case .cylinder(let radius, let half):
      let side = Self.tube(o, d, radius)
      let slope = 1 / d.z
      let (a, b) = ((-half - o.z) * slope, (half - o.z) * slope)
      let entry = max(side.lowerBound, min(a, b))
      return entry > 0 && entry <= min(side.upperBound, max(a, b)) ? entry : .infinity
    }
  }

  private static func boxEntry(_ o: Vector, _ d: Vector, _ half: Vector) -> Float {
    let slope = 1 / d
    let (a, b) = ((-half - o) * slope, (half - o) * slope)
    let (near, far) = (pointwiseMin(a, b), pointwiseMax(a, b))
    let entry = near.max()
    return entry > 0 && entry <= far.min() ? entry : .infinity
  }

  private static func ballEntry(_ o: Vector, _ d: Vector, _ radius: Float) -> Float {
    let along = -o.dot(d)
    // The ray's nearest point, rather than the textbook's discriminant, which cancels far away.
    let nearest = o + along * d
    let inside = radius * radius - nearest.dot(nearest)
    guard inside >= 0 else { return .infinity }
    let entry = along - inside.squareRoot()
    return entry > 0 ? entry : .infinity
  }

  /// Where along the ray it is within `radius` of the z axis; from infinity to minus infinity if nowhere.
  @inline(__always)
  private static func tube(_ o: Vector, _ d: Vector, _ radius: Float) -> (lowerBound: Float, upperBound: Float) {
    let a = d.x * d.x + d.y * d.y
    let moment = o.x * d.y - o.y * d.x
    let inside = a * radius * radius - moment * moment
    guard a > 1e-12 else {
      let isWithin = o.x * o.x + o.y * o.y <= radius * radius
      return isWithin ? (-.infinity, .infinity) : (.infinity, -.infinity)
    }
    guard inside >= 0 else { return (.infinity, -.infinity) }
    let (middle, half) = (-(o.x * d.x + o.y * d.y) / a, inside.squareRoot() / a)
    return (middle - half, middle + half)
  }

  /// The outward unit normal at a point of the surface, edges rounded.
  package func normal(at point: Vector) -> Vector {
    let p = local(point - center)
    let n: Vector
    switch form {
    case .box(let half):
      let over = pointwiseMax(Vector(abs(p.x), abs(p.y), abs(p.z)) - (half - bevel), .zero)
      n = Vector(p.x < 0 ? -over.x : over.x, p.y < 0 ? -over.y : over.y, p.z < 0 ? -over.z : over.z)
    case .sphere: n = p
    case .capsule(_, let half): n = Vector(p.x, p.y, p.z - min(max(p.z, -half), half))
    case .cylinder(let radius, let half):
      let distance = (p.x * p.x + p.y * p.y).squareRoot()
      let side = max(distance - (radius - bevel), 0) / max(distance, 1e-9)
      let end = max(abs(p.z) - (half - bevel), 0)
      n = Vector(p.x * side, p.y * side, p.z < 0 ? -end : end)
    }
    return (axes.x * n.x + axes.y * n.y + axes.z * n.z).normalized
  }

  /// How far a point is from the surface, m; below 0 inside.
  package func distance(to point: Vector) -> Float {
    let p = local(point - center)
    switch form {
    case .box(let half):
      let over = Vector(abs(p.x), abs(p.y), abs(p.z)) - half
      return pointwiseMax(over, .zero).length + min(over.max(), 0)
    case .sphere(let radius): return p.length - radius
    case .capsule(let radius, let half):
      return Vector(p.x, p.y, p.z - min(max(p.z, -half), half)).length - radius
    case .cylinder(let radius, let half):
      let over = SIMD2((p.x * p.x + p.y * p.y).squareRoot() - radius, abs(p.z) - half)
      let out = pointwiseMax(over, .zero)
      return (out.x * out.x + out.y * out.y).squareRoot() + min(over.max(), 0)
    }
  }
}
