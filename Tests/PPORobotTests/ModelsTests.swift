import Environments
import Learning
import PPORobot
import Robotics
import Robots
import Testing

/// The trained policies that ship: each loads, belongs to its robot as it is now, and does what its page says.
struct ModelsTests {
  /// The policy that ships for a robot, lived in for some episodes.
  private func evaluation(of name: String, episodes: Int) throws -> (evaluation: Evaluation, spec: EnvSpec) {
    let entry = try #require(Catalog.standard[name])
    let model = try #require(entry.trainedPolicy)
    let file = try PolicyFile.read(model(), from: "the model")
    let envs = try entry.makeVectorEnv(count: episodes, seed: 77, start: .once)
    #expect(file.robot == name)
    #expect(file.policy.spec == envs.spec)
    return (Evaluation(of: file.policy, in: envs, on: Workers(threads: 2)), envs.spec)
  }

  private func mean(_ metric: String, _ evaluation: Evaluation, _ spec: EnvSpec) throws -> Double {
    let column = try #require(spec.metrics.firstIndex(of: metric))
    return evaluation.metrics.reduce(0) { $0 + $1[column] } / Double(evaluation.metrics.count)
  }

  @Test func everyRobotHasOne() {
    for entry in Catalog.standard.entries { #expect(entry.trainedPolicy?().isEmpty == false, "\(entry.name)") }
  }

  @Test func theBipedWalks() throws {
    let (evaluation, spec) = try evaluation(of: "biped", episodes: 12)
    #expect(evaluation.episodes.count { $0.ending == .truncated } >= 10)
    #expect(try mean("distance_m", evaluation, spec) > 16)
  }

  @Test func theArmReaches() throws {
    let (evaluation, spec) = try evaluation(of: "arm", episodes: 40)
    #expect(try mean("final_error_m", evaluation, spec) < 0.02)
    #expect(try mean("within_3cm", evaluation, spec) > 0.9)
  }

  @Test func theSevenJointArmReachesPoses() throws {
    let (evaluation, spec) = try evaluation(of: "arm7", episodes: 40)
    #expect(try mean("final_angle_rad", evaluation, spec) < 0.05)
    #expect(try mean("reached", evaluation, spec) > 0.9)
  }

  @Test func thePusherPushes() throws {
    let (evaluation, spec) = try evaluation(of: "pusher", episodes: 40)
    #expect(try mean("final_error_m", evaluation, spec) < 0.05)
    #expect(try mean("within_5cm", evaluation, spec) > 0.85)
  }

  @Test func thePendulumStands() throws {
    let (evaluation, _) = try evaluation(of: "pendulum", episodes: 200)
    let returns = evaluation.episodes.map(\.episodeReturn)
    // The mean of 200 has a standard error of 6.
    #expect(returns.reduce(0, +) / 200 > -175)
  }
}
