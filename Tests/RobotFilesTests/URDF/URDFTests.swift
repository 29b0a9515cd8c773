import Physics
import RobotFiles
import Testing

/// URDF by the specification at wiki.ros.org/urdf/XML.
struct URDFTests {
  private typealias Text = URDFText

  @Test func anglesTurnAboutFixedAxes() throws {
    let model = try Text.model(
      Text.link("a") + Text.link("b")
        + Text.joint(
          "j", "fixed", "a", "b", #"<origin xyz="1 2 3" rpy="1.5707963267948966 0 1.5707963267948966"/>"#))
    // Roll first: y becomes z; then yaw: x becomes y.
    let turn = model.bodies[1].pose.orientation
    #expect((turn.act(on: .unitX) - .unitY).length < 1e-12)
    #expect((turn.act(on: .unitY) - .unitZ).length < 1e-12)
    #expect(model.bodies[1].pose.position == [1, 2, 3])
  }

  /// The tensor is in the axes of its own origin.
  @Test func inertiasTurnWithTheirOrigin() throws {
    let content = """
      <inertial><origin xyz="0.1 0 0" rpy="0 0 1.5707963267948966"/><mass value="2"/>
      <inertia ixx="1" iyy="2" izz="3" ixy="0" ixz="0" iyz="0"/></inertial>
      """
    let inertial = try #require(try Text.model(Text.link("a", content)).bodies[0].inertial)
    #expect((inertial.inertia.diagonal - Vector3(2, 1, 3)).length < 1e-12)
    #expect(inertial.center == [0.1, 0, 0])
  }

  @Test func defaultsOfJoints() throws {
    let model = try Text.model(
      Text.link("a") + Text.link("b") + Text.joint("j", "continuous", "a", "b", ""))
    let joint = model.bodies[1].joints[0]
    #expect(joint.axis == .unitX)
    #expect(joint.range == nil)
    #expect(model.actuators.isEmpty, "no effort, no motor")
  }

  @Test(
    arguments: [
      (#"<limit upper="1" effort="1" velocity="1"/>"#, 0.0...1.0, "'lower' is missing and taken as 0"),
      (#"<limit effort="1" velocity="1"/>"#, nil, "it has no 'lower' and no 'upper', so it moves without stops"),
      (
        #"<limit lower="1" upper="-1" effort="1" velocity="1"/>"#, nil,
        "'lower' 1.0 is above 'upper' -1.0, so it moves without stops"
      ),
    ] as [(String, ClosedRange<Double>?, String)])
  func oddStopsAreSaid(_ limit: String, _ range: ClosedRange<Double>?, _ warning: String) throws {
    let model = try Text.model(Text.link("a") + Text.link("b") + Text.joint("j", "revolute", "a", "b", limit))
    #expect(model.bodies[1].joints[0].range == range)
    #expect(model.warnings.map(\.text) == ["<joint name=\"j\">: \(warning)"])
  }

  @Test func dampingAndFrictionAreTheJoints() throws {
    let model = try Text.model(
      Text.link("a") + Text.link("b")
        + Text.joint(
          "j", "prismatic", "a", "b",
          #"<limit lower="0" upper="1" effort="30" velocity="2"/><dynamics damping="0.5" friction="0.2"/>"#))
    let joint = model.bodies[1].joints[0]
    #expect(joint.kind == .slide && joint.velocityLimit == 2)
    #expect(joint.dynamics == JointDynamics(damping: 0.5, friction: 0.2))
    #expect(model.actuators.map(\.law) == [.torque(limit: 30)])
  }

  @Test func shapesStandWhereTheyAreDrawn() throws {
    let content =
      Text.inertial + """
        <collision><origin xyz="0 0 1"/><geometry><box size="1 2 3"/></geometry></collision>
        <collision><geometry><cylinder radius="0.5" length="2"/></geometry></collision>
        <collision><geometry><capsule radius="0.1" length="0.3"/></geometry></collision>
        <visual><geometry><sphere radius="0.7"/></geometry></visual>
        """
    let body = try Text.model(Text.link("a", content)).bodies[0]
    #expect(
      body.colliders.map(\.shape) == [
        .box(size: [1, 2, 3]), .cylinder(radius: 0.5, length: 2), .capsule(radius: 0.1, length: 0.3),
      ])
    #expect(body.colliders[0].pose.position == [0, 0, 1])
    #expect(body.visuals.map(\.shape) == [.sphere(radius: 0.7)])
  }

  /// A cube of a text STL becomes a box.
  @Test func meshesBecomePrimitives() throws {
    var obj = ""
    for corner in 0..<8 {
      obj += "v \(corner & 1 == 0 ? -1 : 1) \(corner & 2 == 0 ? -1 : 1) \(corner & 4 == 0 ? -1 : 1)\n"
    }
    for f in ["1 2 4 3", "5 7 8 6", "1 5 6 2", "3 4 8 7", "1 3 7 5", "2 6 8 4"] { obj += "f \(f)\n" }
    let content =
      Text.inertial + """
        <collision><origin xyz="0 0 1"/><geometry><mesh filename="cube.obj" scale="0.1 0.1 0.2"/></geometry></collision>
        """
    let body = try Text.model(Text.link("a", content), ["cube.obj": Array(obj.utf8)]).bodies[0]
    let shape = try #require(body.colliders.first)
    #expect(abs(shape.shape.volume - 0.2 * 0.2 * 0.4) < 1e-9)
    #expect((shape.pose.position - Vector3(0, 0, 1)).length < 1e-9)
    #expect(shape.fit?.file == "cube.obj")
  }

  /// Documents that cannot be, with the reason.
  private static let refused: [(String, String)] = [
    (
      links("ab") + Text.joint("j", "spherical", "a", "b"),
      "joints of the type 'spherical' are not supported; revolute, continuous, prismatic, fixed and floating are"
    ),
    (links("a") + Text.joint("j", "revolute", "a", "b"), "its child 'b' is no link of the file"),
    (links("aa"), "there is already a link of this name, at line 1"),
    (
      links("abc") + Text.joint("j", "fixed", "a", "c") + Text.joint("k", "fixed", "b", "c"),
      "the link 'c' is already the child of 'j', at line 1; a link has one parent"
    ),
    (
      links("abc") + Text.joint("j", "fixed", "b", "c") + Text.joint("k", "fixed", "c", "b"),
      "the links 'b' and 'c' belong to a ring of joints"
    ),
    (
      Text.link("a", "<collision><geometry><mesh filename=\"x.dae\"/></geometry></collision>"),
      "'x.dae' is not among the files that were kept"
    ),
  ]

  private static func links(_ names: String) -> String { names.map { Text.link(String($0)) }.joined() }

  @Test(arguments: refused)
  func whatCannotBeIsRefused(_ content: String, _ reason: String) throws {
    let refusal = try #require(URDFText.refusal(content))
    #expect(refusal.hasSuffix(reason), "\(refusal)")
    #expect(refusal.hasPrefix("toy.urdf:1:"))
  }
}
