import Environments
import Robotics

/// Two policies, or two sets of runs, held against each other on the same starts.
///
/// One policy a side: the differences of paired episodes, with a bootstrap interval of their mean. Several: what counts is
/// how runs differ, so each run becomes one figure, its mean; see `Statistics.difference(from:to:)`.
package struct Comparison: Sendable {
  package enum Verdict: String, Sendable {
    case better, worse
    case cannotTell = "cannot tell"
  }

  package struct Difference: Sendable {
    package let name: String
    package let a: Double?
    package let b: Double?
    /// B − A.
    package let difference: Double?
    package let ci95: ClosedRange<Double>?

    /// Whether B is better, if more is; undecided where the interval contains 0.
    package var verdict: Verdict {
      guard let ci95, !ci95.contains(0) else { return .cannotTell }
      return ci95.lowerBound > 0 ? .better : .worse
    }
  }

  /// Whether episodes are paired, or runs compared.
  package let isPaired: Bool
  /// Return, success if the task knows it, length, metrics, effort.
  package let differences: [Difference]

  /// - Precondition: each side has at least one evaluation, all of equally many episodes from the same seed.
  package init(_ a: [Evaluation], _ b: [Evaluation], spec: EnvSpec, success: Success) {
    let (before, after) = (
      a.map { Self.figures($0, spec: spec, success: success) }, b.map { Self.figures($0, spec: spec, success: success) }
    )
    let isPaired = a.count == 1 && b.count == 1
    self.isPaired = isPaired
    differences = before[0].indices.map { i in
      let (a, b) = (before.map { $0[i].values }, after.map { $0[i].values })
      return isPaired
        ? Self.paired(before[0][i].name, a[0], b[0]) : Self.overRuns(before[0][i].name, a, b)
    }
  }

  package subscript(name: String) -> Difference? { differences.first { $0.name == name } }

  /// For each figure, its value in every episode.
  private static func figures(
    _ evaluation: Evaluation, spec: EnvSpec, success: Success
  ) -> [(name: String, values: [Double])] {
    var figures = [("return", evaluation.episodes.map(\.episodeReturn))]
    if let outcomes = success.outcomes(of: evaluation, spec: spec) {
      figures.append(("success", outcomes.map { $0 ? 1 : 0 }))
    }
    figures.append(("length_s", evaluation.episodes.map { Double($0.length) * spec.controlInterval }))
    for (i, name) in evaluation.metricNames.enumerated() {
      let path = name.hasPrefix(EffortMeter.prefix) ? name.dropFirst(EffortMeter.prefix.count) : name[...]
      // Single joints say little about which policy is better.
      if path.count < name.count, path.contains("/") { continue }
      figures.append((String(path), evaluation.metrics.map { $0[i] }))
    }
    return figures
  }

  private static func paired(_ name: String, _ a: [Double], _ b: [Double]) -> Difference {
    let statistics = Statistics(zip(a, b).map { $1 - $0 })
    return Difference(
      name: name, a: Statistics.mean(of: a.filter(\.isFinite)), b: Statistics.mean(of: b.filter(\.isFinite)),
      difference: statistics.mean, ci95: statistics.ci95)
  }

  private static func overRuns(_ name: String, _ a: [[Double]], _ b: [[Double]]) -> Difference {
    let means = { (runs: [[Double]]) in runs.compactMap { Statistics.mean(of: $0.filter(\.isFinite)) } }
    let found = Statistics.difference(from: means(a), to: means(b))
    return Difference(
      name: name, a: Statistics.interquartileMean(of: means(a)), b: Statistics.interquartileMean(of: means(b)),
      difference: found?.difference, ci95: found?.ci95)
  }
}
