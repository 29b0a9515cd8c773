import Foundation
import Physics
import RobotFiles
import Robotics
import Tasks
import Testing

/// What is derived of robots that others publish, without a sidecar.
struct DesignTests {
  private static func published(_ name: String) throws -> PublishedRobot {
    try #require(PublishedRobot.all.first { $0.file.hasSuffix(name) })
  }

  private static let dogs: [(String, [String])] = [
    ("go1.urdf", ["FL_calf", "FR_calf", "RL_calf", "RR_calf"]),
    ("go2.xml", ["FL_calf", "FR_calf", "RL_calf", "RR_calf"]),
    ("spirit40.urdf", ["lower0", "lower2", "lower1", "lower3"]),
  ]

  /// Feet below the hips, legs bent, left and right alike, nothing in the ground or in itself.
  @Test(arguments: dogs)
  func quadrupedsStandOnTheirFeet(_ name: String, _ feet: [String]) throws {
    let robot = try Self.published(name).loaded()
    #expect(robot.task == .trackVelocity)
    let model = try RobotModel(robot)
    #expect(try Set(robot.feet) == Set(feet))
    #expect(model.actuatedAxes.count == 12)
    // The Go2's file gives left and right bearings of its own, with other friction.
    #expect((model.mirroredActions() != nil) == (name != "go2.xml"), "left and right are alike")
    var sim = try Simulation(model)
    let lowest = sim.lowestPoint(at: .identity, positions: model.neutralPositions)
    for foot in robot.feet {
      let height = sim.lowestPoint(of: try model.link(foot).index, model.neutralPositions) - lowest
      #expect(height < 0.02, "'\(foot)' is \(height) m above the ground")
    }
    sim.place(at: Pose(position: [0, 0, 0.001 - lowest]))
    let overlaps = try sim.overlaps()
    #expect(overlaps.isEmpty)
    #expect(abs(robot.standingHeight + lowest) < 1e-9 && robot.standingHeight > 0.2)
  }

  /// A quadruped stands in its default pose for a second without an action.
  @Test(arguments: dogs.map(\.0))
  func quadrupedsStandStill(_ name: String) throws {
    let robot = try Self.published(name).loaded()
    let model = try RobotModel(robot)
    var sim = try Simulation(model)
    sim.place(at: Pose(position: [0, 0, robot.standingHeight]))
    let rest = model.actuatedAxes.map { _ in Float(0) }
    for _ in 0..<50 { try sim.step(rest.span) }
    let pose = sim.pose(of: LinkID(index: 0))
    #expect(pose.position.z > 0.9 * robot.standingHeight, "it stands at \(pose.position.z) m")
    #expect(pose.orientation.act(on: .unitZ).z > 0.99)
  }

  @Test(arguments: [("ur5_robot.urdf", 6), ("kuka_iiwa/model.urdf", 7)])
  func armsStartClear(_ name: String, _ axes: Int) throws {
    let robot = try Self.published(name).loaded()
    #expect(robot.task == .reach)
    let model = try RobotModel(robot)
    #expect(!model.isFloating && model.actuatedAxes.count == axes)
    var sim = try Simulation(model)
    let isClear = sim.isClear(at: sim.rootPose, positions: model.neutralPositions)
    #expect(isClear)
    let hand = try #require(robot.hand)
    #expect(hand.link == model.linkNames.last)
  }

  @Test(arguments: [
    ("hopper.xml", DerivedTask.runForward), ("ant.xml", .trackVelocity), ("humanoid.xml", .walkForward),
    ("dm_control/suite/walker.xml", .runForward),
  ])
  func tasksSuitTheRobot(_ name: String, _ task: DerivedTask) throws {
    let robot = try Self.published(name).loaded()
    #expect(robot.task == task)
    let entry = try robot.entry()
    #expect(try entry.spec().actions.count == RobotModel(robot).actuatedAxes.count)
  }

  /// MJCF's motors are torques where a robot runs as it can, and positions where it has to keep its balance.
  @Test func motorsServeTheTask() throws {
    let ant = try Self.published("ant.xml")
    func drive(_ task: DerivedTask) throws -> Drive? {
      let robot = try ant.loaded { $0.task = task.rawValue }
      return try RobotModel(robot).axes[0].actuator?.drive
    }
    #expect(try drive(.runForward) == .torque(maxTorque: 150))
    guard case .position? = try drive(.trackVelocity) else {
      Issue.record("no position drive")
      return
    }
  }

  @Test func tasksThatCannotBeAreRefused() throws {
    let hopper = try Self.published("hopper.xml")
    #expect(throws: (any Error).self) { try hopper.loaded { $0.task = "fly" } }
    #expect(throws: RobotError("hopper: the task walk-forward needs two feet, and 1 were found; name them by feet:")) {
      try hopper.loaded { $0.task = "walk-forward" }.entry()
    }
    #expect(throws: RobotError.self) { try hopper.loaded { $0.task = "reach" }.entry() }
  }
}
