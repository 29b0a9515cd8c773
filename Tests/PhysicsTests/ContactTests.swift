import Physics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ContactTests {
  /// What a block stands on.
  enum Sole: String, CaseIterable, Sendable {
    case box, spheres, capsules

    /// Of a block of 0.4 m by 0.4 m whose soles end 0.05 m below its center.
    var colliders: [Collider] {
      let corners = [Vector3(1, 1, 0), Vector3(1, -1, 0), Vector3(-1, 1, 0), Vector3(-1, -1, 0)]
      return switch self {
      case .box: [Collider(.box(size: Vector3(0.4, 0.4, 0.1)))]
      case .spheres: corners.map { Collider(.sphere(radius: 0.03), pose: Pose(position: 0.17 * $0 - 0.02 * .unitZ)) }
      case .capsules:
        [-0.17, 0.17].map {
          Collider(
            .capsule(radius: 0.03, length: 0.3),
            pose: Pose(position: Vector3(0, $0, -0.02), orientation: Quaternion(angle: .pi / 2, axis: .unitY)))
        }
      }
    }
  }

  /// A block on a slope (gravity tilts, the ground stays), friction 0.5, so that the angle of friction is 26.57°.
  ///
  /// - Parameter heading: the direction of the fall line about z, degrees.
  /// - Returns: how far it slides along the fall line and across it after a while in which it settles, m, and for how
  ///   long, s.
  private func slide(
    _ sole: Sole, degrees: Double, heading: Double, solver: Solver, substep: Double = 0.002
  ) throws -> (along: Double, across: Double, time: Double) {
    let (slope, turn) = (degrees * .pi / 180, heading * .pi / 180)
    let fall = Vector3(cos(turn), sin(turn), 0)
    var world = try World(
      WorldSettings(gravity: 9.81 * (sin(slope) * fall - cos(slope) * .unitZ), substep: substep, solver: solver))
    try world.addGround(Ground(friction: 0.5))
    let block = try world.addBody(
      BodyDefinition(
        name: "block", pose: Pose(position: Vector3(0, 0, 0.05)),
        mass: try MassProperties(.box(size: Vector3(0.4, 0.4, 0.1)), mass: 2), colliders: sole.colliders))
    try world.step(Int((0.3 / substep).rounded()))
    let (start, speed) = (world.pose(of: block).position, world.linearVelocity(of: block))
    let before = world.time
    try world.step(Int((0.7 / substep).rounded()))
    let time = world.time - before
    let way = world.pose(of: block).position - start - time * speed
    let held = world.pose(of: block).position - start
    let slides = degrees > 26.57
    return ((slides ? way : held).dot(fall), held.dot(Vector3(-fall.y, fall.x, 0)), time)
  }

  private static let headings = (0..<16).map { 22.5 * Double($0) }

  /// Below the angle of friction it creeps by less than 1 mm a second, whichever way the slope falls.
  @Test(arguments: Sole.allCases, [Solver.direct, .quick(iterations: 8)])
  func blocksHoldBelowTheAngleOfFriction(_ sole: Sole, _ solver: Solver) throws {
    for degrees in [10.0, 20, 25] {
      for heading in Self.headings {
        let (along, across, time) = try slide(sole, degrees: degrees, heading: heading, solver: solver)
        #expect(
          abs(along) < 1e-3 * time && abs(across) < 1e-3 * time, "\(degrees)° toward \(heading)°: \(along / time) m/s")
      }
    }
  }

  /// Above it the block slides at g (sin α − μ cos α), straight down, whichever way the slope falls.
  @Test(arguments: Sole.allCases, [Solver.direct, .quick(iterations: 8)])
  func blocksSlideAboveTheAngleOfFriction(_ sole: Sole, _ solver: Solver) throws {
    for degrees in [30.0, 35, 40] {
      let slope = degrees * .pi / 180
      let exact = 9.81 * (sin(slope) - 0.5 * cos(slope))
      for heading in Self.headings {
        let (along, across, time) = try slide(sole, degrees: degrees, heading: heading, solver: solver)
        #expect(near(2 * along / time / time, exact, 0.05 * exact), "\(degrees)° toward \(heading)°")
        #expect(abs(across) < 0.01 * along, "\(degrees)° toward \(heading)°")
      }
    }
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

  /// Two balls that overlap, and the ground under both: category and mask of either shape decide what touches.
  @Test(
    arguments: [
      ((1, 1), (1, 1), true, true), ((2, 1), (1, 2), true, true), ((2, 0), (1, 0), false, true),
      ((0, 0), (1, 1), false, false), ((4, 2), (2, 4), true, false), ((0, 1), (1, 0), true, true),
      ((4, 0), (1, 4), true, false),
    ] as [((UInt32, UInt32), (UInt32, UInt32), Bool, Bool)])
  func masksDecideWhatTouches(
    _ first: (UInt32, UInt32), _ second: (UInt32, UInt32), _ touchesBall: Bool, _ touchesGround: Bool
  ) throws {
    var world = try World()
    try world.addGround(Ground(category: 1, mask: 3))
    var balls: [BodyID] = []
    for (x, (category, mask)) in [(0.0, first), (0.15, second)] {
      let shape = Collider(.sphere(radius: 0.1), category: category, mask: mask)
      balls.append(
        try world.addBody(
          BodyDefinition(
            name: "ball \(x)", pose: Pose(position: [x, 0, 0.09]),
            mass: MassProperties(.sphere(radius: 0.1), mass: 1), colliders: [shape])))
    }
    try world.step()
    #expect(world.touchesBody(balls[0]) == touchesBall)
    #expect(world.isOnGround(balls[0]) == touchesGround)
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

  @Test func groundContactIsReportedForEachBody() throws {
    var world = try World()
    try world.addGround()
    let foot = try world.addBody(Models.body("foot", .sphere(radius: 0.1), mass: 1, at: Vector3(0, 0, 0.1)))
    let head = try world.addBody(Models.body("head", .sphere(radius: 0.1), mass: 1, at: Vector3(2, 0, 1)))
    try world.step(40)
    var touching = [world.isOnGround(foot), world.isOnGround(head)]
    #expect(touching == [true, false])
    try world.step(100)
    touching = [world.isOnGround(foot), world.isOnGround(head)]
    #expect(touching == [true, true])
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
    let hasFallen = biped.world.isOnGround(biped.torso)
    #expect(!hasFallen)
    #expect(worst < (solver == .direct ? 1e-4 : 2e-3), "gap of \(worst) m")
  }
}
