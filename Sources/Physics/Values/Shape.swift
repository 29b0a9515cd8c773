/// A solid with its center at the origin of its own frame.
public enum Shape: Sendable, Equatable {
  /// A cuboid; `size` holds its full edge lengths in m.
  case box(size: Vector3)
  /// A ball; the radius is in m.
  case sphere(radius: Double)
  /// A cylinder along z with a half ball on either end; `length`, in m, leaves the caps out.
  case capsule(radius: Double, length: Double)
  /// A cylinder along z; radius and length in m.
  case cylinder(radius: Double, length: Double)

  /// The volume in m³.
  public var volume: Double {
    switch self {
    case .box(let size): size.x * size.y * size.z
    case .sphere(let r): 4 / 3 * .pi * r * r * r
    case .capsule(let r, let length): .pi * r * r * (length + 4 / 3 * r)
    case .cylinder(let r, let length): .pi * r * r * length
    }
  }

  /// The radius in m of the smallest ball about the origin that holds the shape.
  public var boundingRadius: Double {
    switch self {
    case .box(let size): size.length / 2
    case .sphere(let r): r
    case .capsule(let r, let length): r + length / 2
    case .cylinder(let r, let length): (r * r + length * length / 4).squareRoot()
    }
  }

  /// How far the shape reaches from its center along a direction in its own frame, m, times the direction's length: the
  /// greatest p·direction of all its points p.
  package func reach(along direction: Vector3) -> Double {
    switch self {
    case .box(let size): (abs(direction.x) * size.x + abs(direction.y) * size.y + abs(direction.z) * size.z) / 2
    case .sphere(let r): r * direction.length
    case .capsule(let r, let length): r * direction.length + abs(direction.z) * length / 2
    case .cylinder(let r, let length):
      r * (direction.x * direction.x + direction.y * direction.y).squareRoot() + abs(direction.z) * length / 2
    }
  }

  /// Throws unless every dimension is finite and above zero.
  func validate(_ owner: String) throws(PhysicsError) {
    let dimensions: [Double]
    switch self {
    case .box(let size): dimensions = [size.x, size.y, size.z]
    case .sphere(let r): dimensions = [r]
    case .capsule(let r, let length), .cylinder(let r, let length): dimensions = [r, length]
    }
    guard dimensions.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw .invalidDefinition("\(owner): every dimension of a shape must be finite and above 0, not \(self)")
    }
  }
}
