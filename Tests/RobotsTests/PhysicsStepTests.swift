import Environments
import Reporting
import Robotics
import Robots
import Testing
import Training

/// The physics step of every robot that ships is short enough: for its free motion, and for what its policy does.
struct PhysicsStepTests {
  private static let robots = Catalog.standard.entries.filter { $0.robot != nil }.map(\.name)

  private func entry(_ name: String) throws -> Catalog.Entry { try #require(Catalog.standard[name]) }

  /// The robots that Gymnasium publishes.
  private static let published = [
    "cartpole", "inverted-double-pendulum", "reacher", "hopper", "walker2d", "half-cheetah", "ant",
  ]

  /// Free motion neither gains nor loses 1 % of its energy a second.
  @Test(arguments: published)
  func freeMotionKeepsItsEnergy(_ name: String) throws {
    let study = try #require(try entry(name).physicsStudy)
    let errors = study.errors(of: study.choices[0], against: try study.reference())
    #expect(abs(errors.energyDrift) < 0.01, "\(100 * errors.energyDrift) % a second")
    #expect(errors.jointGap < 0.001, "joints part by \(1000 * errors.jointGap) mm")
    #expect(errors.deviation.isFinite)
  }

  /// Half the step changes no headline figure of the policy that ships by more than 5 %, and joints stay closed.
  @Test(arguments: robots)
  func policiesDoNotDependOnTheStep(_ name: String) throws {
    let entry = try entry(name)
    let model = try #require(entry.trainedPolicy)
    let file = try PolicyFile.read(model(), from: "the model")
    let compared = try StepHalving(of: file.policy, for: entry, episodes: 40, seed: 77, on: Workers(threads: 2))
    let halving = try #require(compared)
    #expect(halving.findings.isEmpty, "\(halving.table)")
    let gap = try #require(halving.report.physicsErrors.first { $0.name == "joint_gap_m" }?.statistics.max)
    #expect(gap <= 0.001, "joints part by \(1000 * gap) mm")
  }
}
