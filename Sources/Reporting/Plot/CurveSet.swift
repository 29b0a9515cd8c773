import Training

/// Runs that make one line in each panel: a single one, or a training repeated with other seeds.
package struct CurveSet: Sendable {
  /// What a reader calls it.
  package var name: String
  package let runs: [RunCurves]

  /// - Parameter path: a run directory, or a folder that `train --seeds` made.
  package static func read(_ path: String) throws -> CurveSet {
    let runs = try SeedFolder.runs(in: path).map { try RunCurves(in: RunDirectory(path: $0)) }
    return CurveSet(name: path, runs: runs)
  }

  /// Several sets, named by the parts of their paths that differ.
  ///
  /// - Throws: `ReportingError` if they cannot be shown together.
  package static func read(_ paths: [String]) throws -> [CurveSet] {
    var sets = try paths.map(read)
    let runs = sets.flatMap(\.runs)
    for run in runs where run.robot != runs[0].robot {
      throw ReportingError(
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
  package func curve(of panel: CurvePanel, against abscissa: Abscissa, in bins: Curve.Bins) -> Curve? {
    let curves = runs.compactMap { $0.curve(of: panel.figure, against: abscissa) }
    guard !curves.isEmpty else { return nil }
    if curves.count > 1 {
      let curve = Curve.median(of: curves, in: bins)
      return panel.isOfEpisodes ? curve.bridged : curve
    }
    return (panel.isOfEpisodes ? curves[0].bridged : curves[0]).thinned(to: bins)
  }
}
