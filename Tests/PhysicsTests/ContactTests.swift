import Physics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ContactTests {
  /// A box on a slope (gravity tilts, the ground stays), friction 0.5, so the angle of friction is 26.57°.
  private func slide(degrees: Double, solver: Solver) throws -> (distance: Double, time: Double) {
    let angle = degrees * .pi / 180
    var world = try World(
      WorldSettings(gravity: 9.81 * Vector3(sin(angle), 0, -cos(angle)), substep: 0.002, solver: solver))
    try world.addGround(Ground(friction: 0.5))
    let box = try world.addBody(
      Models.body("box", .box(size: Vector3(0.4, 0.4, 0.1)), mass: 2, at: Vector3(0, 0, 0.05)))
    try world.step(500)
    return (world.pose(of: box).position.x, world.time)
  }

  @Test(arguments: [Solver.direct, .quick(iterations: 8)])
  func boxesHoldBelowTheAngleOfFriction(_ solver: Solver) throws {
    #expect(abs(try slide(degrees: 25, solver: solver).distance) < 1e-3)
  }

  /// Above it the box slides at g (sin α − μ cos α).
  @Test(arguments: [Solver.direct, .quick(iterations: 8)])
  func boxesSlideAboveTheAngleOfFriction(_ solver: Solver) throws {
    let (distance, time) = try slide(degrees: 30, solver: solver)
    let exact = 0.5 * 9.81 * (sin(.pi / 6) - 0.5 * cos(.pi / 6)) * time * time
    #expect(near(distance, exact, 0.01 * exact))
  }

  static let resting: [(Shape, Quaternion, Double)] = [
    (.box(size: Vector3(0.2, 0.3, 0.4)), .identity, 0.2),
    (.box(size: Vector3(0.2, 0.3, 0.4)), Quaternion(angle: .pi / 2, axis: .unitX), 0.15),
    (.sphere(radius: 0.15), .identity, 0.15),
    (.capsule(radius: 0.1, length: 0.3), Quaternion(angle: .pi / 2, axis: .unitX), 0.1),
    (.capsule(radius: 0.1, length: 0.3), .identity, 0.25),
    (.cylinder(radius: 0.1, length: 0.3), Quaternion(angle: .pi / 2, axis: .unitX), 0.1),
    (.cylinder(radius: 0.1, length: 0.1), .identity, 0.05),
  ]

  /// Dropped from 1 cm onto ground at 0.5 m, every shape comes to rest at its own height.
  @Test(arguments: resting)
  func shapesRestAtTheirHeight(_ shape: Shape, _ orientation: Quaternion, _ height: Double) throws {
    var world = try World(WorldSettings(substep: 0.002))
    try world.addGround(Ground(height: 0.5))
    let body = try world.addBody(
      Models.body("body", shape, mass: 1, at: Vector3(0, 0, 0.51 + height), orientation: orientation))
    #expect(world.isOnGround(body) == false)
    try world.step(10)
    #expect(!world.isOnGround(body) && world.groundContacts(of: body) == 0)
    try world.step(990)
    #expect(near(world.pose(of: body).position.z, 0.5 + height, 1.5e-3))
    #expect(world.isOnGround(body) && world.groundContacts(of: body).nonzeroBitCount > 50)
  }

  /// At rest a contact's spring carries the weight: sink = surface layer + m g / (n k).
  @Test(arguments: [Solver.direct, .quick(iterations: 8)])
  func contactsSinkAsTheirSpringSays(_ solver: Solver) throws {
    let contact = ContactSettings(softness: .springDamper(stiffness: 1e4, damping: 200), surfaceLayer: 0.001)
    var world = try World(WorldSettings(substep: 0.002, solver: solver, contact: contact))
    try world.addGround()
    let ball = try world.addBody(Models.body("ball", .sphere(radius: 0.2), mass: 5, at: Vector3(0, 0, 0.2)))
    let box = try world.addBody(
      Models.body("box", .box(size: Vector3(0.4, 0.4, 0.2)), mass: 20, at: Vector3(3, 0, 0.1)))
    try world.step(2000)
    #expect(near(0.2 - world.pose(of: ball).position.z, 0.001 + 5 * 9.81 / 1e4, 1e-5))
    #expect(near(0.1 - world.pose(of: box).position.z, 0.001 + 20 * 9.81 / 4e4, 1e-5))
  }

  /// Three overlapping balls in a row; the first two are joined.
  private func row(ignoring: Bool = false, colliding: Bool = true) throws -> (joined: Double, free: Double, hit: [Bool])
  {
    var world = try World(WorldSettings(gravity: .zero))
    var balls: [BodyID] = []
    for index in 0..<3 {
      var definition = try Models.body("ball", .sphere(radius: 0.1), mass: 1, at: Vector3(0.18 * Double(index), 0, 0))
      definition.colliders[0].collides = colliding
      balls.append(try world.addBody(definition))
    }
    _ = try world.addJoint(
      JointDefinition(
        name: "joint", kind: .slider, parent: balls[0], child: balls[1], anchor: .zero, axes: [JointAxis(.unitX)]))
    if ignoring { world.ignoreCollisions(between: balls[2], and: balls[1]) }
    try world.step(1)
    let hit = balls.map { world.touchesBody($0) }
    try world.step(100)
    let x = balls.map { world.pose(of: $0).position.x }
    return (x[1] - x[0], x[2] - x[1], hit)
  }

  @Test func onlyStrangersCollide() throws {
    let plain = try row()
    #expect(plain.free > 0.198, "overlapping balls part")
    #expect(plain.hit == [false, true, true])
    let ignoring = try row(ignoring: true)
    #expect(near(ignoring.free, 0.18, 1e-12) && near(ignoring.joined, 0.18, 1e-12))
    #expect(ignoring.hit == [false, false, false])
    #expect(try row(colliding: false).hit == [false, false, false])
  }

  /// Whether two bodies, each put somewhere, touch.
  private func touch(_ a: Shape, _ poseA: Pose, _ b: Shape, _ poseB: Pose) throws -> Bool {
    var world = try World(WorldSettings(gravity: .zero))
    let first = try world.addBody(
      Models.body("a", a, mass: 1, at: poseA.position, orientation: poseA.orientation))
    _ = try world.addBody(Models.body("b", b, mass: 1, at: poseB.position, orientation: poseB.orientation))
    try world.step()
    return world.touchesBody(first)
  }

  /// Poses all over the place, the same in every run.
  private func poses(_ count: Int) -> [Pose] {
    (0..<count).map { index in
      let i = Double(index)
      return Pose(
        position: 0.35 * Vector3(sin(12.9 * i), sin(78.2 * i), sin(37.7 * i)),
        orientation: Quaternion(roll: 3 * sin(5.1 * i), pitch: 1.5 * sin(9.3 * i), yaw: 3 * sin(2.7 * i)))
    }
  }

  /// No pair that touches is passed over, and none is made to touch.
  @Test func ballsTouchBoxesWhereTheyOverlap() throws {
    let (size, radius) = (Vector3(0.5, 0.3, 0.1), 0.1)
    var found: [Bool] = []
    for pose in poses(300) {
      let center = pose.inverse.position
      let nearest = center.clamped(lowerBound: -size / 2, upperBound: size / 2)
      let overlap = radius - (center - nearest).length
      guard abs(overlap) > 1e-6 else { continue }
      found.append(try touch(.box(size: size), pose, .sphere(radius: radius), .identity))
      #expect(found.last == (overlap > 0), "overlap of \(overlap) m")
    }
    #expect(found.contains(true) && found.contains(false))
  }

  @Test func capsulesTouchWhereTheyOverlap() throws {
    let (radius, length) = (0.05, 0.4)
    let points = (0...100).map { length * (Double($0) / 100 - 0.5) * Vector3.unitZ }
    var found: [Bool] = []
    for pose in poses(300) {
      var distance = Double.infinity
      for a in points.map(pose.act(on:)) {
        // The other lies along z about the origin.
        let nearest = Vector3(0, 0, max(-length / 2, min(length / 2, a.z)))
        distance = min(distance, (a - nearest).length)
      }
      let overlap = 2 * radius - distance
      guard abs(overlap) > 1e-3 else { continue }
      let shape = Shape.capsule(radius: radius, length: length)
      found.append(try touch(shape, pose, shape, .identity))
      #expect(found.last == (overlap > 0), "overlap of \(overlap) m")
    }
    #expect(found.contains(true) && found.contains(false))
  }

  /// A fall is seen as contact of a body that should not touch the ground.
  @Test func unexpectedContactIsCounted() throws {
    var world = try World()
    try world.addGround()
    let foot = try world.addBody(Models.body("foot", .sphere(radius: 0.1), mass: 1, at: Vector3(0, 0, 0.1)))
    let head = try world.addBody(Models.body("head", .sphere(radius: 0.1), mass: 1, at: Vector3(2, 0, 1)))
    world.setExpectsGroundContact(foot, true)
    try world.step(40)
    #expect(world.unexpectedGroundSubsteps == 0 && world.isOnGround(foot) && !world.isOnGround(head))
    try world.step(100)
    #expect(world.unexpectedGroundSubsteps > 0 && world.isOnGround(head))
  }

  /// Friction is the product of both surfaces' shares and may change between steps.
  @Test func groundFrictionCanChange() throws {
    var world = try World(WorldSettings(substep: 0.002))
    try world.addGround()
    var definition = try Models.body("puck", .box(size: Vector3(0.4, 0.4, 0.1)), mass: 1, at: Vector3(0, 0, 0.05))
    definition.colliders[0].friction = 0.5
    let puck = try world.addBody(definition)
    try world.step(200)
    world.setGroundFriction(0.4)
    world.setVelocity(of: puck, linear: Vector3(2, 0, 0), angular: .zero)
    try world.step(100)
    #expect(near(world.centerOfMassVelocity(of: puck).x, 2 - 0.4 * 0.5 * 9.81 * 0.2, 5e-3))
    world.setGroundFriction(0)
    let speed = world.centerOfMassVelocity(of: puck).x
    try world.step(100)
    #expect(near(world.centerOfMassVelocity(of: puck).x, speed, 1e-9))
  }

  /// A standing biped carries its weight on both feet and stays up.
  @Test(arguments: [Drive.Form.implicit, .explicit], [Solver.direct, .quick(iterations: 8)])
  func bipedsStand(_ form: Drive.Form, _ solver: Solver) throws {
    var biped = try Models.Biped.make(WorldSettings(substep: 0.0025, solver: solver), form: form)
    var worst = 0.0
    for _ in 0..<200 {
      try biped.world.step(4)
      worst = max(worst, biped.world.maximumJointGap)
    }
    #expect(biped.feet.allSatisfy { biped.world.isOnGround($0) })
    #expect(near(biped.world.pose(of: biped.torso).position.z, 1.18, 0.03))
    #expect(abs(biped.world.pose(of: biped.torso).orientation.pitch) < 0.3)
    #expect(biped.world.unexpectedGroundSubsteps == 0)
    #expect(worst < (solver == .direct ? 1e-4 : 2e-3), "gap of \(worst) m")
  }
}
