import Environments
import Training

extension SeedSummary {
  /// A table for reading: a row for each figure, a column for each seed.
  package var text: String {
    let text = { (value: Double?) in value.map(NumberText.short) ?? "–" }
    var rows = [["seed"] + runs.map { "\($0.seed)" } + ["mean", "95 % interval over runs"]]
    for (i, figure) in overRuns.enumerated() {
      rows.append(
        [Quantity(figure.name).title] + runs.map { text(i < $0.figures.count ? $0.figures[i].value : nil) }
          + [text(figure.statistics.mean), NumberText.interval(figure.statistics.ci95)])
    }
    return """
      \(TextTable(rows).text)
      Runs: \(folder)
      Next: \(Program.command) compare OTHER \(Shell.quoted(folder))
      """
  }
}
