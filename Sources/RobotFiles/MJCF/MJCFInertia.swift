import Physics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Volumes and moments of inertia of geoms, solid or as shells of even thickness, as MuJoCo has them.
extension MJCFSolid {
  /// m³; nil for kinds that are no solids.
  var volume: Double? {
    switch kind {
    case .sphere: 4 * .pi / 3 * size.x * size.x * size.x
    case .capsule: .pi * size.x * size.x * (2 * size.y + 4 * size.x / 3)
    case .cylinder: .pi * size.x * size.x * 2 * size.y
    case .box: 8 * size.x * size.y * size.z
    case .ellipsoid: 4 * .pi / 3 * size.x * size.y * size.z
    case .plane, .hfield, .mesh, .sdf: nil
    }
  }

  /// m²; nil for kinds that are no solids. Of an ellipsoid Thomsen's formula, which is off by a percent at most.
  var area: Double? {
    switch kind {
    case .sphere: return 4 * .pi * size.x * size.x
    case .capsule: return 4 * .pi * size.x * (size.x + size.y)
    case .cylinder: return 2 * .pi * size.x * (size.x + 2 * size.y)
    case .box: return 8 * (size.x * size.y + size.y * size.z + size.z * size.x)
    case .ellipsoid:
      let p = 1.6075
      let (a, b, c) = (pow(size.x, p), pow(size.y, p), pow(size.z, p))
      return 4 * .pi * pow((a * b + a * c + b * c) / 3, 1 / p)
    case .plane, .hfield, .mesh, .sdf: return nil
    }
  }

  /// Moments of inertia about the axes of the geom for a mass of 1 kg, m²; nil for kinds that are no solids.
  func moments(isShell: Bool) -> Vector3? {
    switch kind {
    case .sphere: Vector3(repeating: (isShell ? 2.0 / 3 : 0.4) * size.x * size.x)
    case .capsule: capsule(isShell)
    case .cylinder: cylinder(isShell)
    case .box: isShell ? boxShell : Self.sums(size * size) / 3
    case .ellipsoid: isShell ? ellipsoidShell : Self.sums(size * size) / 5
    case .plane, .hfield, .mesh, .sdf: nil
    }
  }

  /// (y + z, x + z, x + y).
  private static func sums(_ v: Vector3) -> Vector3 { Vector3(v.y + v.z, v.x + v.z, v.x + v.y) }

  private func capsule(_ isShell: Bool) -> Vector3 {
    let (r, length) = (size.x, 2 * size.y)
    // Shares of the mass: of the middle and of both caps.
    let middle = isShell ? length / (length + 2 * r) : length / (length + 4 * r / 3)
    let caps = 1 - middle
    if isShell {
      // A half shell's own center lies r/2 off its rim.
      let across =
        middle * (r * r / 2 + length * length / 12)
        + caps * (2 * r * r / 3 + length * length / 4 + length * r / 2)
      return Vector3(across, across, middle * r * r + caps * 2 * r * r / 3)
    }
    // A half ball's own center lies 3r/8 off its face.
    let across =
      middle * (r * r / 4 + length * length / 12)
      + caps * (0.4 * r * r + length * length / 4 + 0.375 * length * r)
    return Vector3(across, across, middle * r * r / 2 + caps * 0.4 * r * r)
  }

  private func cylinder(_ isShell: Bool) -> Vector3 {
    let (r, length) = (size.x, 2 * size.y)
    guard isShell else {
      let across = r * r / 4 + length * length / 12
      return Vector3(across, across, r * r / 2)
    }
    let side = length / (length + r)
    let ends = 1 - side
    let across = side * (r * r / 2 + length * length / 12) + ends * (r * r / 4 + length * length / 4)
    return Vector3(across, across, side * r * r + ends * r * r / 2)
  }

  private var boxShell: Vector3 {
    let squares = size * size
    // Mean squares of the coordinates on the faces: an axis' two faces lie at its end, the other four spread along it.
    let faces = Vector3(size.y * size.z, size.x * size.z, size.x * size.y)
    let shares = faces / (faces.x + faces.y + faces.z)
    return Self.sums(squares * (shares + (Vector3(1, 1, 1) - shares) / 3))
  }

  /// What a skin adds that makes all semi-axes longer by 1 µm.
  private var ellipsoidShell: Vector3 {
    let outer = size + Vector3(repeating: 1e-6)
    let (small, large) = (size.x * size.y * size.z, outer.x * outer.y * outer.z)
    return (large * Self.sums(outer * outer) - small * Self.sums(size * size)) / (5 * (large - small))
  }
}

/// Mass, center and inertia of rigidly joined parts.
struct RigidSum {
  private var parts: [(mass: Double, center: Vector3, inertia: Inertia)] = []

  var isEmpty: Bool { parts.isEmpty }

  /// - Parameter inertia: about the part's center, in the axes of the sum.
  mutating func add(mass: Double, center: Vector3, inertia: Inertia) {
    parts.append((mass, center, inertia))
  }

  /// Mass, center, and inertia about it.
  var total: (mass: Double, center: Vector3, inertia: Inertia) {
    let mass = parts.reduce(0) { $0 + $1.mass }
    let center = parts.reduce(Vector3.zero) { $0 + $1.mass / mass * $1.center }
    var (diagonal, products) = (Vector3.zero, Vector3.zero)
    for part in parts {
      let d = part.center - center
      let square = d.dot(d)
      diagonal += part.inertia.diagonal + part.mass * (Vector3(repeating: square) - d * d)
      products += part.inertia.offDiagonal - part.mass * Vector3(d.x * d.y, d.x * d.z, d.y * d.z)
    }
    return (mass, center, Inertia(diagonal: diagonal, offDiagonal: products))
  }
}
