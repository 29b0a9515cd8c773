import Environments
import Training

/// What a run has written about its course so far.
package struct RunCurves: Sendable {
  package let folder: RunDirectory
  package let robot: String
  /// A row an iteration.
  package let progress: CurveTable
  /// One row per evaluation during the training.
  package let evaluations: CurveTable

  /// Columns of `evaluations.csv` go by their names with this before them, as in TensorBoard.
  package static let evaluationPrefix = "evaluation/"
  /// Bytes a table may have.
  private static let limit = 1 << 28

  /// Reads a run, which may be at work.
  ///
  /// - Throws: `ReportingError` if the folder is none of a run, or a table is damaged.
  package init(in folder: RunDirectory) throws {
    guard Files.kind(at: folder.path) != .nothing else {
      throw ReportingError("there is no folder \(quoted(folder.path))")
    }
    guard folder.isBegun else {
      throw ReportingError("\(quoted(folder.path)) is not a run directory: it has no config.yaml")
    }
    guard let robot = try SettingsFile.read(folder.config).robot else {
      throw ReportingError("\(quoted(folder.config)) does not name its robot")
    }
    self.robot = printable(robot)
    self.folder = folder
    progress = try Self.table(folder.progress)
    evaluations = try Self.table(folder.evaluations)
  }

  private static func table(_ path: String) throws -> CurveTable {
    guard Files.kind(at: path) == .other else { return .empty }
    return try CurveTable(csv: Files.read(path, limit: limit), source: quoted(path))
  }

  /// The names of all figures that can be shown.
  package var figures: [String] {
    let evaluated = evaluations.names.filter { !$0.hasSuffix("/std") && !$0.contains("/ci95_") }
    return progress.names + evaluated.map { Self.evaluationPrefix + $0 }
  }

  /// A figure's curve; nil where the run has no such figure.
  ///
  /// - Parameter figure: a column's name; or `std`, which stands for the mean over all actions, with the least and the
  ///   greatest as bounds.
  package func curve(of figure: String, against abscissa: Abscissa) -> Curve? {
    if figure.hasPrefix(Self.evaluationPrefix) {
      return evaluationCurve(of: String(figure.dropFirst(Self.evaluationPrefix.count)), against: abscissa)
    }
    guard let places = progress[abscissa.column] else { return nil }
    if figure == CurvePanel.deviation {
      let columns = progress.names.filter { $0.hasPrefix(figure + "/") }.compactMap { progress[$0] }
      guard !columns.isEmpty else { return nil }
      return Curve(
        places.indices.map { row in
          let values = columns.map { $0[row] }
          let mean = values.reduce(0, +) / Double(values.count)
          return .init(places[row], mean, low: values.min(), high: values.max())
        }.filter { $0.x.isFinite })
    }
    guard let values = progress[figure] else { return nil }
    return Curve(zip(places, values).map { .init($0, $1) }.filter { $0.x.isFinite })
  }

  private func evaluationCurve(of name: String, against abscissa: Abscissa) -> Curve? {
    guard let values = evaluations[name], let steps = evaluations[Abscissa.steps.column] else { return nil }
    let (low, high) = (evaluations["\(name)/ci95_low"], evaluations["\(name)/ci95_high"])
    return Curve(
      steps.indices.map { row in
        // An interval needs two episodes; without one there is only the value.
        let bounds = [low?[row], high?[row]].map { $0?.isFinite == true ? $0 : nil }
        return .init(place(ofStep: steps[row], on: abscissa), values[row], low: bounds[0], high: bounds[1])
      }.filter { $0.x.isFinite })
  }

  /// The place of an evaluation: after the iteration with which as many steps were taken.
  private func place(ofStep step: Double, on abscissa: Abscissa) -> Double {
    guard abscissa != .steps else { return step }
    guard let steps = progress[Abscissa.steps.column], let places = progress[abscissa.column],
      let row = steps.firstIndex(where: { $0 >= step })
    else { return .nan }
    return places[row]
  }
}

/// What curves are drawn against.
package enum Abscissa: String, Sendable, CaseIterable {
  /// Env steps.
  case steps
  /// Seconds of training, evaluations and checkpoints left out.
  case time

  package var column: String { self == .steps ? "steps" : "training_seconds" }
}
