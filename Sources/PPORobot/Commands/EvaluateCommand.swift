import ArgumentParser
import Environments
import Robotics

/// Judges a policy over episodes that no training sees.
struct EvaluateCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Judges a policy over many episodes.",
    discussion: """
      Give --robot, --policy or both. The robot alone uses the trained policy that comes with it; a policy file alone \
      knows its robot. Every 95 % interval is that of the mean: a percentile bootstrap of \
      \(Statistics.resamples) resamples with a fixed seed. The same seed gives the same figures on any number of threads.
      """)

  @Option(help: "The robot's name; 'ppo-robot list' tells them.")
  var robot: String?

  @Option(help: "A policy file, a run directory (its best policy), or a policy the robot comes with, such as zero.")
  var policy: String?

  @Option(parsing: .unconditional, help: "How many episodes. (default: 100)")
  var episodes: String?

  @Option(parsing: .unconditional, help: "Where the starts are drawn from. (default: 0)")
  var seed: String?

  @Flag(help: "Draw actions as in training; without it a trained policy takes the most likely one.")
  var stochastic = false

  @Option(parsing: .unconditional, help: "Threads to work with. (default: all processors)")
  var threads: String?

  @Flag(help: "Print a JSON document.")
  var json = false

  /// The seed where none is given.
  static let defaultSeed: UInt64 = 0

  func run(with catalog: Catalog) throws {
    let episodes = try episodes.map { try OptionText.whole($0, for: "--episodes", in: 1...1_000_000) } ?? 100
    let seed = try seed.map { try OptionText.seed($0, for: "--seed") } ?? Self.defaultSeed
    let threads = try threads.map { try OptionText.whole($0, for: "--threads", in: 1...1_024) } ?? Host.processors
    let subject = try PolicySource.find(robot: robot, policy: policy, in: catalog, stochastic: stochastic)
    let evaluator = Evaluator(entry: subject.entry, workers: Workers(threads: threads))
    guard
      let evaluation = try evaluator.evaluate(subject.policy, episodes: episodes, seed: seed, for: .judgement)
    else { return }
    let report = EvaluationReport(
      evaluation, spec: try subject.entry.spec(), robot: subject.entry.name, policy: subject.name, seed: seed)
    if json {
      Output.print(report.json.document)
    } else {
      Output.print("\(report.robot), policy \(report.policy), \(report.episodes) episodes, seed \(report.seed)\n")
      Output.print(report.table)
      Output.print("\n\(report.sentence)")
    }
  }
}
