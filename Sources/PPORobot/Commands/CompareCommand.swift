import ArgumentParser
import Environments
import Robotics
import Storage
import Training

/// Tells which of two policies is better.
struct CompareCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Tests whether policy B is better than policy A on the same starts.",
    discussion: """
      A and B are each what evaluate --policy takes: a policy file, a run directory, or a policy that the robot comes with \
      (zero, random, trained). Or they are sets of runs: a folder that train --seeds made, or several policies with commas \
      between them.

      One policy against one: the differences B − A of paired episodes, with a percentile bootstrap interval of their mean. \
      A set on either side: each run counts as one sample, its mean over the episodes; the interquartile means over runs are \
      compared, with a stratified bootstrap over runs (Agarwal et al. 2021, rliable). A single run says nothing about the \
      variation between runs; use five or more on each side.
      """)

  @Argument(help: "The policy or set of runs to compare with.")
  var a: String

  @Argument(help: "The policy or set of runs that may be better.")
  var b: String

  @Option(help: "The robot's name; needed only where neither A nor B is a file or folder.")
  var robot: String?

  @Option(parsing: .unconditional, help: "How many episodes for each policy. (default: 100)")
  var episodes: String?

  @Option(parsing: .unconditional, help: "Seed of the starts. (default: 0)")
  var seed: String?

  @Flag(help: "Sample actions as in training; without it trained policies take the mean action.")
  var stochastic = false

  @Option(parsing: .unconditional, help: "Threads to use. (default: all processors)")
  var threads: String?

  @Flag(help: "Print a JSON document.")
  var json = false

  func run(with catalog: Catalog) throws {
    let episodes = try OptionText.episodes(episodes)
    let seed = try OptionText.evaluationSeed(seed)
    let threads = try OptionText.threads(threads)
    let known =
      try robot ?? PolicySet.robot(of: a, in: catalog, notify: Output.show)
      ?? PolicySet.robot(of: b, in: catalog, notify: Output.show)
    guard let known else {
      throw CommandError(
        "neither \(quoted(a)) nor \(quoted(b)) is a file or folder; --robot must say whose policies they are")
    }
    let sides = try [a, b].map {
      try PolicySet.find($0, robot: known, in: catalog, stochastic: stochastic, notify: Output.show)
    }
    let entry = try catalog.entry(named: known)
    let evaluator = Evaluator(entry: entry, workers: Workers(threads: threads))
    let evaluations = try sides.map { side in
      try side.subjects.compactMap {
        try evaluator.evaluate($0.policy, episodes: episodes, seed: seed, for: .evaluation)
      }
    }
    let comparison = Comparison(
      evaluations[0], evaluations[1], spec: sides[0].subjects[0].policy.spec, success: entry.success)
    if json {
      let members: [(key: String, value: JSON)] =
        [
          ("robot", .text(known)), ("a", sides[0].json), ("b", sides[1].json), ("episodes", .whole(episodes)),
          ("seed", .unsigned(seed)),
        ]
      return Output.print(JSON.object(members + comparison.jsonMembers).document)
    }
    Output.print(
      "\(known), \(episodes) episodes, seed \(seed)\nA: \(sides[0].words)\nB: \(sides[1].words)\n\n"
        + "\(comparison.table)\n\n\(comparison.sentence)")
  }
}

extension PolicySet {
  fileprivate var words: String { subjects.count > 1 ? "\(name), \(subjects.count) runs" : name }

  fileprivate var json: JSON {
    .object([("name", .text(name)), ("policies", .array(subjects.map { .text($0.name) }))])
  }
}
