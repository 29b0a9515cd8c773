import Environments
import Training

extension ChartSheet {
  /// A row for each figure and series: name, first, least, greatest and last value that is drawn.
  package var rows: [(figure: String, series: String, values: [Double?])] {
    charts.flatMap { chart in
      chart.series.map { series in
        let values = series.curve.points.map(\.y).filter(\.isFinite)
        return (chart.panel.heading, series.name, [values.first, values.min(), values.max(), values.last])
      }
    }
  }

  /// The heads of the columns.
  package var columns: [String] {
    ["figure"] + (sets.count > 1 ? ["run"] : []) + ["first", "least", "greatest", "last"]
  }

  /// The cells of a row.
  package func cells(of row: (figure: String, series: String, values: [Double?])) -> [String] {
    [row.figure] + (sets.count > 1 ? [row.series] : []) + row.values.map { $0.map(NumberText.short) ?? "–" }
  }

  /// A table for a terminal.
  package var summary: String {
    TextTable([columns] + rows.map(cells), leftColumns: sets.count > 1 ? [0, 1] : [0]).text
  }
}
