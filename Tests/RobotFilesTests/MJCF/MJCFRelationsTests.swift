import Physics
import RobotFiles
import Testing

@Suite struct MJCFRelationsTests {
  private static let chain = """
    <body name="a"><joint name="j" ref="90"/><geom size=".1"/>
      <body name="b"><joint name="k" type="slide" ref="2"/><geom size=".1"/><body name="c"/></body></body>
    """

  private static func model(_ after: String, before: String = "") throws -> FileModel {
    try MJCFText.world(chain, before: before, after: after)
  }

  private static func error(_ after: String, before: String = "") -> String {
    MJCFText.worldError(chain, before: before, after: after)
  }

  @Test func excludedPairsAreIndices() throws {
    let model = try Self.model(
      "<contact><exclude body1='a' body2='c'/><exclude body1='c' body2='b'/><exclude body1='world' body2='b'/></contact>"
    )
    #expect(model.excludedPairs.map { [$0.0, $0.1] } == [[0, 2], [2, 1]])
    #expect(model.warnings.map(\.text) == ["<exclude>: a body always touches the ground; the exclusion is left out"])
    #expect(Self.error("<contact><exclude body1='a' body2='x'/></contact>") == "<exclude>: there is no body 'x'")
    #expect(Self.error("<contact><exclude body1='a'/></contact>") == "<exclude>: 'body2' is missing")
    #expect(
      Self.error("<contact><pair geom1='a' geom2='b'/></contact>").hasPrefix("<pair>: contact pairs are not supported"))
  }

  /// MuJoCo's polynomial counts both joints from where they are drawn.
  @Test func jointsThatFollowOthersAreCoupled() throws {
    let model = try Self.model("<equality><joint joint1='k' joint2='j' polycoef='1 3'/></equality>")
    let coupling = try #require(model.couplings.first)
    #expect(coupling.follower == "k" && coupling.leader == "j" && coupling.multiplier == 3)
    #expect(isClose(coupling.offset, 2 + 1 - 3 * .pi / 2) && model.warnings.isEmpty)
    let plain = try #require(try Self.model("<equality><joint joint1='j' joint2='k'/></equality>").couplings.first)
    #expect(plain.multiplier == 1 && isClose(plain.offset, .pi / 2 - 2))
    let curved = try Self.model("<equality><joint joint1='k' joint2='j' polycoef='0 1 2'/></equality>")
    #expect(curved.warnings.map(\.text) == ["<joint>: only the first two numbers of 'polycoef' are taken"])
  }

  @Test func aJointThatIsHeldHasOneLeft() throws {
    let model = try Self.model("<equality><joint joint1='k' polycoef='.5'/></equality>")
    #expect(model.couplings.isEmpty && model.bodies[1].joints[0].range == 2.5...2.5)
  }

  @Test func equalitiesThatAreOffDoNothing() throws {
    let off = "<equality><weld body1='a' body2='b' active='false'/></equality>"
    #expect(try Self.model(off).couplings.isEmpty)
    let joint = "<equality><joint joint1='k' joint2='j'/></equality>"
    #expect(try Self.model(joint, before: "<default><equality active='false'/></default>").couplings.isEmpty)
  }

  @Test(arguments: [
    (
      "<equality><connect body1='a' body2='b' anchor='0 0 0'/></equality>",
      "<connect>: loops of bodies are not supported"
    ),
    ("<equality><weld body1='a' body2='b'/></equality>", "<weld>: loops of bodies are not supported"),
    ("<equality><tendon tendon1='t'/></equality>", "<tendon>: an equality of a tendon is not supported"),
    ("<equality><joint joint2='j'/></equality>", "<joint>: 'joint1' is missing"),
    ("<equality><joint joint1='x' joint2='j'/></equality>", "<joint>: the robot has no hinge or slide 'x'"),
    ("<equality><joint joint1='j' joint2='j'/></equality>", "<joint>: a joint cannot follow itself"),
    (
      "<tendon><fixed name='t' stiffness='1'><joint joint='j' coef='1'/></fixed></tendon>",
      "<fixed name=\"t\">: tendons that act are not supported; this one has a 'stiffness'"
    ),
    (
      "<tendon><fixed range='0 1'><joint joint='j' coef='1'/></fixed></tendon>",
      "<fixed>: tendons that act are not supported; this one has a 'range'"
    ),
  ])
  func whatCannotBeIsRefused(_ after: String, _ text: String) {
    #expect(Self.error(after) == text)
  }

  @Test func tendonsThatDoNothingAreSkipped() throws {
    let tendon =
      "<tendon><fixed name='t'><joint joint='j' coef='1'/></fixed><spatial><site site='s'/></spatial></tendon>"
    #expect(try Self.model(tendon).warnings.isEmpty)
    #expect(
      Self.error(tendon, before: "<default><tendon damping='1'/></default>")
        == "<fixed name=\"t\">: tendons that act are not supported; this one has a 'damping'")
  }

  @Test func gravityIsTakenAndFluidsAreNot() throws {
    #expect(try Self.model("").gravity == nil)
    #expect(try Self.model("<option gravity='0 0 -5'/><option timestep='1'/>").gravity == Vector3(0, 0, -5))
    #expect(try Self.model("<option gravity='0 0 -5'><flag gravity='disable'/></option>").gravity == .zero)
    let wet = try Self.model("<option density='1000' wind='0 0 0'><flag contact='disable' limit='enable'/></option>")
    #expect(
      wet.warnings.map(\.text) == [
        "<option>: there is no air or water; 'density' is left out", "<flag>: 'contact' cannot be disabled",
      ])
  }
}

@Suite struct MJCFKeyframesTests {
  private static let robot = """
    <body name="box"><freejoint/><geom size=".1"/></body>
    <body name="a" pos="0 0 1"><freejoint/><geom size=".1"/>
      <body name="b"><joint name="j"/><joint name="k" type="slide"/><geom size=".1"/></body></body>
    """
  private static let box = "9 9 9 1 0 0 0"

  @Test func homeComesFirstElseTheFirst() throws {
    let keys = "<key name='x' qpos='\(Self.box) 1 2 3 0 0 0 2 .5 .6'/><key qpos='\(Self.box) 0 0 0 1 0 0 0 0 0'/>"
    let first = try #require(try MJCFText.world(Self.robot, after: "<keyframe>\(keys)</keyframe>").keyframe)
    #expect(first.name == "x" && first.positions == ["j": 0.5, "k": 0.6])
    #expect(first.root?.position == Vector3(1, 2, 3) && first.root?.orientation == Quaternion(w: 0, x: 0, y: 0, z: 1))
    let home = "<key name='home' qpos='\(Self.box) 0 0 0 1 0 0 0 .7 .8'/>"
    let second = try #require(try MJCFText.world(Self.robot, after: "<keyframe>\(keys)\(home)</keyframe>").keyframe)
    #expect(second.name == "home" && second.positions == ["j": 0.7, "k": 0.8])
  }

  @Test func keyframesWithoutPositionsSayNothing() throws {
    #expect(try MJCFText.world(Self.robot, after: "<keyframe><key name='home' ctrl='0'/></keyframe>").keyframe == nil)
    #expect(try MJCFText.world(Self.robot).keyframe == nil)
  }

  @Test func everyJointOfTheFileHasItsNumbers() {
    let error = MJCFText.worldError(Self.robot, after: "<keyframe><key name='a' qpos='1 2'/></keyframe>")
    #expect(error == "<key name=\"a\">: 'qpos' must be 16 numbers, one for each joint and seven for a free one")
  }

  /// The numbers are MuJoCo's.
  @Test func slidesAndABallPlaceAFreeRoot() throws {
    let model = try MJCFText.world(
      """
      <body pos="1 2 3" euler="0 0 90"><joint type="slide" axis="1 0 0" ref=".1"/><joint type="slide" axis="0 1 0"/>
        <joint type="slide"/><joint type="ball" pos="0 0 .5"/><geom size=".1"/></body>
      """, after: "<keyframe><key qpos='.3 .4 .5 1 1 0 0'/></keyframe>")
    let root = try #require(model.keyframe?.root)
    #expect(isClose(root.position, Vector3(0.1, 2.2, 4.0)), "\(root)")
    #expect(
      isClose(root.orientation, Quaternion(w: 0.5, x: 0.5, y: 0.4999999999999999, z: 0.4999999999999999)), "\(root)")
  }
}
