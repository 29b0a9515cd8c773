import Environments

/// What a run has written about its course so far.
package struct RunCurves: Sendable {
  package let folder: RunDirectory
  package let robot: String
  /// A row an iteration.
  package let progress: CurveTable
  /// A row an evaluation on the way.
  package let evaluations: CurveTable

  /// Columns of `evaluations.csv` go by their names with this before them, as in TensorBoard.
  package static let evaluationPrefix = "evaluation/"
  /// Bytes a table may have.
  private static let limit = 1 << 28

  /// Reads a run, which may be at work.
  ///
  /// - Throws: `CommandError` if the folder is none of a run, or a table is damaged.
  package init(in folder: RunDirectory) throws {
    guard Files.kind(at: folder.path) != .nothing else {
      throw CommandError("there is no folder \(quoted(folder.path))")
    }
    guard folder.isBegun else {
      throw CommandError("\(quoted(folder.path)) is not a run directory: it has no config.yaml")
    }
    guard let robot = try SettingsFile.read(folder.config).robot else {
      throw CommandError("\(quoted(folder.config)) does not name its robot")
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
        // An interval needs two episodes; without one the value stands alone.
        let bounds = [low?[row], high?[row]].map { $0?.isFinite == true ? $0 : nil }
        return .init(place(ofStep: steps[row], on: abscissa), values[row], low: bounds[0], high: bounds[1])
      }.filter { $0.x.isFinite })
  }

  /// Where an evaluation stands: after the iteration with which as many steps were taken.
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

  var column: String { self == .steps ? "steps" : "training_seconds" }
}

/// Runs that make one line in each panel: a single one, or a training repeated with other seeds.
package struct CurveSet: Sendable {
  /// What a reader calls it.
  package var name: String
  package let runs: [RunCurves]

  /// - Parameter path: a run directory, or a folder that `train --seeds` made.
  package static func read(_ path: String) throws -> CurveSet {
    let runs = try RunSet.runs(in: path).map { try RunCurves(in: RunDirectory(path: $0)) }
    return CurveSet(name: path, runs: runs)
  }

  /// Several sets, named by what of their paths tells them apart.
  ///
  /// - Throws: `CommandError` if they cannot be shown together.
  package static func read(_ paths: [String]) throws -> [CurveSet] {
    var sets = try paths.map(read)
    let runs = sets.flatMap(\.runs)
    for run in runs where run.robot != runs[0].robot {
      throw CommandError(
        "\(quoted(runs[0].folder.path)) trains '\(runs[0].robot)' and \(quoted(run.folder.path)) '\(run.robot)'; "
          + "runs can be shown together if they are of one robot")
    }
    let names = shortNames(of: paths)
    for i in sets.indices { sets[i].name = names[i] }
    return sets
  }

  /// Paths without the folders that all of them share at their start or end.
  package static func shortNames(of paths: [String]) -> [String] {
    var parts = paths.map { $0.split(separator: "/").filter { $0 != "." }.map(String.init) }
    while let first = parts[0].first, parts.allSatisfy({ $0.count > 1 && $0[0] == first }) {
      for i in parts.indices { parts[i].removeFirst() }
    }
    while let last = parts[0].last, parts.count > 1, parts.allSatisfy({ $0.count > 1 && $0.last == last }) {
      for i in parts.indices { parts[i].removeLast() }
    }
    return zip(parts, paths).map { $0.isEmpty ? $1 : $0.joined(separator: "/") }
  }

  /// A figure's curve over the set's runs, ready to be drawn; nil if none of them has it.
  func curve(of panel: CurvePanel, against abscissa: Abscissa, in bins: Curve.Bins) -> Curve? {
    let curves = runs.compactMap { $0.curve(of: panel.figure, against: abscissa) }
    guard !curves.isEmpty else { return nil }
    if curves.count > 1 {
      let curve = Curve.median(of: curves, in: bins)
      return panel.isOfEpisodes ? curve.bridged : curve
    }
    return (panel.isOfEpisodes ? curves[0].bridged : curves[0]).thinned(to: bins)
  }
}
