import Environments
import Foundation
import Physics
import Robotics
import Robots
import Tasks
import Testing

struct HumanoidTests {
  private static let mass = 70.0
  private static let height = 1.7

  private func simulation() throws -> Simulation { try Simulation(RobotModel(Humanoid())) }
  private func links(of link: Link) -> [Link] { [link] + link.children.flatMap(links) }
  private func zeros(_ model: RobotModel) -> [Double] { model.axes.map { _ in 0 } }

  private func kilograms(_ names: String...) -> Double {
    links(of: Humanoid().body).filter { names.contains($0.name) }.reduce(0) { sum, link in
      guard case .total(let mass) = link.mass else { return .nan }
      return sum + mass
    }
  }

  // MARK: The machine

  @Test func isAsHeavyAndTallAsAPerson() throws {
    var sim = try simulation()
    #expect(abs(sim.model.totalMass - Self.mass) < 0.1)
    #expect(sim.model.isFloating)
    let straight = zeros(sim.model)
    let bottom = sim.lowestPoint(at: .identity, positions: straight)
    let top = -sim.lowestPoint(at: Pose(orientation: Quaternion(angle: .pi, axis: .unitX)), positions: straight)
    #expect(abs(top - bottom - Self.height) < 0.02)
  }

  @Test func hasTheJointsOfAHumanoid() throws {
    let model = try RobotModel(Humanoid())
    #expect(model.actuatedAxes.count == model.axes.count && model.axes.count >= 17)
    for side in ["left", "right"] {
      for joint in [
        "hip yaw", "hip roll", "hip pitch", "knee", "ankle", "shoulder roll", "shoulder pitch", "elbow",
      ] {
        #expect(model.axes.contains { $0.name == "\(side) \(joint)" }, "\(side) \(joint)")
      }
    }
    #expect(model.axes.count { $0.name.hasPrefix("waist") } >= 2)
  }

  /// Winter, table 4.1: each segment's share of the body's mass.
  @Test func segmentsHaveTheirShareOfTheMass() {
    for side in ["left", "right"] {
      #expect(abs(kilograms("\(side) thigh") - 0.1 * Self.mass) < 0.05)
      #expect(abs(kilograms("\(side) shin") - 0.0465 * Self.mass) < 0.05)
      #expect(abs(kilograms("\(side) foot") - 0.0145 * Self.mass) < 0.05)
      #expect(abs(kilograms("\(side) upper arm") - 0.028 * Self.mass) < 0.05)
      #expect(abs(kilograms("\(side) forearm") - 0.022 * Self.mass) < 0.05)
    }
    #expect(abs(kilograms("pelvis") - 0.281 * Self.mass) < 0.05)
    #expect(abs(kilograms("thorax") - 0.297 * Self.mass) < 0.05)
  }

  /// Drillis and Contini: where the joints are, as shares of the height.
  @Test func jointsAreAtTheirHeights() throws {
    var sim = try simulation()
    let model = sim.model
    let straight = zeros(model)
    let sole = sim.lowestPoint(at: .identity, positions: straight)
    sim.place(at: Pose(position: [0, 0, -sole]), positions: straight)
    let height = { (sim: borrowing Simulation, link: String) in
      try sim.pose(of: model.link(link)).position.z / Self.height
    }
    #expect(abs(try height(sim, "left foot") - 0.039) < 0.005)
    #expect(abs(try height(sim, "left shin") - 0.285) < 0.005)
    #expect(abs(try height(sim, "left thigh") - 0.530) < 0.005)
    #expect(abs(try height(sim, "left forearm") - (0.818 - 0.186)) < 0.005)
    #expect(abs(try height(sim, "left upper arm") - 0.818) < 0.005)
  }

  @Test func leftAndRightMirrorEachOther() throws {
    let env = try RobotEnv(Humanoid(), WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6))
    let found = env.symmetry
    let symmetry = try #require(found)
    let model = try RobotModel(Humanoid())
    // A turned pose in a mirror is the pose of mirrored angles.
    var sim = try Simulation(model)
    var random = Random(seed: 2)
    var positions = model.neutralPositions
    model.drawPositions(around: -0.3...0.3, using: &random, into: &positions)
    let image = symmetry.action.map { Double($0.sign) * positions[$0.index] }
    sim.place(at: .identity, positions: positions)
    let poses = try model.linkNames.map { ($0, sim.pose(of: try model.link($0))) }
    sim.place(at: .identity, positions: image)
    for (name, pose) in poses {
      let other = sim.pose(of: try model.link(RobotModel.otherSide(of: name)))
      for point in [Vector3(0, 0, 0), [0.1, 0, 0], [0, 0, -0.3]] {
        #expect((pose.act(on: point) * [1, -1, 1] - other.act(on: point * [1, -1, 1])).length < 1e-9, "\(name)")
      }
    }
  }

  // MARK: Its task

  @Test func noStartPutsOneLinkIntoAnother() throws {
    var sim = try simulation()
    var task = WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6, options: .humanoid)
    try task.prepare(for: sim.model)
    let all = try sim.model.linkNames.map { try sim.model.link($0) }
    let idle = Array(repeating: Float(0), count: sim.model.actuatedAxes.count)
    for seed in 0..<300 {
      var random = Random(seed: UInt64(seed))
      try task.begin(&sim, using: &random)
      try sim.step(idle.span)
      for link in all {
        let touches = sim.touchesAnotherLink(link)
        #expect(!touches, "seed \(seed), \(sim.model.linkNames[link.index])")
      }
    }
  }

  /// It first steps on the spot; the command grows with the difficulty.
  @Test(arguments: [0.1, 0.5, 1]) func theSpeedAskedForGrowsWithTheDifficulty(_ difficulty: Double) throws {
    let task = WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6, options: .humanoid)
    var env = try RobotEnv(Humanoid(), task)
    env.difficulty = difficulty
    let spec = env.spec
    var row = Array(repeating: Float(0), count: spec.observationCount)
    var span = row.mutableSpan
    env.reset(seed: 3, observation: &span)
    let idle = Array(repeating: Float(0), count: spec.actionCount)
    _ = env.step(idle.span, observation: &span)
    var terms = Array(repeating: Float(0), count: spec.rewardTerms.count)
    var rewards = terms.mutableSpan
    env.readRewardTerms(into: &rewards)
    let velocity = spec.observations.prefix { $0.name != "velocity" }.reduce(0) { $0 + $1.count }
    // It still heads along the line, so that its own forward is the world's.
    let missing = Double(row[velocity]) - difficulty
    #expect(abs(Double(terms[0]) - 0.4 * exp(-3 * missing * missing)) < 1e-3)
  }

  @Test func aFallCosts() throws {
    var bench = try TaskBench(
      Humanoid(), WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6, options: .humanoid))
    let idle = Array(repeating: Float(0), count: bench.sim.model.actuatedAxes.count)
    #expect(bench.evaluateStep(idle)["fall"] == 0)
    bench.sim.place(at: Pose(position: [0, 0, 0.59]))
    #expect(bench.evaluateStep(idle)["fall"] == -5)
  }

  /// A thorax that bends forward on an upright pelvis costs what it leaves of the term's 0.06.
  @Test func aStoopCosts() throws {
    var bench = try TaskBench(
      Humanoid(), WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6, options: .humanoid))
    let idle = Array(repeating: Float(0), count: bench.sim.model.actuatedAxes.count)
    var positions = bench.sim.model.neutralPositions
    bench.sim.place(at: bench.sim.rootPose, positions: positions)
    #expect(abs(try #require(bench.evaluateStep(idle)["trunk"]) - 0.06) < 1e-6)
    positions[try bench.sim.model.axis("waist pitch")] += 0.3
    bench.sim.place(at: bench.sim.rootPose, positions: positions)
    #expect(abs(try #require(bench.evaluateStep(idle)["upright"]) - 0.06) < 1e-6)
    let tilt = sin(0.3) / 0.12
    #expect(abs(Double(try #require(bench.evaluateStep(idle)["trunk"])) - 0.06 * exp(-tilt * tilt)) < 1e-6)
  }

  @Test func lastsLongEnoughToBeJudged() throws {
    let spec = try #require(Catalog.standard["humanoid"]).spec()
    #expect(Double(spec.episodeSteps) * spec.controlInterval >= 15)
  }
}
