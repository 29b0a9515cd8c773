import Physics
import RobotFiles
import Testing

@Suite struct MJCFJointTests {
  private static func joint(_ attributes: String, before: String = "") throws -> FileJoint {
    let model = try MJCFText.world("<body><joint \(attributes)/><geom size='.1'/></body>", before: before)
    return try #require(model.bodies.first?.joints.first)
  }

  private static func jointError(_ joints: String) -> String {
    MJCFText.worldError("<body name='b'>\(joints)<geom size='.1'/></body>")
  }

  @Test func withoutAttributesItIsAFreelyTurningHingeAboutZ() throws {
    let joint = try Self.joint("")
    #expect(joint.kind == .hinge && joint.axis == .unitZ && joint.anchor == .zero && joint.range == nil)
    #expect(joint.drawnPosition == 0 && joint.effortLimit == nil && joint.dynamics == JointDynamics())
  }

  @Test func anglesOfHingesAreInDegreesUnlessTheCompilerSaysRadians() throws {
    let attributes = "range='-90 45' ref='180' springref='90' stiffness='2' damping='3' armature='.1'"
    let joint = try Self.joint(attributes)
    #expect(isClose(joint.range?.lowerBound ?? 0, -.pi / 2) && isClose(joint.range?.upperBound ?? 0, .pi / 4))
    #expect(isClose(joint.drawnPosition, .pi) && isClose(joint.dynamics.rest, .pi / 2))
    #expect(joint.dynamics.stiffness == 2 && joint.dynamics.damping == 3 && joint.dynamics.armature == 0.1)
    let radians = try Self.joint(attributes, before: "<compiler angle='radian'/>")
    #expect(radians.range == -90...45 && radians.drawnPosition == 180 && radians.dynamics.rest == 90)
    let slide = try Self.joint("type='slide' " + attributes)
    #expect(slide.kind == .slide && slide.range == -90...45 && slide.drawnPosition == 180 && slide.dynamics.rest == 90)
  }

  @Test func anchorAndAxisAreInTheBodysFrame() throws {
    let body = try MJCFText.world(
      """
      <body pos="9 9 9" euler="0 0 45"><frame pos="1 2 3" euler="90 0 0"><joint pos="0 0 1" axis="0 0 5"/></frame>
      <geom size="1"/></body>
      """
    ).bodies[0]
    #expect(isClose(body.joints[0].anchor, Vector3(1, 1, 3)) && isClose(body.joints[0].axis, Vector3(0, -1, 0)))
    #expect(isClose(body.pose.position, Vector3(9, 9, 9)))
  }

  /// As in MuJoCo, a range that does not ascend is none, unless `limited` asks for it.
  @Test func aRangeLimitsUnlessItDoesNotAscend() throws {
    #expect(try Self.joint("range='-90 90' limited='false'").range == nil)
    #expect(try Self.joint("limited='true'", before: "<default><joint range='-90 90'/></default>").range != nil)
    let model = try MJCFText.world("<body><joint name='a' range='10 -10'/><geom size='1'/></body>")
    #expect(model.bodies[0].joints[0].range == nil)
    #expect(
      model.warnings.map(\.description) == [
        "a.xml:1:42: <joint name=\"a\">: its 'range' does not ascend, so it has no stops"
      ])
    #expect(
      Self.jointError("<joint range='1 1' limited='true'/>").hasSuffix("needs a 'range' of two ascending numbers"))
    let off = "<compiler autolimits='false'/>"
    #expect(
      MJCFText.worldError("<body><joint range='0 1'/><geom size='1'/></body>", before: off)
        == "<joint>: autolimits is off, so a range also needs limited=\"true\" or \"false\"")
    #expect(try Self.joint("range='0 1' limited='true'", before: off).range != nil)
  }

  @Test func effortsAreBoundedByTheJoint() throws {
    #expect(try Self.joint("actuatorfrcrange='-3 3'").effortLimit == 3)
    #expect(try Self.joint("actuatorfrcrange='-3 3' actuatorfrclimited='false'").effortLimit == nil)
    #expect(try Self.joint("actuatorfrcrange='-3 4'").effortLimit == 4)
  }

  @Test func jointsOfABodyKeepTheirOrder() throws {
    let body = try MJCFText.world(
      "<body name='b'><joint name='x'/><frame><joint type='slide'/></frame><joint/><joint name='y'/><geom size='1'/></body>"
    ).bodies[0]
    #expect(body.joints.map(\.name) == ["x", "b", "b.3", "y"])
    #expect(body.joints.map(\.kind) == [.hinge, .slide, .hinge, .hinge])
  }

  @Test(arguments: ["<freejoint/>", "<joint type='free'/>", "<freejoint name='f'/>"])
  func aFreeJointMakesAFreeBody(_ joint: String) throws {
    let model = try MJCFText.world("<body>\(joint)<geom size='1'/></body>")
    #expect(model.bodies[0].isFree && model.bodies[0].joints.isEmpty && model.warnings.isEmpty)
  }

  @Test func threeSlidesAndABallAreAFreeJoint() throws {
    let slides = "<joint type='slide' axis='1 0 0'/><joint type='slide' axis='0 1 0'/><joint type='slide'/>"
    let model = try MJCFText.world("<body>\(slides)<joint type='ball'/><geom size='1'/></body>")
    #expect(model.bodies[0].isFree && model.bodies[0].joints.isEmpty)
    let two = "<joint type='slide' axis='1 0 0'/><joint type='slide'/>"
    #expect(
      Self.jointError("\(two)<joint type='slide' axis='1 0 1'/><joint type='ball'/>").hasSuffix("three directions"))
    #expect(Self.jointError("\(two)<joint type='ball'/>").contains("only supported after three slides"))
    #expect(Self.jointError("<joint type='ball'/>\(slides)").contains("only supported after three slides"))
  }

  @Test(arguments: [
    ("<joint/><freejoint/>", "<freejoint>: a body with a free joint has no other"),
    ("<joint axis='0 0 0'/>", "<joint>: the axis of 'axis' is zero"),
    ("<joint damping='1 2'/>", "<joint>: a polynomial of 'damping' is not supported; one number is"),
    ("<joint damping='-1'/>", "<joint>: 'damping' must not be negative, not -1.0"),
    ("<joint armature='-1'/>", "<joint>: 'armature' must not be negative, not -1.0"),
    ("<joint range='0 1 2'/>", "<joint>: 'range' must be two numbers, not '0 1 2'"),
    ("<joint type='Hinge'/>", "<joint>: 'type' must be free, ball, slide or hinge, not 'Hinge'"),
    ("<joint limited='True'/>", "<joint>: 'limited' must be true, false or auto, not 'True'"),
    (
      String(repeating: "<joint/>", count: 7), "<joint>: a body has six joints at most"
    ),
    (
      "<joint/><body><joint type='ball'/><geom size='1'/></body>",
      "<joint>: ball joints below the root are not supported; three hinges are"
    ),
    (
      "<joint/><body><freejoint/><geom size='1'/></body>", "<freejoint>: only a body of the world can have a free joint"
    ),
  ])
  func whatCannotBeIsRefused(_ joints: String, _ text: String) {
    #expect(Self.jointError(joints) == text)
  }

  @Test func whatIsLeftOutIsSaid() throws {
    let model = try MJCFText.world(
      """
      <body><joint frictionloss=".1" springdamper="1 1"/><geom size="1"/>
        <body><joint frictionloss=".1"/><geom size="1"/></body></body>
      <body name="free"><joint type="free" armature="1"/><geom size="1"/></body>
      """)
    #expect(
      model.warnings.map(\.text) == [
        "<joint>: 'springdamper' is left out; its 'stiffness' and 'damping' are taken",
        "<joint>: a free root has no damping, spring, dry friction or armature; they are left out",
        "<body name=\"free\">: a free body that is not part of the robot is left out",
      ])
    #expect(model.bodies.flatMap(\.joints).map(\.dynamics.friction) == [0.1, 0.1])
  }
}
