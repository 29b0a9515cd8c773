import Physics

extension MJCFCompiler {
  /// Mass and inertia of an element `inertial`, in the frame of its body.
  ///
  /// - Parameter frame: the frame that holds the element, in its body's.
  func inertial(_ element: XMLElement, frame: Pose) throws(RobotFileError) -> FileInertial {
    guard let center = try element.vector("pos") else {
      throw element.error("'pos' is missing: the center of mass")
    }
    guard element["mass"] != nil else { throw element.error("'mass' is missing") }
    var mass = 0.0
    try element.readPositive("mass", into: &mass)
    var orientation = MJCFOrientation()
    try orientation.read(element)
    var inertia = Inertia(diagonal: .zero)
    if let full = try element.numbers("fullinertia", count: 6) {
      for name in ["diaginertia", "quat", "axisangle", "euler", "xyaxes", "zaxis"] where element[name] != nil {
        throw element.error("'fullinertia' excludes '\(name)'", attribute: name)
      }
      inertia = Inertia(
        diagonal: Vector3(full[0], full[1], full[2]), offDiagonal: Vector3(full[3], full[4], full[5]))
    } else if let diagonal = try element.vector("diaginertia") {
      inertia = Inertia(diagonal: diagonal).rotated(by: try orientation.rotation(self, element))
    }
    return FileInertial(
      mass: mass, center: frame.act(on: center), inertia: inertia.rotated(by: frame.orientation),
      position: element.position)
  }

  /// Raised to the least mass and the least moments, and balanced, where the file asks for it.
  func bounded(_ inertial: FileInertial) -> FileInertial {
    guard leastMass > 0 || leastInertia > 0 || balancesInertia else { return inertial }
    var result = inertial
    result.mass = max(result.mass, leastMass)
    let principal = PrincipalAxes(result.inertia)
    var moments = principal.moments.map { max($0, leastInertia) }
    let sum = moments[0] + moments[1] + moments[2]
    if balancesInertia, moments.contains(where: { $0 > sum - $0 }) { moments = [sum / 3, sum / 3, sum / 3] }
    if moments != principal.moments { result.inertia = principal.inertia(moments) }
    return result
  }
}

/// The axes about which a symmetric tensor has no products.
struct PrincipalAxes {
  private(set) var moments: [Double]
  /// `axes[i]` belongs to `moments[i]`.
  private var axes: [Vector3]

  /// By Jacobi's rotations.
  init(_ inertia: Inertia) {
    let (d, o) = (inertia.diagonal, inertia.offDiagonal)
    var matrix = [[d.x, o.x, o.y], [o.x, d.y, o.z], [o.y, o.z, d.z]]
    var vectors = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
    for _ in 0..<32 {
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where matrix[p][q] != 0 {
        let ratio = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
        let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (1 + ratio * ratio).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        let sine = tangent * cosine
        for k in 0..<3 {
          let (a, b) = (matrix[k][p], matrix[k][q])
          (matrix[k][p], matrix[k][q]) = (cosine * a - sine * b, sine * a + cosine * b)
        }
        for k in 0..<3 {
          let (a, b) = (matrix[p][k], matrix[q][k])
          (matrix[p][k], matrix[q][k]) = (cosine * a - sine * b, sine * a + cosine * b)
          let (u, v) = (vectors[k][p], vectors[k][q])
          (vectors[k][p], vectors[k][q]) = (cosine * u - sine * v, sine * u + cosine * v)
        }
        (matrix[p][q], matrix[q][p]) = (0, 0)
      }
    }
    moments = [matrix[0][0], matrix[1][1], matrix[2][2]]
    axes = (0..<3).map { Vector3(vectors[0][$0], vectors[1][$0], vectors[2][$0]) }
  }

  /// The tensor of these axes with other moments.
  func inertia(_ moments: [Double]) -> Inertia {
    var (diagonal, products) = (Vector3.zero, Vector3.zero)
    for (moment, a) in zip(moments, axes) {
      diagonal += moment * (a * a)
      products += moment * Vector3(a.x * a.y, a.x * a.z, a.y * a.z)
    }
    return Inertia(diagonal: diagonal, offDiagonal: products)
  }
}
