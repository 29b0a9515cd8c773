/// What a training came to with several seeds: the mean of each run's evaluation at the end, and how runs differ.
struct SeedSummary: Sendable {
  struct Run: Sendable {
    let seed: UInt64
    let outcome: TrainingOutcome

    /// Means over the run's episodes, by name.
    var figures: [(name: String, value: Double?)] {
      let report = outcome.report
      let success = report.success.map { [(name: "success", value: $0.proportion.share)] } ?? []
      return [(name: "return", value: report.episodeReturn.mean)] + success
        + [(name: "length_s", value: report.lengthSeconds.mean)]
        + report.metrics.map { (name: $0.name, value: $0.statistics.mean) }
    }
  }

  let folder: String
  let runs: [Run]

  /// For each figure its statistics over runs, the interval being a bootstrap over runs, and their interquartile mean.
  private var overRuns: [(name: String, statistics: Statistics, interquartileMean: Double?)] {
    guard let first = runs.first else { return [] }
    return first.figures.indices.map { i in
      let values = runs.compactMap { $0.figures[i].value }
      return (first.figures[i].name, Statistics(values), Statistics.interquartileMean(of: values))
    }
  }

  var json: JSON {
    return .object([
      ("robot", runs.first.map { .text($0.outcome.robot) } ?? .null), ("run_dir", .text(folder)),
      ("seeds", .array(runs.map { .unsigned($0.seed) })),
      (
        "runs",
        .array(
          runs.map { run in
            .object(
              [
                ("seed", .unsigned(run.seed)), ("run_dir", .text(run.outcome.folder)),
                ("steps", .whole(run.outcome.steps)), ("best_step", .whole(run.outcome.bestStep)),
                ("training_seconds", .number(run.outcome.clock.training)),
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

  /// A table for reading: a row for each figure, a column for each seed.
  var text: String {
    let text = { (value: Double?) in value.map(NumberText.short) ?? "–" }
    var rows = [["seed"] + runs.map { "\($0.seed)" } + ["mean", "95 % interval over runs"]]
    for (i, figure) in overRuns.enumerated() {
      rows.append(
        [Quantity(figure.name).title] + runs.map { text($0.figures[i].value) }
          + [text(figure.statistics.mean), NumberText.interval(figure.statistics.ci95)])
    }
    return """
      \(TextTable(rows).text)
      Runs: \(folder)
      Next: ppo-robot compare OTHER \(Shell.quoted(folder))
      """
  }
}
