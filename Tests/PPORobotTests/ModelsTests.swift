import Environments
import Foundation
import Learning
import Networks
import PPORobot
import Robotics
import Robots
import Testing
import Training

/// The trained policies that ship: each loads, belongs to its robot as it is now, and does what its page says.
struct ModelsTests {
  /// The policy that ships for a robot, run for some episodes.
  private func evaluation(of name: String, episodes: Int) throws -> (evaluation: Evaluation, spec: EnvSpec) {
    let entry = try #require(Catalog.standard[name])
    let model = try #require(entry.trainedPolicy)
    let file = try PolicyFile.read(model(), from: "the model")
    let envs = try entry.makeVectorEnv(count: episodes, seed: 77, start: .once)
    #expect(file.robot == name)
    #expect(file.policy.spec == envs.spec)
    return (Evaluation(of: file.policy, in: envs, on: Workers(threads: 2)), envs.spec)
  }

  @Test func everyRobotHasOne() {
    for entry in Catalog.standard.entries { #expect(entry.trainedPolicy?().isEmpty == false, "\(entry.name)") }
  }

  /// What Models/report.py found, from which the documents' tables are written.
  private struct Recorded: Decodable {
    struct Figure: Decodable {
      let mean: Double?
      let std: Double?
    }
    let episodes: Int
    let lasted: Int
    let metrics: [String: Figure]
  }

  private static func recorded() throws -> [String: Recorded] {
    let results = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Models/results.json")
    return try JSONDecoder().decode([String: Recorded].self, from: Data(contentsOf: results))
  }

  /// On starts that the record has not seen, with room for the chance of fewer episodes: five standard errors.
  @Test(arguments: Catalog.standard.entries.map(\.name).filter { !$0.hasPrefix("pendulum") })
  func eachDoesWhatItsPageSays(_ robot: String) throws {
    let recorded = try #require(try Self.recorded()[robot])
    // Episodes of arms are short.
    let count = recorded.metrics["final_error_m"] == nil ? 12 : 40
    let (evaluation, spec) = try evaluation(of: robot, episodes: count)
    let lasting = Double(evaluation.episodes.count { $0.ending == .truncated })
    #expect(lasting >= (Double(recorded.lasted) / Double(recorded.episodes) - 0.1) * Double(count) - 1)
    for (column, metric) in spec.metrics.enumerated() {
      let figure = try #require(recorded.metrics[metric])
      guard let expected = figure.mean, let std = figure.std else { continue }
      let values = evaluation.metrics.map { $0[column] }.filter(\.isFinite)
      let mean = values.reduce(0, +) / Double(values.count)
      let room = 5 * std / Double(values.count).squareRoot() + 0.02 * abs(expected) + 1e-3
      #expect(abs(mean - expected) <= room, "\(metric) is \(mean), \(expected) is recorded")
    }
  }

  @Test(arguments: [("pendulum", -175.0), ("pendulum-hidden", -195)])
  func thePendulumStands(_ robot: String, bound: Double) throws {
    let (evaluation, _) = try evaluation(of: robot, episodes: 200)
    let returns = evaluation.episodes.map(\.episodeReturn)
    // The mean of 200 has a standard error of 6 to 8.
    #expect(returns.reduce(0, +) / 200 > bound)
  }
}
