import Physics
import RobotFiles
import Testing

@Suite struct MJCFGeomTests {
  private static func shape(_ attributes: String, before: String = "") throws -> FileShape {
    try #require(try MJCFText.body("<geom \(attributes)/>", before: before).colliders.first)
  }

  @Test(arguments: [
    ("size='.1'", Shape.sphere(radius: 0.1)),
    ("type='capsule' size='.1 .2'", .capsule(radius: 0.1, length: 0.4)),
    ("type='cylinder' size='.1 .2'", .cylinder(radius: 0.1, length: 0.4)),
    ("type='box' size='.1 .2 .3'", .box(size: Vector3(0.2, 0.4, 0.6))),
    ("type='capsule' size='.1 9' fromto='0 0 0 0 3 4'", .capsule(radius: 0.1, length: 5)),
    ("type='box' size='.25 9 9' fromto='0 0 0 0 3 4'", .box(size: Vector3(0.5, 0.5, 5))),
  ])
  func sizesAreRadiiAndHalfLengths(_ attributes: String, _ shape: Shape) throws {
    #expect(try Self.shape(attributes).shape == shape)
  }

  @Test func endsGiveTheMiddleAndTheAxis() throws {
    let found = try Self.shape("type='cylinder' size='.1' fromto='1 0 0 1 3 4' quat='0 1 0 0'")
    #expect(isClose(found.pose.position, Vector3(1, 1.5, 2)))
    #expect(isClose(found.pose.orientation.act(on: .unitZ), Vector3(0, -0.6, -0.8)))
  }

  @Test func anEllipsoidTouchesAsACapsuleOrBall() throws {
    let model = try MJCFText.world("<body><joint/><geom type='ellipsoid' size='.3 .1 .2'/></body>")
    let found = try #require(model.bodies[0].colliders.first)
    guard case .capsule(let radius, let length) = found.shape else { throw Failure.shape }
    #expect(isClose(radius, 0.2) && isClose(length, 0.2))
    #expect(isClose(found.pose.orientation.act(on: .unitZ), .unitX))
    #expect(
      model.warnings.map(\.description) == [
        "a.xml:1:34: <geom>: an ellipsoid touches as the capsule of its middle semi-axis and its length"
      ])
    #expect(try Self.shape("type='ellipsoid' size='.3 .3 .2'").shape == .sphere(radius: 0.3))
    let seen = try MJCFText.body("<geom type='ellipsoid' size='.3 .1 .2' contype='0' conaffinity='0'/>")
    #expect(seen.colliders.isEmpty && seen.visuals.count == 1)
  }

  @Test func whatTouchesNothingIsOnlySeen() throws {
    let body = try MJCFText.body("<geom size='.1' contype='0' conaffinity='0'/><geom size='.2'/>")
    #expect(body.visuals.map(\.shape) == [.sphere(radius: 0.1)])
    #expect(body.colliders.map(\.shape) == [.sphere(radius: 0.2)])
  }

  @Test func masksAndFrictionAreKept() throws {
    let found = try Self.shape("size='.1' contype='6' conaffinity='-1' friction='.7 .1'")
    #expect(found.category == 6 && found.mask == .max && found.friction == 0.7)
    let plain = try Self.shape("size='.1'")
    #expect(plain.category == 1 && plain.mask == 1 && plain.friction == 1)
  }

  @Test func someNumbersOfAClassAreReplaced() throws {
    let found = try Self.shape("type='box' size='.1'", before: "<default><geom size='.2 .3 .4'/></default>")
    #expect(found.shape == .box(size: Vector3(0.2, 0.6, 0.8)))
  }

  @Test(arguments: [
    ("size='0'", "the 'size' of a sphere must be a number above 0"),
    ("size='-1'", "the 'size' of a sphere must be a number above 0"),
    ("type='capsule' size='1'", "the 'size' of a capsule must be two numbers above 0"),
    ("type='box' size='1 1'", "the 'size' of a box must be three numbers above 0"),
    ("size='1 2 3 4'", "'size' must be one to three numbers, not '1 2 3 4'"),
    (
      "type='ball' size='1'",
      "'type' must be plane, hfield, sphere, capsule, ellipsoid, cylinder, box, mesh or sdf, not 'ball'"
    ),
    ("size='1' fromto='0 0 0 1 1 1'", "only a capsule, cylinder, box or ellipsoid can have 'fromto', not a sphere"),
    ("type='box' size='1' fromto='0 0 1 0 0 1'", "the points of 'fromto' are one"),
    ("type='box' size='1' pos='1 0 0' fromto='0 0 0 0 0 1'", "'pos' and 'fromto' both say where it is; one is allowed"),
    ("size='1' contype='1.5'", "'contype' must be whole and below 2³¹, not '1.5'"),
    ("size='1' contype='4294967295'", "'contype' must be whole and below 2³¹, not '4294967295'"),
    ("size='1' friction='-1'", "'friction' must not be negative"),
    ("size='1' mass='-1'", "'mass' must not be negative, not -1.0"),
    ("type='plane' size='1 1 1'", "a plane is only allowed in what does not move"),
  ])
  func impossibleGeomsAreRefused(_ attributes: String, _ text: String) {
    #expect(MJCFText.worldError("<body><joint/><geom \(attributes)/></body>") == "<geom>: \(text)")
  }

  @Test func effectsThatAreLeftOutAreSaidOnce() throws {
    let model = try MJCFText.world(
      "<body><joint/><geom size='1' priority='1'/><geom size='1' priority='2' fluidshape='ellipsoid'/></body>")
    #expect(
      model.warnings.map(\.text) == [
        "<geom>: 'priority' is left out: of two surfaces the one with more friction counts, here and in 1 more",
        "<geom>: 'fluidshape' is left out",
      ])
  }

  enum Failure: Error { case shape }
}
