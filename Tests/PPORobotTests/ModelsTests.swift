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

  /// What Models/README.md records, with room for the chance of a few episodes.
  private static let recorded: [(robot: String, episodes: Int, lasting: Double, means: [String: ClosedRange<Double>])] =
    [
      ("cartpole", 10, 1, ["lean_deg": 0...0.5]),
      ("inverted-double-pendulum", 10, 1, [:]),
      ("reacher", 40, 1, ["final_error_m": 0...0.005]),
      ("hopper", 10, 0.9, ["speed_m_s": 1.85...2.15]),
      ("walker2d", 10, 0.9, ["speed_m_s": 4...4.6]),
      ("half-cheetah", 10, 1, ["speed_m_s": 5.6...6]),
      ("ant", 10, 0.8, ["speed_m_s": 4.2...4.9]),
      ("biped", 12, 0.8, ["distance_m": 18.5...21, "nonfoot_contact": 0...0.001]),
      ("biped-commanded", 20, 0.9, ["speed_error_m_s": 0.05...0.15, "stance_left_right": 0.9...1.1]),
      ("quadruped", 20, 0.85, ["speed_error_m_s": 0...0.15, "turn_error_rad_s": 0...0.15]),
      ("hexapod", 20, 0.9, ["speed_error_m_s": 0...0.1]),
      ("humanoid", 12, 0.9, ["speed_m_s": 0.9...1.02, "nonfoot_contact": 0...0.001]),
      ("arm", 40, 1, ["final_error_m": 0...0.01, "within_3cm": 0.9...1]),
      ("arm7", 40, 1, ["final_angle_rad": 0...0.08, "reached": 0.85...1]),
      ("pusher", 40, 1, ["final_error_m": 0...0.05, "within_5cm": 0.85...1]),
    ]

  @Test(arguments: recorded.indices)
  func eachDoesWhatItsPageSays(_ index: Int) throws {
    let figures = Self.recorded[index]
    let (evaluation, spec) = try evaluation(of: figures.robot, episodes: figures.episodes)
    let lasting = evaluation.episodes.count { $0.ending == .truncated }
    #expect(Double(lasting) >= figures.lasting * Double(figures.episodes), "\(figures.robot)")
    for (metric, range) in figures.means {
      let mean = try mean(metric, evaluation, spec)
      #expect(range.contains(mean), "\(figures.robot): \(metric) is \(mean)")
    }
  }

  @Test func thePendulumStands() throws {
    let (evaluation, _) = try evaluation(of: "pendulum", episodes: 200)
    let returns = evaluation.episodes.map(\.episodeReturn)
    // The mean of 200 has a standard error of 6.
    #expect(returns.reduce(0, +) / 200 > -175)
  }
}
