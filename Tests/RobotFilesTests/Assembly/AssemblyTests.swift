import Physics
import RobotFiles
import Robotics
import Testing

/// Bodies of a file become links of a robot.
struct AssemblyTests {
  private typealias Text = URDFText

  private static let arm: String =
    Text.link("base") + Text.link("upper") + Text.link("lower") + Text.joint("shoulder", "revolute", "base", "upper")
    + Text.joint(
      "elbow", "revolute", "upper", "lower",
      #"<origin xyz="0 0 0.5"/><axis xyz="0 1 0"/><limit lower="0" upper="2" effort="5" velocity="5"/>"#)

  @Test func tiedLinksAreOneLinkWithParts() throws {
    let robot = try Text.loaded(
      Self.arm + Text.link("tool") + Text.joint("mount", "fixed", "lower", "tool", #"<origin xyz="0 0 0.4"/>"#))
    let model = try RobotModel(robot)
    #expect(model.linkNames == ["base", "upper", "lower"])
    let lower = model.links[2]
    // Two masses of 1 kg, 0.4 m apart: 2 · 0.1 + 2 · 1 · 0.2².
    #expect(lower.mass.mass == 2)
    #expect((lower.mass.centerOfMass - Vector3(0, 0, 0.2)).length < 1e-12)
    #expect((lower.mass.inertia.diagonal - Vector3(0.28, 0.28, 0.2)).length < 1e-12)
    #expect(lower.link.parts == [.init("tool", at: Pose(position: [0, 0, 0.4]))])
    #expect(try model.link("tool") == model.link("lower"))
  }

  @Test func baseFloatsUnlessItIsTheWorldOrWeighsNothing() throws {
    #expect(try RobotModel(Text.loaded(Self.arm)).isFloating)
    let massless = Text.link("base", "") + Self.arm.replacing(Text.link("base"), with: "")
    #expect(try !RobotModel(Text.loaded(massless)).isFloating)
    #expect(try !RobotModel(Text.loaded(Self.arm.replacing("base", with: "world"))).isFloating)
    let tied = try RobotModel(Text.loaded(Self.arm) { $0.baseKind = .fixed })
    #expect(!tied.isFloating && tied.linkNames == ["upper", "lower"])
  }

  @Test func followersAndEqualStopsAreTied() throws {
    let follower = Text.joint(
      "finger", "revolute", "lower", "claw",
      #"<axis xyz="1 0 0"/><limit lower="-2" upper="2" effort="1" velocity="1"/><mimic joint="elbow" multiplier="0.5" offset="0.25"/>"#
    )
    let stuck = Text.joint(
      "stuck", "revolute", "claw", "nail", #"<limit lower="0.5" upper="0.5" effort="1" velocity="1"/>"#)
    let robot = try Text.loaded(Self.arm + Text.link("claw") + Text.link("nail") + follower + stuck) {
      $0.defaultPositions = [(try NamePattern("elbow"), 1)]
    }
    let model = try RobotModel(robot)
    #expect(model.axes.map(\.name) == ["shoulder", "elbow"])
    let parts = model.links[2].link.parts
    #expect(parts.map(\.name) == ["claw", "nail"])
    // 0.5 · 1 + 0.25, and 0.5 more.
    #expect(abs(parts[0].pose.orientation.roll - 0.75) < 1e-12 && abs(parts[1].pose.orientation.roll - 1.25) < 1e-12)
    #expect(
      robot.warnings.contains {
        $0.text == "the joint 'finger' follows 'elbow' in the file; here it is tied at 0.75"
      })
  }

  @Test func linksWithoutMassPassTheirJointOn() throws {
    let robot = try Text.loaded(
      Text.link("base") + Text.link("cross", "") + Text.link("leg")
        + Text.joint(
          "roll", "revolute", "base", "cross",
          #"<axis xyz="1 0 0"/><limit lower="-1" upper="1" effort="9" velocity="1"/>"#)
        + Text.joint("pitch", "revolute", "cross", "leg"))
    let model = try RobotModel(robot)
    #expect(model.linkNames == ["base", "leg"])
    #expect(model.axes.map(\.name) == ["roll", "pitch"])
    #expect(model.links[1].link.joint?.kind == .universal)
  }

  @Test func inertiasThatCannotBeAreTakenFromShapes() throws {
    let content = """
      <inertial><mass value="2"/><inertia ixx="0" iyy="0" izz="0" ixy="0" ixz="0" iyz="0"/></inertial>
      <collision><geometry><sphere radius="0.5"/></geometry></collision>
      """
    let robot = try Text.loaded(Self.arm.replacing(Text.link("lower"), with: Text.link("lower", content)))
    let mass = try RobotModel(robot).links[2].mass
    #expect(mass.mass == 2 && (mass.inertia.diagonal - Vector3(repeating: 0.4 * 2 * 0.25)).length < 1e-12)
    #expect(robot.warnings.contains { $0.text.hasPrefix("the inertia of the link 'lower' is not positive definite") })
    let bare = content.replacing("<collision><geometry><sphere radius=\"0.5\"/></geometry></collision>", with: "")
    let refusal = Text.refusal(Self.arm.replacing(Text.link("lower"), with: Text.link("lower", bare)))
    #expect(refusal?.hasSuffix("is not positive definite, and it has no shape to take another from") == true)
  }

  @Test func jointsWithoutEffortAreFree() throws {
    let robot = try Text.loaded(Self.arm.replacing("effort=\"5\"", with: "effort=\"0\""))
    let model = try RobotModel(robot)
    #expect(model.actuatedAxes == [0])
    #expect(robot.warnings.contains { $0.text == "'elbow' has no motor: its effort is 0 or missing" })
    let refusal = Text.refusal(
      Self.arm.replacing("effort=\"5\"", with: "effort=\"0\"").replacing("effort=\"10\"", with: "effort=\"0\""))
    #expect(refusal?.hasSuffix("set effort_limit in a sidecar") == true)
  }

  @Test func optionsOverruleTheFile() throws {
    let robot = try Text.loaded(Self.arm) {
      $0.stiffness = [(try NamePattern(".*"), 50), (try NamePattern("elbow"), 20)]
      $0.damping = [(try NamePattern(".*"), 1)]
      $0.effortLimit = [(try NamePattern("elbow"), 7)]
      $0.actionScale = [(try NamePattern("sh.*"), 0.25)]
      $0.armature = [(try NamePattern("elbow"), 0.01)]
    }
    let axes = try RobotModel(robot).axes
    guard case .position(let stiffness, let damping, let limit, _)? = axes[1].actuator?.drive else {
      Issue.record("no position drive")
      return
    }
    #expect((stiffness, damping, limit) == (20, 1, 7))
    #expect(axes[0].actuator?.scale == 0.25)
    #expect(axes[1].dynamics.armature == 0.01)
  }
}
