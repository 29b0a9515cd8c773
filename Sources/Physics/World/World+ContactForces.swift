/// How hard bodies press on the ground and on each other.
extension World {
  /// Has every further step measure the forces of contacts, which costs a little time. To be called after the bodies have
  /// been added; the last bits of motion may differ from those of a world that does not measure them.
  public mutating func measureContactForces() {
    engine.measureContacts()
    contactForces = Array(repeating: 0, count: World.forcesPerBody * bodies.count)
  }

  /// Whether contact forces are measured.
  public var measuresContactForces: Bool { !contactForces.isEmpty }

  /// The force of the ground on a body in world axes, N: its mean over the substeps of the last step; zero before the first
  /// one, and in a world that does not measure contact forces. Its part along z is the normal force of level ground.
  public func groundForce(on body: BodyID) -> Vector3 { contactForce(at: World.forcesPerBody * body.index) }

  /// The force of all other bodies that touch a body, joints left out, in world axes, N; see ``groundForce(on:)``.
  public func contactForce(on body: BodyID) -> Vector3 { contactForce(at: World.forcesPerBody * body.index + 3) }

  private func contactForce(at start: Int) -> Vector3 {
    measuresContactForces
      ? Vector3(contactForces[start], contactForces[start + 1], contactForces[start + 2]) : .zero
  }

  static let forcesPerBody = 6

  mutating func clearContactForces() {
    for index in contactForces.indices { contactForces[index] = 0 }
  }

  /// Makes means of the sums over a step.
  mutating func averageContactForces(over substeps: Int) {
    for index in contactForces.indices { contactForces[index] /= Double(substeps) }
  }
}
