import Environments
import Physics
import Robotics
import Testing

struct LinkTests {
  @Test(
    arguments: [
      [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, -1], [-1, 0, 0], [3, -4, 12], [0, 1e-3, -1],
    ] as [Vector3])
  func shapesPointAlongTheirDirection(_ along: Vector3) throws {
    let link = Link("rod", .capsule(radius: 0.1, length: 1), mass: 1, center: [1, 2, 3], along: along)
    let pose = try #require(link.colliders.first).pose
    #expect(pose.position == [1, 2, 3])
    #expect(abs(pose.orientation.norm - 1) < 1e-12)
    let error = pose.orientation.act(on: .unitZ) - along.normalized
    #expect(error.length < 1e-12)
  }

  @Test func aLinkOfOneShapeSaysWhatItWasTold() throws {
    let link = Link("foot", .sphere(radius: 0.1), mass: 2, friction: 0.5, collides: false, at: [0, 0, 1], joint: .ball)
    let collider = try #require(link.colliders.first)
    #expect(link.name == "foot" && link.at == [0, 0, 1] && link.children.isEmpty)
    #expect(collider.shape == .sphere(radius: 0.1) && collider.friction == 0.5 && !collider.collides)
    #expect(link.joint?.kind == .ball)
    guard case .total(2) = link.mass else {
      Issue.record("the mass is \(link.mass)")
      return
    }
  }

  @Test(arguments: [false, true])
  func treesMayHoldLoopsAndConditions(_ hasTail: Bool) {
    let body = Link("body", .sphere(radius: 0.1), mass: 1) {
      for number in 1...2 { Link("leg \(number)", .sphere(radius: 0.1), mass: 1) }
      if hasTail { Link("tail", .sphere(radius: 0.1), mass: 1) }
      if hasTail {
        Link("collar", .sphere(radius: 0.1), mass: 1)
      } else {
        Link("bell", .sphere(radius: 0.1), mass: 1)
      }
    }
    #expect(body.children.map(\.name) == ["leg 1", "leg 2"] + (hasTail ? ["tail", "collar"] : ["bell"]))
  }

  @Test func degreesBecomeRadians() throws {
    let axis = Axis("knee", [0, 1, 0], degrees: -90...180, neutral: 45)
    let range = try #require(axis.range)
    #expect(abs(range.lowerBound + .pi / 2) < 1e-15 && abs(range.upperBound - .pi) < 1e-15)
    #expect(abs(axis.neutral - .pi / 4) < 1e-15)
    #expect(axis.actuator == nil)
  }

  @Test func jointsHaveTheAxesOfTheirKind() {
    let (a, b) = (Axis("a", .unitX), Axis("b", .unitY))
    #expect(Joint.hinge(a).axes.map(\.name) == ["a"] && Joint.hinge(a).kind == .hinge)
    #expect(Joint.slider(a).axes.map(\.name) == ["a"] && Joint.slider(a).kind == .slider)
    #expect(Joint.universal(a, b).axes.map(\.name) == ["a", "b"] && Joint.universal(a, b).kind == .universal)
    #expect(Joint.fixed.axes.isEmpty && Joint.ball.axes.isEmpty)
  }

  @Test func actuatorsScaleTheAction() {
    #expect(Actuator.torque(limit: 5).scale == 5)
    #expect(Actuator.torque(limit: 5).drive == .torque(maxTorque: 5))
    #expect(Actuator.velocity(limit: 5, speed: 3).scale == 3)
    #expect(Actuator.velocity(limit: 5, speed: 3).drive == .velocity(gain: .infinity, maxTorque: 5))
    let position = Actuator.position(stiffness: 1, damping: 2, limit: 3, reach: 0.5, form: .implicit)
    #expect(position.scale == 0.5)
    #expect(position.drive == .position(stiffness: 1, damping: 2, maxTorque: 3, form: .implicit))
  }

  // MARK: Lowest points

  @Test func lowestPointsWorkedOutByHand() {
    let up = Pose(position: [5, -3, 2])
    #expect(Shape.box(size: [1, 2, 3]).lowestPoint(at: up) == 0.5)
    #expect(Shape.sphere(radius: 0.25).lowestPoint(at: up) == 1.75)
    #expect(Shape.capsule(radius: 0.25, length: 1).lowestPoint(at: up) == 1.25)
    #expect(Shape.cylinder(radius: 0.25, length: 1).lowestPoint(at: up) == 1.5)

    // Lying on their sides.
    let side = Pose(position: [0, 0, 2], orientation: Quaternion(angle: .pi / 2, axis: .unitX))
    #expect(abs(Shape.box(size: [1, 2, 3]).lowestPoint(at: side) - 1) < 1e-12)
    #expect(abs(Shape.capsule(radius: 0.25, length: 1).lowestPoint(at: side) - 1.75) < 1e-12)
    #expect(abs(Shape.cylinder(radius: 0.25, length: 1).lowestPoint(at: side) - 1.75) < 1e-12)

    // Tilted by 30° about y: z falls by sin 30° = 1/2 along x and by cos 30° along z.
    let tilted = Pose(orientation: Quaternion(angle: .pi / 6, axis: .unitY))
    let cosine = 3.0.squareRoot() / 2
    #expect(abs(Shape.box(size: [1, 2, 3]).lowestPoint(at: tilted) + 0.5 * 0.5 + 1.5 * cosine) < 1e-12)
    #expect(abs(Shape.sphere(radius: 0.25).lowestPoint(at: tilted) + 0.25) < 1e-12)
    #expect(abs(Shape.capsule(radius: 0.25, length: 1).lowestPoint(at: tilted) + 0.25 + 0.5 * cosine) < 1e-12)
    #expect(abs(Shape.cylinder(radius: 0.25, length: 1).lowestPoint(at: tilted) + 0.25 * 0.5 + 0.5 * cosine) < 1e-12)
  }

  /// Points spread over the surface, none of which may be lower, and some of which must come close.
  private func surface(of shape: Shape) -> [Vector3] {
    let turns = (0..<720).map { Double($0) * .pi / 360 }
    switch shape {
    case .box(let size):
      return (0..<8).map { size / 2 * Vector3($0 & 1 == 0 ? 1 : -1, $0 & 2 == 0 ? 1 : -1, $0 & 4 == 0 ? 1 : -1) }
    case .cylinder(let radius, let length):
      return turns.flatMap { turn in
        let rim = radius * Quaternion(angle: turn, axis: .unitZ).act(on: .unitX)
        return [rim + length / 2 * .unitZ, rim - length / 2 * .unitZ]
      }
    case .sphere(let radius):
      return ball(radius)
    case .capsule(let radius, let length):
      return ball(radius).flatMap { [$0 + length / 2 * .unitZ, $0 - length / 2 * .unitZ] }
    }
  }

  private func ball(_ radius: Double) -> [Vector3] {
    (0..<180).flatMap { latitude in
      (0..<180).map { longitude in
        Quaternion(roll: 0, pitch: Double(latitude) * .pi / 179 - .pi / 2, yaw: Double(longitude) * .pi / 90)
          .act(on: [radius, 0, 0])
      }
    }
  }

  @Test(
    arguments: [
      .box(size: [0.2, 0.3, 0.5]), .sphere(radius: 0.1), .capsule(radius: 0.06, length: 0.28),
      .cylinder(radius: 0.2, length: 0.1),
    ] as [Shape])
  func lowestPointIsTheLowestOfTheSurface(_ shape: Shape) throws {
    var random = Random(seed: 2)
    let points = surface(of: shape)
    for _ in 0..<10 {
      let orientation = Quaternion(
        roll: random.uniform(-3...3), pitch: random.uniform(-1.5...1.5), yaw: random.uniform(-3...3))
      let pose = Pose(position: [1, 2, random.uniform(-1...1)], orientation: orientation)
      let found = try #require(points.map { pose.act(on: $0).z }.min())
      let claimed = shape.lowestPoint(at: pose)
      #expect(claimed <= found + 1e-12)
      #expect(found - claimed < 1e-4)
    }
  }
}
