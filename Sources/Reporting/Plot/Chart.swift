import Environments
import Training

/// What a panel shows, before it is drawn: curves and their axes.
package struct Chart: Sendable, Equatable {
  package struct Series: Sendable, Equatable {
    /// Place among all that are shown together; color and dashes follow from it.
    package let index: Int
    package let name: String
    package let curve: Curve
  }

  package let panel: CurvePanel
  package let series: [Series]
  package let x: ChartAxis
  package let y: ChartAxis
  /// Whether each point is an evaluation's, and worth a dot.
  package let hasDots: Bool

  /// The greatest value that lies beyond the axis's upper end, if one does, and the least beyond its lower end.
  package var above: Double? { values.max().flatMap { $0 > y.range.upperBound ? $0 : nil } }
  package var below: Double? { values.min().flatMap { $0 < y.range.lowerBound ? $0 : nil } }

  private var values: [Double] { Self.values(of: series.map(\.curve)) }

  package static func values(of curves: [Curve]) -> [Double] {
    curves.flatMap { $0.points.flatMap { [$0.y, $0.low, $0.high] } }.filter(\.isFinite)
  }

  /// What the picture shows, in a sentence.
  package var words: String {
    let ends = series.map { series in
      (self.series.count > 1 ? "\(series.name) " : "") + (series.curve.last.map(NumberText.short) ?? "–")
    }
    return "\(panel.words), to the end: \(ends.joined(separator: ", "))"
  }
}

/// All charts of a plot, which share their horizontal axis.
package struct ChartSheet: Sendable, Equatable {
  package let robot: String
  package let sets: [Set]
  package let abscissa: Abscissa
  package let x: ChartAxis
  /// The horizontal axis's title with its unit.
  package let xTitle: String
  package let charts: [Chart]

  package struct Set: Sendable, Equatable {
    package let name: String
    /// Paths.
    package let runs: [String]
    /// Env steps that its longest run has taken.
    package let steps: Int
  }

  /// Curves that can be distinguished in a panel.
  package static let mostSets = 8

  /// Points across a panel; more could not be distinguished.
  static let bins = 160

  /// Draws up what runs have of `panels`; a sheet without charts where they have nothing yet.
  package init(_ sets: [CurveSet], panels: [CurvePanel], against abscissa: Abscissa) {
    robot = sets.first?.runs.first?.robot ?? ""
    self.sets = sets.map { set in
      let steps = set.runs.compactMap { $0.progress[Abscissa.steps.column]?.last }.max() ?? 0
      return Set(name: set.name, runs: set.runs.map(\.folder.path), steps: Int(exactly: steps) ?? 0)
    }
    self.abscissa = abscissa
    let ends = sets.flatMap(\.runs).flatMap { $0.progress[abscissa.column] ?? [] }
    let end = ends.filter(\.isFinite).max().flatMap { $0 > 0 ? $0 : nil } ?? 1
    let (unit, title) = Self.unit(of: abscissa, to: end)
    let (x, bins) = (ChartAxis(linear: 0...end / unit, ticks: 5), Curve.Bins(to: end, count: Self.bins))
    (self.x, xTitle) = (x, title)
    charts = panels.compactMap { panel in
      let series = sets.enumerated().compactMap { i, set -> Chart.Series? in
        guard var curve = set.curve(of: panel, against: abscissa, in: bins), curve.last != nil else { return nil }
        for j in curve.points.indices { curve.points[j].x /= unit }
        return Chart.Series(index: i, name: set.name, curve: curve)
      }
      let values = Chart.values(of: series.map(\.curve))
      guard let first = values.first, panel.isShownConstant || values.contains(where: { $0 != first }) else {
        return nil
      }
      return Chart(
        panel: panel, series: series, x: x, y: ChartAxis(showing: values, mayBeLogarithmic: panel.mayBeLogarithmic),
        hasDots: panel.figure.hasPrefix(RunCurves.evaluationPrefix)
          && series.allSatisfy { $0.curve.points.count <= Self.bins / 4 })
    }
  }

  private static func unit(of abscissa: Abscissa, to end: Double) -> (Double, String) {
    guard abscissa == .time else { return (1, "env steps") }
    return end < 180
      ? (1, "training time (s)") : end < 3 * 3600 ? (60, "training time (min)") : (3600, "training time (h)")
  }

  /// What lines and bands are.
  package var bandWords: String {
    if sets.contains(where: { $0.runs.count > 1 }) {
      return
        "Lines are medians over runs, bands the interval that holds the median of all such runs in 95 of 100 cases "
        + "(by order statistics; of fewer than six runs it is their range)."
    }
    return
      "Bands span all iterations where several share a point, whose median the line is; for evaluations they are the "
      + "mean's 95 % interval, for the standard deviation all actions."
  }
}
