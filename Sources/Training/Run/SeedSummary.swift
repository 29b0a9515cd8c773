import Storage
import Yams

/// What a training came to with several seeds: the mean of each run's evaluation at the end, and how runs differ.
package struct SeedSummary: Sendable {
  package struct Run: Sendable {
    package let seed: UInt64
    package let robot: String
    package let folder: String
    package let steps: Int
    package let bestStep: Int
    let trainingSeconds: Double
    /// Means over the run's episodes, by name.
    package let figures: [(name: String, value: Double?)]

    /// - Parameter summary: what `summary.json` holds.
    /// - Throws: `TrainingError` if it is something else.
    package init(seed: UInt64, summary: String) throws {
      // JSON is YAML, and its members keep their order.
      guard let node = try? Yams.compose(yaml: summary), let robot = node["robot"]?.string,
        let folder = node["run_dir"]?.string, let steps = node["steps"]?.int, let bestStep = node["best_step"]?.int,
        let seconds = node["training_seconds"]?.float, let report = node["evaluation"]?.mapping
      else { throw TrainingError("the summary of the run with seed \(seed) is damaged; remove its summary.json") }
      self.seed = seed
      self.robot = robot
      self.folder = folder
      self.steps = steps
      self.bestStep = bestStep
      trainingSeconds = seconds
      let share = report["success"]?["share"].map { [(name: "success", value: $0.float)] } ?? []
      let metrics = report["metrics"]?.mapping.map { Array($0) } ?? []
      figures =
        [(name: "return", value: report["return"]?["mean"]?.float)] + share
        + [(name: "length_s", value: report["length_s"]?["mean"]?.float)]
        + metrics.map { (name: $0.key.string ?? "", value: $0.value["mean"]?.float) }
    }
  }

  package let folder: String
  package let runs: [Run]

  /// For each figure its statistics over runs, the interval being a bootstrap over runs, and their interquartile mean.
  package var overRuns: [(name: String, statistics: Statistics, interquartileMean: Double?)] {
    guard let first = runs.first else { return [] }
    return first.figures.indices.map { i in
      let values = runs.compactMap { i < $0.figures.count ? $0.figures[i].value : nil }
      return (first.figures[i].name, Statistics(values), Statistics.interquartileMean(of: values))
    }
  }

  package var json: JSON {
    return .object([
      ("robot", runs.first.map { .text($0.robot) } ?? .null), ("run_dir", .text(folder)),
      ("seeds", .array(runs.map { .unsigned($0.seed) })),
      (
        "runs",
        .array(
          runs.map { run in
            .object(
              [
                ("seed", .unsigned(run.seed)), ("run_dir", .text(run.folder)),
                ("steps", .whole(run.steps)), ("best_step", .whole(run.bestStep)),
                ("training_seconds", .number(run.trainingSeconds)),
              ] + run.figures.map { ($0.name, .number(ifAny: $0.value)) })
          })
      ),
      (
        "over_runs",
        .object(
          overRuns.map { name, statistics, middle in
            guard case .object(let members) = statistics.json else { return (name, .null) }
            return (name, .object(members + [("iqm", .number(ifAny: middle))]))
          })
      ),
    ])
  }
}
