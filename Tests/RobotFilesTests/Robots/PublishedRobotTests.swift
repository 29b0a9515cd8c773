import Foundation
import Physics
import RobotFiles
import Robotics
import Testing

/// Robots' files that others publish against MuJoCo's reading of them.
struct PublishedRobotTests {
  @Test(arguments: PublishedRobot.all)
  func linksAxesAndMassesAreThoseOfMuJoCo(_ published: PublishedRobot) throws {
    let robot = try published.loaded()
    let model = try RobotModel(robot)
    let rootJoints = published.joints.filter { $0.body == published.groups[0].bodies.first && $0.type != "free" }
    let planar = robot.physics.isPlanar ? rootJoints.count : 0
    #expect(model.axes.count == published.joints.filter { $0.type != "free" }.count - planar)
    if !published.hasAuxiliaryLinks { #expect(model.links.count == published.groups.count) }
    // What is tied to the world is no part of the robot here.
    let moving = published.groups.reduce(0) { $0 + $1.mass }
    #expect(abs(model.totalMass - moving) < 1e-6 * moving)
  }

  @Test(arguments: PublishedRobot.all.filter { !$0.hasAuxiliaryLinks })
  func centersAndInertiasAreThoseOfMuJoCo(_ published: PublishedRobot) throws {
    let robot = try published.loaded()
    let model = try RobotModel(robot)
    var sim = try Simulation(model)
    let drawn = try Self.drawnPositions(published, model)
    for group in published.groups {
      let index = try Self.link(of: group, published, model)
      let flat = model.links[index]
      let pose = sim.pose(of: LinkID(index: index), at: sim.rootPose, positions: drawn)
      let center = pose.act(on: flat.mass.centerOfMass)
      #expect((center - Vector3(group.com)).length < 1e-6, "center of '\(group.name)'")
      #expect(abs(flat.mass.mass - group.mass) < 1e-6 * group.mass, "mass of '\(group.name)'")
      let inertia = flat.mass.inertia.rotated(by: pose.orientation)
      let scale = group.inertia_world_axes[0][0] + group.inertia_world_axes[1][1] + group.inertia_world_axes[2][2]
      for (row, unit) in [Vector3.unitX, .unitY, .unitZ].enumerated() {
        let difference = inertia.act(on: unit) - Vector3(group.inertia_world_axes[row])
        #expect(difference.length < 1e-6 * scale, "inertia of '\(group.name)'")
      }
    }
  }

  @Test(arguments: PublishedRobot.all)
  func axesStandAndTurnAsInMuJoCo(_ published: PublishedRobot) throws {
    let robot = try published.loaded()
    let model = try RobotModel(robot)
    var sim = try Simulation(model)
    sim.place(at: sim.rootPose, positions: try Self.drawnPositions(published, model))
    for (index, axis) in model.axes.enumerated() {
      let joint = try #require(published.joints.first { $0.name == axis.name })
      let line = sim.line(ofAxis: index)
      #expect((line.direction - Vector3(joint.axis)).length < 1e-6, "direction of '\(axis.name)'")
      let way = line.point - Vector3(joint.anchor)
      // A slider may be anywhere along its axis, as far as its motion goes.
      if joint.type == "hinge" { #expect(way.length < 1e-6, "anchor of '\(axis.name)'") }
      #expect(abs(axis.dynamics.damping - joint.damping) < 1e-9 && abs(axis.dynamics.armature - joint.armature) < 1e-9)
      #expect(abs(axis.dynamics.friction - joint.frictionloss) < 1e-9)
      let isNarrow = joint.type == "slide" || joint.range[1] - joint.range[0] <= 6.2
      guard joint.limited, isNarrow, joint.range[0] < joint.range[1] else { continue }
      let range = try #require(axis.range, "'\(axis.name)' has stops")
      #expect(abs(range.lowerBound - joint.range[0]) < 1e-6 && abs(range.upperBound - joint.range[1]) < 1e-6)
    }
  }

  /// The positions of the model's axes in the pose that the file draws.
  private static func drawnPositions(_ published: PublishedRobot, _ model: RobotModel) throws -> [Double] {
    try model.axes.map { axis in try #require(published.joints.first { $0.name == axis.name }).ref ?? 0 }
  }

  /// The link that a group of bodies has become.
  private static func link(
    of group: PublishedRobot.Group, _ published: PublishedRobot, _ model: RobotModel
  ) throws -> Int {
    let joint = published.joints.first { joint in
      group.bodies.first == joint.body && model.axes.contains { $0.name == joint.name }
    }
    guard let joint else { return 0 }
    let axis = try model.axis(joint.name)
    return try #require(model.links.firstIndex { $0.axes.contains(axis) })
  }
}
