import Environments
import Physics
import Robotics
import Testing

/// A body with an arm on each side and a neck in the middle.
private struct Torso: Robot {
  let name = "torso"
  var rightLift = Axis("right lift", [0, 1, 0], range: -1...2, actuator: .torque(limit: 3))

  var body: Link {
    Link("base", .box(size: [0.2, 0.2, 0.2]), mass: 2, at: [0, 0, 1]) {
      arm("left", 1, Axis("left lift", [0, 1, 0], range: -1...2, actuator: .torque(limit: 3)), [1, 0, 0])
      arm("right", -1, rightLift, [-1, 0, 0])
      Link(
        "neck", .sphere(radius: 0.05), mass: 0.2, at: [0, 0, 0.2],
        joint: .hinge(Axis("turn", [0, 0, 1], actuator: .torque(limit: 1))))
    }
  }

  private func arm(_ side: String, _ sign: Double, _ lift: Axis, _ spread: Vector3) -> Link {
    Link(
      "\(side) arm", .sphere(radius: 0.05), mass: 0.2, at: [0, 0.2 * sign, 0],
      joint: .universal(lift, Axis("\(side) spread", spread)))
  }
}

struct MirroringTests {
  @Test func axesChangeSides() throws {
    let model = try RobotModel(Torso())
    #expect(model.axes.map(\.name) == ["left lift", "left spread", "right lift", "right spread", "turn"])
    #expect(model.mirroredAxes() == [.init(2), .init(3), .init(0), .init(1), .init(4, sign: -1)])
    #expect(model.mirroredActions() == [.init(1), .init(0), .init(2, sign: -1)])
  }

  @Test(arguments: [
    Axis("right lift", [0, 1, 0], range: -1...1, actuator: .torque(limit: 3)),
    Axis("right lift", [0, 1, 0], range: -1...2, actuator: .torque(limit: 2)),
    Axis("right lift", [0, 1, 0], range: -1...2, neutral: 0.1, actuator: .torque(limit: 3)),
    Axis(
      "right lift", [0, 1, 0], range: -1...2, dynamics: JointDynamics(damping: 1), actuator: .torque(limit: 3)),
    Axis("right lift", [0.6, 0.8, 0], range: -1...2, actuator: .torque(limit: 3)),
    Axis("other lift", [0, 1, 0], range: -1...2, actuator: .torque(limit: 3)),
  ])
  func sidesThatDifferMakeNoSymmetry(_ axis: Axis) throws {
    #expect(try RobotModel(Torso(rightLift: axis)).mirroredAxes() == nil)
  }

  @Test func namesChangeSidesByWords() {
    #expect(RobotModel.otherSide(of: "left hip roll") == "right hip roll")
    #expect(RobotModel.otherSide(of: "upper right arm") == "upper left arm")
    #expect(RobotModel.otherSide(of: "bright leftover") == "bright leftover")
    #expect(RobotModel.otherSide(of: "FL_thigh_joint") == "FR_thigh_joint")
    #expect(RobotModel.otherSide(of: "rr.calf") == "rl.calf")
    #expect(RobotModel.otherSide(of: "LeftShoulderPitch") == "RightShoulderPitch")
    #expect(RobotModel.otherSide(of: "lf/KFE") == "rf/KFE")
    #expect(RobotModel.otherSide(of: "Flange_link") == "Flange_link")
  }

  /// The sources of a slice that a robot with the torso's arms shows.
  private func sources(_ mirroring: Mirroring, _ count: Int) throws -> [Symmetry.Source]? {
    var nothing: [Float] = []
    var row = nothing.mutableSpan
    var cursor = ObservationCursor()
    cursor.write("slice", count: count, mirroring: mirroring, into: &row) { _ in 0 }
    return try RobotModel(Torso()).symmetry(of: cursor)?.observation
  }

  @Test func slicesAreMirroredAsTheySay() throws {
    let model = try RobotModel(Torso())
    let arms = [try model.link("left arm"), try model.link("right arm")]
    #expect(try sources(.same, 2) == [.init(0), .init(1)])
    #expect(try sources(.negated, 2) == [.init(0, sign: -1), .init(1, sign: -1)])
    #expect(try sources(.vector, 3) == [.init(0), .init(1, sign: -1), .init(2)])
    #expect(try sources(.axial, 3) == [.init(0, sign: -1), .init(1), .init(2, sign: -1)])
    #expect(try sources(.signs([-1, 1]), 2) == [.init(0, sign: -1), .init(1)])
    #expect(try sources(.links(arms + [model.link("neck")]), 3) == [.init(1), .init(0), .init(2)])
    #expect(try sources(.axes, 5) == model.mirroredAxes())
    #expect(try sources(.actions, 3) == model.mirroredActions())
    #expect(throws: RobotError.self) { try sources(.vector, 2) }
    #expect(throws: RobotError.self) { try sources(.links(arms), 3) }
    #expect(try sources(.links([arms[0]]), 1) == nil)
  }

  @Test func everySliceMustSayHow() throws {
    let model = try RobotModel(Torso())
    var nothing: [Float] = []
    var row = nothing.mutableSpan
    var cursor = ObservationCursor()
    cursor.write("height", 1, mirroring: .same, into: &row)
    cursor.write("axes", count: 5, for: .policy, mirroring: .axes, into: &row) { _ in 0 }
    let columns = try model.symmetry(of: cursor)?.observation
    // The policy's own slices stand first in the row.
    #expect(columns == [.init(2), .init(3), .init(0), .init(1), .init(4, sign: -1), .init(5)])
    cursor.write("hint", 1, into: &row)
    #expect(try model.symmetry(of: cursor) == nil)
  }
}
