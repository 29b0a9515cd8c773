import Environments
import Robotics

/// Metrics that are declared and that no episode has a value for.
enum MetricCheck {
  static let episodes = 4

  static func findings(of entry: Catalog.Entry, seed: UInt64) throws -> [Finding] {
    let envs = try entry.makeVectorEnv(count: episodes, shards: 1, seed: seed, start: .once)
    let evaluation = Evaluation(of: RandomPolicy(spec: envs.spec), in: envs, on: Workers(threads: 1))
    if let defect = envs.defect {
      return [
        Finding(
          id: "mistake", severity: .error, sentence: defect,
          hint: "fix that first; until then nothing that is learned is valid")
      ]
    }
    guard evaluation.episodes.contains(where: { $0.ending != .faulted }) else { return [] }
    // A task that leaves a metric undefined may have its reasons; one that does not write it has none.
    let unwritten = try entry.unwrittenMetrics(seed: seed)
    return envs.spec.metrics.enumerated().compactMap { i, name in
      let isMissing = unwritten?.contains(name) ?? evaluation.metrics.allSatisfy { $0[i].isNaN }
      guard isMissing else { return nil }
      return Finding(
        id: "unwritten_metric", severity: .warning, place: "metric '\(name)'",
        sentence: unwritten == nil
          ? "it is undefined in all of \(evaluation.metrics.count) episodes of random actions"
          : "no episode writes it",
        hint: "write it in \(unwritten == nil ? "readMetrics" : "measure"), or leave it out of the metrics")
    }
  }
}
