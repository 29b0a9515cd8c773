/// A symmetric inertia tensor in kg·m².
public struct Inertia: Sendable, Equatable {
  /// The diagonal: ∫(y²+z²)dm, ∫(x²+z²)dm, ∫(x²+y²)dm.
  public var diagonal: Vector3
  /// The products of inertia as the matrix holds them: xy, xz, yz (each −∫ of the product).
  public var offDiagonal: Vector3

  /// Makes a tensor of its diagonal and its xy, xz and yz entries.
  public init(diagonal: Vector3, offDiagonal: Vector3 = .zero) {
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
  }

  /// The product of the tensor and a vector.
  public func act(on v: Vector3) -> Vector3 {
    Vector3(
      diagonal.x * v.x + offDiagonal.x * v.y + offDiagonal.y * v.z,
      offDiagonal.x * v.x + diagonal.y * v.y + offDiagonal.z * v.z,
      offDiagonal.y * v.x + offDiagonal.z * v.y + diagonal.z * v.z)
  }

  /// The tensor R I Rᵀ of the same body in the frame that the rotation leads to.
  public func rotated(by rotation: Quaternion) -> Inertia {
    // The columns of I Rᵀ are I times the rows of R, so entry (i, j) is rowᵢ · I rowⱼ.
    let r = Matrix3(rotation)
    let (a, b, c) = (act(on: r.row0), act(on: r.row1), act(on: r.row2))
    return Inertia(
      diagonal: Vector3(r.row0.dot(a), r.row1.dot(b), r.row2.dot(c)),
      offDiagonal: Vector3(r.row0.dot(b), r.row0.dot(c), r.row1.dot(c)))
  }

  /// What a point mass at `offset` adds (parallel axes): m(|d|²1 − ddᵀ).
  static func point(mass: Double, at d: Vector3) -> Inertia {
    let square = d.dot(d)
    return Inertia(
      diagonal: mass * Vector3(square - d.x * d.x, square - d.y * d.y, square - d.z * d.z),
      offDiagonal: -mass * Vector3(d.x * d.y, d.x * d.z, d.y * d.z))
  }

  static func + (left: Inertia, right: Inertia) -> Inertia {
    Inertia(diagonal: left.diagonal + right.diagonal, offDiagonal: left.offDiagonal + right.offDiagonal)
  }

  /// Whether all leading minors are above zero (Sylvester's criterion).
  var isPositiveDefinite: Bool {
    let (d, o) = (diagonal, offDiagonal)
    let second = d.x * d.y - o.x * o.x
    let third = d.z * second - d.y * o.y * o.y - d.x * o.z * o.z + 2 * o.x * o.y * o.z
    return d.isFinite && o.isFinite && d.x > 0 && second > 0 && third > 0
  }
}

/// How heavy a body is and how it resists turning.
public struct MassProperties: Sendable, Equatable {
  /// kg.
  public var mass: Double
  /// The center of mass in the link frame, m.
  public var centerOfMass: Vector3
  /// The inertia about the center of mass, in axes parallel to the link frame's.
  public var inertia: Inertia

  /// Makes mass properties of given numbers.
  ///
  /// - Throws: `PhysicsError.invalidDefinition` for a mass that is not above 0, an inertia that is not positive definite,
  ///   or any number that is not finite.
  public init(mass: Double, centerOfMass: Vector3 = .zero, inertia: Inertia) throws(PhysicsError) {
    self.mass = mass
    self.centerOfMass = centerOfMass
    self.inertia = inertia
    try validate("mass properties")
  }

  /// The mass properties of a solid of uniform density in kg/m³.
  ///
  /// - Throws: `PhysicsError.invalidDefinition` for a density or dimension that is not finite and above 0.
  public init(_ shape: Shape, density: Double) throws(PhysicsError) {
    try self.init(shape, mass: density * shape.volume)
  }

  /// The mass properties of a solid of uniform density and the given mass in kg.
  ///
  /// - Throws: `PhysicsError.invalidDefinition` for a mass or dimension that is not finite and above 0.
  public init(_ shape: Shape, mass: Double) throws(PhysicsError) {
    try shape.validate("mass properties")
    let diagonal: Vector3
    switch shape {
    case .box(let s):
      diagonal = mass / 12 * Vector3(s.y * s.y + s.z * s.z, s.x * s.x + s.z * s.z, s.x * s.x + s.y * s.y)
    case .sphere(let r):
      diagonal = Vector3(repeating: 0.4 * mass * r * r)
    case .cylinder(let r, let length):
      let across = mass * (r * r / 4 + length * length / 12)
      diagonal = Vector3(across, across, mass * r * r / 2)
    case .capsule(let r, let length):
      // The cylinder and the two half balls share the mass by volume; a half ball's own center lies 3r/8 off its face.
      let cylinder = mass * length / (length + 4 / 3 * r)
      let caps = mass - cylinder
      let across =
        cylinder * (r * r / 4 + length * length / 12)
        + caps * (0.4 * r * r + length * length / 4 + 0.375 * length * r)
      diagonal = Vector3(across, across, cylinder * r * r / 2 + caps * 0.4 * r * r)
    }
    try self.init(mass: mass, inertia: Inertia(diagonal: diagonal))
  }

  /// The same body in another link frame, in which `pose` places its present one.
  public func moved(by pose: Pose) -> MassProperties {
    var result = self
    result.centerOfMass = pose.act(on: centerOfMass)
    result.inertia = inertia.rotated(by: pose.orientation)
    return result
  }

  /// The sum of several bodies of one link frame, rigidly joined (parallel-axis theorem).
  ///
  /// - Throws: `PhysicsError.invalidDefinition` where there is no part.
  public init(compound parts: [MassProperties]) throws(PhysicsError) {
    let mass = parts.reduce(0) { $0 + $1.mass }
    let center = parts.reduce(Vector3.zero) { $0 + $1.mass * $1.centerOfMass } / mass
    let inertia = parts.reduce(Inertia(diagonal: .zero)) {
      $0 + $1.inertia + .point(mass: $1.mass, at: $1.centerOfMass - center)
    }
    try self.init(mass: mass, centerOfMass: center, inertia: inertia)
  }

  /// The same body of another density: mass and inertia times `scale`.
  package func scaled(by scale: Double) -> MassProperties {
    var result = self
    result.mass *= scale
    result.inertia = Inertia(diagonal: scale * inertia.diagonal, offDiagonal: scale * inertia.offDiagonal)
    return result
  }

  /// Throws unless the numbers can be those of a body.
  func validate(_ owner: String) throws(PhysicsError) {
    guard mass.isFinite, mass > 0 else {
      throw .invalidDefinition("\(owner): the mass must be finite and above 0 kg, not \(mass)")
    }
    guard centerOfMass.isFinite else {
      throw .invalidDefinition("\(owner): the center of mass must be finite, not \(centerOfMass)")
    }
    guard inertia.isPositiveDefinite else {
      throw .invalidDefinition("\(owner): the inertia must be finite and positive definite, not \(inertia)")
    }
  }
}
