import Physics
import RobotFiles
import Testing

@Suite struct MJCFWorldTests {
  private static let ball = "<geom size='.1'/>"

  @Test func bodiesAreParentsBeforeChildrenInTheOrderOfTheFile() throws {
    let model = try MJCFText.world(
      """
      <body name="a"><body name="b">\(Self.ball)</body><frame pos="0 0 1"><body name="c" pos="1 0 0">\(Self.ball)</body></frame>
      <joint/><body name="d"><body name="e"/></body></body>
      """)
    #expect(model.bodies.map(\.name) == ["a", "b", "c", "d", "e"])
    #expect(model.bodies.map(\.parent) == [nil, 0, 0, 0, 3])
    #expect(model.bodies[2].pose.position == Vector3(1, 0, 1))
    #expect(model.name == "a" && model.position.line == 1)
  }

  @Test func aWorldMayNotHoldTooMuch() {
    let error = MJCFText.worldError(String(repeating: "<geom/>", count: 50_001))
    #expect(error == "<geom>: the world holds more than 50000 things")
  }

  @Test func whatHasNoNameGetsOne() throws {
    let model = try MJCFText.world(
      """
      <body><freejoint/>\(Self.ball)
        <body><joint name="knee"/>\(Self.ball)<body>\(Self.ball)</body><body name="knee.3"/><body/><body/></body>
        <body name="foot"><joint/></body>
      </body>
      """)
    #expect(model.bodies.map(\.name) == ["world.1", "knee", "knee.1", "knee.3", "knee.2", "knee.4", "foot"])
    #expect(model.bodies.flatMap(\.joints).map(\.name) == ["knee", "foot"])
  }

  @Test func twoOfOneNameAreRefusedWithBothPlaces() {
    #expect(
      MJCFText.error("<mujoco><worldbody><body name='a'>\n<body name='a'/></body></worldbody></mujoco>")
        == "a.xml:2:7: <body name=\"a\">: another body has this name: a.xml:1:20")
    #expect(
      MJCFText.error(
        "<mujoco><worldbody><body name='a'>\n<joint name='j'/><joint name='j'/></body></worldbody></mujoco>")
        == "a.xml:2:25: <joint name=\"j\">: another joint has this name: a.xml:2:1")
    #expect(MJCFText.worldError("<body name='world'/>") == "<body name=\"world\">: only the world is called 'world'")
  }

  @Test func aLevelPlaneIsTheGround() throws {
    let model = try MJCFText.world(
      """
      <geom type="plane" size="1 1 1" pos="3 2 .5" friction=".7" contype="2" conaffinity="3"/>
      <geom type="plane" size="1 1 1" pos="0 0 9" contype="0" conaffinity="0"/>
      <body><joint/>\(Self.ball)</body>
      """)
    let ground = try #require(model.ground)
    #expect(ground.height == 0.5 && ground.friction == 0.7 && ground.category == 2 && ground.mask == 3)
    #expect(model.warnings.isEmpty)
    #expect(try MJCFText.world("<body><joint/>\(Self.ball)</body>").ground == nil)
    let raised = try MJCFText.world(
      "<body pos='0 0 2'><geom type='plane' size='1 1 1' pos='0 0 1'/></body><body><joint/>\(Self.ball)</body>")
    #expect(raised.ground?.height == 3 && raised.warnings.isEmpty)
  }

  @Test func theHighestOfSeveralPlanesIsTheGround() throws {
    let model = try MJCFText.world(
      """
      <geom type="plane" size="1 1 1"/><geom name="up" type="plane" size="1 1 1" pos="0 0 1"/>
      <body><joint/>\(Self.ball)</body>
      """)
    #expect(model.ground?.height == 1)
    #expect(
      model.warnings.map(\.text) == [
        "<geom name=\"up\">: the highest of 2 planes is the ground; the others are left out"
      ])
  }

  @Test func otherShapesThatDoNotMoveAreLeftOut() throws {
    let model = try MJCFText.world(
      """
      <geom size="1"/><geom size="1" contype="0" conaffinity="0"/>
      <geom type="plane" size="1 1 1" euler="90 0 0"/>
      <body name="table"><geom type="mesh" mesh="none" mass="0"/>\(Self.ball)</body>
      <body name="base">\(Self.ball)<body><joint/>\(Self.ball)</body></body>
      """)
    #expect(model.bodies.map(\.name) == ["base", "base.1"])
    #expect(model.bodies[0].joints.isEmpty && !model.bodies[0].isFree && model.bodies[0].colliders.count == 1)
    #expect(
      model.warnings.map(\.description) == [
        "a.xml:1:20: 4 shapes that do not move are left out; only a level plane is kept, as the ground"
      ])
  }

  @Test func theRobotIsWhatHasMostActuatorsThenAxes() throws {
    let free = "<body name='box'><freejoint/>\(Self.ball)</body>"
    let model = try MJCFText.world("\(free)<body name='arm'><joint name='j'/>\(Self.ball)</body>")
    #expect(model.bodies.map(\.name) == ["arm"])
    #expect(
      model.warnings.map(\.description) == [
        "a.xml:1:20: <body name=\"box\">: a free body that is not part of the robot is left out"
      ])
    let two = "<body name='a'><joint/><joint/>\(Self.ball)</body><body name='b'><joint name='j'/>\(Self.ball)</body>"
    #expect(
      MJCFText.worldError(two)
        == "<body name=\"b\">: a second thing with joints beside 'a' is not supported; only single free bodies are left out"
    )
    let driven = "<actuator><motor joint='j' ctrlrange='-1 1'/></actuator>"
    #expect(
      MJCFText.worldError(two, after: driven).hasPrefix("<body name=\"a\">: a second thing with joints beside 'b'"))
    #expect(MJCFText.worldError(Self.ball) == "<mujoco>: nothing in the file has a joint")
  }

  @Test func theWorldNeitherMovesNorWeighs() {
    for content in ["<joint/>", "<frame><inertial pos='0 0 0' mass='1'/></frame>"] {
      #expect(MJCFText.worldError(content).hasSuffix(">: the world does not move and has no mass"))
    }
  }

  @Test func weightlessnessAndFrictionlessnessAreSaid() throws {
    let model = try MJCFText.world(
      """
      <geom type="plane" size="1 1 1" condim="1"/>
      <body name="a" gravcomp="1"><joint/><geom size="1" condim="1"/></body>
      """)
    #expect(
      model.warnings.map(\.text) == [
        "<body name=\"a\">: 'gravcomp' is left out; the body weighs what it weighs",
        "<geom>: 'condim' 1 on both sides means no friction; 'friction' is taken",
      ])
  }
}
