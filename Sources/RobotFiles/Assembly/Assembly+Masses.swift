import Physics

/// Making masses of files possible for the engine.
extension Assembly {
  /// Sums the masses of each link and repairs what cannot be.
  ///
  /// - Throws: `RobotFileError` for a link that moves and has no mass, or an inertia for which there is no shape to take it
  ///   from.
  mutating func checkMasses() throws(RobotFileError) {
    for index in links.indices {
      let link = links[index]
      guard !link.inertials.isEmpty else {
        throw RobotFileError(
          "the link '\(link.name)' moves and has no mass; give it an <inertial>", at: link.position)
      }
      let (mass, center, inertia) = Self.sum(link.inertials)
      do throws(PhysicsError) {
        links[index].mass = try MassProperties(mass: mass, centerOfMass: center, inertia: inertia)
      } catch {
        guard let repaired = Self.uniform(link, mass: mass) else {
          throw RobotFileError(
            "the inertia of the link '\(link.name)' is not positive definite, and it has no shape to take another from",
            at: link.position)
        }
        links[index].mass = repaired
        warnings.append(
          RobotFileWarning(
            "the inertia of the link '\(link.name)' is not positive definite (diagonal \(Self.text(inertia))); that of its "
              + "shapes is taken, \(Self.text(repaired.inertia)) kg·m²", at: link.position))
      }
      noteImpossible(links[index])
    }
  }

  /// Mass, center and inertia of several parts, rigidly joined.
  private static func sum(_ parts: [FileInertial]) -> (mass: Double, center: Vector3, inertia: Inertia) {
    guard parts.count > 1 else { return (parts[0].mass, parts[0].center, parts[0].inertia) }
    let mass = parts.reduce(0) { $0 + $1.mass }
    let center = parts.reduce(Vector3.zero) { $0 + $1.mass * $1.center } / mass
    var diagonal = Vector3.zero
    var products = Vector3.zero
    for part in parts {
      let d = part.center - center
      diagonal += part.inertia.diagonal + part.mass * (Vector3(repeating: d.dot(d)) - d * d)
      products += part.inertia.offDiagonal - part.mass * Vector3(d.x * d.y, d.x * d.z, d.y * d.z)
    }
    return (mass, center, Inertia(diagonal: diagonal, offDiagonal: products))
  }

  /// The mass spread evenly over a link's shapes.
  private static func uniform(_ link: AssemblyLink, mass: Double) -> MassProperties? {
    let shapes = link.colliders.isEmpty ? link.visuals : link.colliders
    let volume = shapes.reduce(0) { $0 + $1.shape.volume }
    guard volume > 0 else { return nil }
    let parts = shapes.compactMap { shape in
      (try? MassProperties(shape.shape, mass: mass * shape.shape.volume / volume))?.moved(by: shape.pose)
    }
    return try? MassProperties(compound: parts)
  }

  /// Warns of an inertia that no solid body has; the engine takes it as it is.
  private mutating func noteImpossible(_ link: AssemblyLink) {
    guard let inertia = link.mass?.inertia else { return }
    // In any axes each moment is at most the sum of the other two.
    let d = inertia.diagonal
    let excess = max(d.x - d.y - d.z, d.y - d.x - d.z, d.z - d.x - d.y)
    guard excess > 1e-6 * max(d.x, d.y, d.z) else { return }
    warnings.append(
      RobotFileWarning(
        "no solid has the inertia of the link '\(link.name)' (diagonal \(Self.text(inertia)) kg·m²): one moment is larger "
          + "than the sum of the other two", at: link.position))
  }

  private static func text(_ inertia: Inertia) -> String {
    let d = inertia.diagonal
    return "\(d.x), \(d.y), \(d.z)"
  }
}
