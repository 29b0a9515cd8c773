import Physics
import Testing

/// Whether two numbers differ by no more than `tolerance`.
func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool { abs(a - b) <= tolerance }

/// Whether two vectors differ by no more than `tolerance`.
func near(_ a: Vector3, _ b: Vector3, _ tolerance: Double = 1e-12) -> Bool { (a - b).length <= tolerance }

@Suite struct QuaternionTests {
  @Test func quarterTurnAboutZTakesXToY() {
    #expect(near(Quaternion(angle: .pi / 2, axis: Vector3(0, 0, 3)).act(on: .unitX), .unitY))
  }

  @Test func productTurnsRightFirst() {
    let a = Quaternion(angle: 0.7, axis: Vector3(1, 2, 3))
    let b = Quaternion(angle: -1.1, axis: Vector3(0, 1, -1))
    let v = Vector3(0.3, -2, 5)
    #expect(near((a * b).act(on: v), a.act(on: b.act(on: v)), 1e-12))
    #expect(near((a * a.conjugate).act(on: v), v, 1e-12))
  }

  @Test(arguments: [(0.1, -0.4, 2.5), (-2.9, 1.2, -3.0), (0, 0, 0)])
  func rollPitchYawComeBack(_ angles: (Double, Double, Double)) {
    let q = Quaternion(roll: angles.0, pitch: angles.1, yaw: angles.2)
    #expect(near(q.roll, angles.0) && near(q.pitch, angles.1) && near(q.yaw, angles.2))
  }

  @Test func poseComposesAndInverts() {
    let parent = Pose(position: Vector3(1, 2, 3), orientation: Quaternion(angle: 1, axis: Vector3(1, 1, 0)))
    let child = Pose(position: Vector3(0, -1, 0.5), orientation: Quaternion(angle: -2, axis: Vector3(0, 1, 2)))
    let point = Vector3(0.2, 0.4, -0.6)
    #expect(near((parent * child).act(on: point), parent.act(on: child.act(on: point)), 1e-12))
    #expect(near((parent.inverse * parent).act(on: point), point, 1e-12))
  }
}

@Suite struct MassTests {
  @Test func shapesHaveTheirVolumes() {
    #expect(near(Shape.box(size: Vector3(1, 2, 3)).volume, 6))
    #expect(near(Shape.sphere(radius: 2).volume, 32 / 3 * .pi, 1e-12))
    #expect(near(Shape.cylinder(radius: 2, length: 3).volume, 12 * .pi))
    #expect(near(Shape.capsule(radius: 2, length: 3).volume, 12 * .pi + 32 / 3 * .pi, 1e-12))
    #expect(near(Shape.box(size: Vector3(2, 3, 6)).boundingRadius, 3.5))
    #expect(near(Shape.cylinder(radius: 3, length: 8).boundingRadius, 5))
  }

  /// Sums ∫(y²+z²)dm and the like over thin slices across z.
  @Test func capsuleInertiaIsThatOfItsSlices() throws {
    let (r, length) = (0.3, 0.8)
    let properties = try MassProperties(.capsule(radius: r, length: length), density: 1000)
    var (mass, along, across) = (0.0, 0.0, 0.0)
    let count = 200_000
    let step = (length + 2 * r) / Double(count)
    for index in 0..<count {
      let z = -length / 2 - r + (Double(index) + 0.5) * step
      let beyond = max(0, abs(z) - length / 2)
      let squaredRadius = r * r - beyond * beyond
      let slice = 1000 * .pi * squaredRadius * step
      mass += slice
      along += slice * squaredRadius / 2
      across += slice * (squaredRadius / 4 + z * z)
    }
    #expect(near(properties.mass, mass, 1e-6 * mass))
    #expect(near(properties.inertia.diagonal, Vector3(across, across, along), 1e-6 * across))
  }

  /// Axis times angle, both ways of writing a rotation, up to half a turn and back from there.
  @Test func rotationVectorIsTheShortestTurn() {
    let axis = Vector3(2, -1, 2) / 3
    for angle in [0.0, 1e-12, 1e-6, 0.3, 1.5, 3.1, .pi] {
      let rotation = Quaternion(angle: angle, axis: axis)
      let negated = Quaternion(w: -rotation.w, x: -rotation.x, y: -rotation.y, z: -rotation.z)
      #expect(near(rotation.rotationVector, angle * axis, 1e-12 * (1 + angle)))
      if angle < .pi { #expect(near(negated.rotationVector, angle * axis, 1e-12 * (1 + angle))) }
    }
    let beyond = Quaternion(angle: 2 * .pi - 0.4, axis: axis)
    #expect(near(beyond.rotationVector, -0.4 * axis, 1e-12))
    #expect(Quaternion.identity.rotationVector == .zero)
    #expect(Quaternion(w: -1, x: 0, y: 0, z: 0).rotationVector == .zero)
  }

  /// Two 1 kg balls at ±d on x: the parallel-axis theorem by hand.
  @Test func compoundObeysParallelAxes() throws {
    let ball = try MassProperties(.sphere(radius: 0.1), mass: 1)
    let left = ball.moved(by: Pose(position: Vector3(-0.5, 0, 1)))
    let right = ball.moved(by: Pose(position: Vector3(0.5, 0, 1), orientation: Quaternion(angle: 1, axis: .unitY)))
    let sum = try MassProperties(compound: [left, right])
    let own = 2 * 0.4 * 0.01
    #expect(sum.mass == 2)
    #expect(near(sum.centerOfMass, Vector3(0, 0, 1)))
    #expect(near(sum.inertia.diagonal, Vector3(own, own + 0.5, own + 0.5)))
    #expect(near(sum.inertia.offDiagonal, .zero))
  }

  /// A dumbbell along the diagonal of x and y: the products of inertia by hand.
  @Test func rotationFillsTheProducts() throws {
    let rod = try MassProperties.rodAlongX
    let turned = rod.moved(by: Pose(orientation: Quaternion(angle: .pi / 4, axis: .unitZ))).inertia
    // R diag(1, 3, 3) Rᵀ with R a turn by 45° about z.
    #expect(near(turned.diagonal, Vector3(2, 2, 3)))
    #expect(near(turned.offDiagonal, Vector3(-1, 0, 0)))
  }

  @Test func impossibleMassesThrow() {
    let unit = Inertia(diagonal: Vector3(1, 1, 1))
    #expect(throws: PhysicsError.self) { try MassProperties(mass: 0, inertia: unit) }
    #expect(throws: PhysicsError.self) { try MassProperties(mass: -1, inertia: unit) }
    #expect(throws: PhysicsError.self) { try MassProperties(mass: .nan, inertia: unit) }
    #expect(throws: PhysicsError.self) { try MassProperties(mass: .infinity, inertia: unit) }
    #expect(throws: PhysicsError.self) { try MassProperties(mass: 1, centerOfMass: Vector3(.nan, 0, 0), inertia: unit) }
    #expect(throws: PhysicsError.self) { try MassProperties(mass: 1, inertia: Inertia(diagonal: Vector3(1, 1, 0))) }
    #expect(throws: PhysicsError.self) {
      try MassProperties(mass: 1, inertia: Inertia(diagonal: Vector3(1, 1, 1), offDiagonal: Vector3(2, 0, 0)))
    }
    #expect(throws: PhysicsError.self) { try MassProperties(.sphere(radius: -1), mass: 1) }
    #expect(throws: PhysicsError.self) { try MassProperties(.box(size: Vector3(1, .nan, 1)), density: 1) }
    #expect(throws: PhysicsError.self) { try MassProperties(compound: []) }
  }
}

extension MassProperties {
  /// Mass 1 kg and principal inertias 1, 3, 3 kg·m².
  static var rodAlongX: MassProperties {
    get throws(PhysicsError) { try MassProperties(mass: 1, inertia: Inertia(diagonal: Vector3(1, 3, 3))) }
  }
}
