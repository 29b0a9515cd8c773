import Environments
import Physics
import Robotics
import Storage

/// An evaluation and the same one with every physics step halved: whether what a policy does depends on the step.
package struct StepHalving: Sendable {
  /// A figure of both.
  package struct Row: Sendable {
    package let name: String
    package let declared: Double
    package let halved: Double
    /// How far they are apart, as a share of the figure or of the bound that the robot's goal sets it, whichever is
    /// greater.
    package let change: Double
  }

  /// The largest change that counts as none.
  package static let tolerance = 0.05

  package let rows: [Row]
  /// What the evaluation at the declared step found.
  package let report: EvaluationReport
  /// Seconds of the physics step as declared.
  package let substep: Double

  /// Evaluates `policy` twice from the same starts.
  ///
  /// - Returns: nil for a robot that no physics engine steps.
  package init?(of policy: any Policy, for entry: Catalog.Entry, episodes: Int, seed: UInt64, on workers: Workers)
    throws
  {
    guard let finer = entry.refined(by: 2), let model = try entry.model() else { return nil }
    let reports = try [entry, finer].compactMap { entry -> EvaluationReport? in
      let evaluator = Evaluator(entry: entry, workers: workers)
      return try evaluator.evaluate(policy, episodes: episodes, seed: seed, for: .evaluation).map {
        try evaluator.report(on: $0, policy: entry.name, seed: seed)
      }
    }
    report = reports[0]
    substep = model.physics.substep
    rows = Self.rows(report, reports[1], goal: entry.goal)
  }

  /// The share of successes and the figures of the robot's goal; the return where there is no goal.
  package static func rows(_ declared: EvaluationReport, _ halved: EvaluationReport, goal: Goal?) -> [Row] {
    var rows: [Row] = []
    let add = { (name: String, a: Double?, b: Double?, bound: Double) in
      let (a, b) = (a ?? .nan, b ?? .nan)
      if a.isNaN && b.isNaN { return }
      let scale = max(abs(a), bound)
      let change = a == b ? 0 : abs(b - a) / scale
      rows.append(Row(name: name, declared: a, halved: b, change: change.isNaN ? .infinity : change))
    }
    if goal == nil { add("return", declared.episodeReturn.mean, halved.episodeReturn.mean, 0) }
    add("success", declared.success?.proportion.share, halved.success?.proportion.share, 0)
    for condition in goal?.conditions ?? [] {
      guard case .metric(let name) = condition.figure else { continue }
      let bounds = [condition.bounds.lowerBound, condition.bounds.upperBound].filter(\.isFinite).map(abs)
      add(
        name, condition.figure.value(in: declared), condition.figure.value(in: halved), bounds.max() ?? 0)
    }
    return rows
  }

  /// What changes by more than ``tolerance``.
  package var findings: [Finding] {
    rows.filter { $0.change > Self.tolerance }.map { row in
      Finding(
        id: "step_matters", severity: .warning, place: row.name,
        sentence:
          "\(Quantity(row.name).words) is \(NumberText.short(row.declared)) at the declared physics step of "
          + "\(NumberText.short(substep * 1000)) ms and \(NumberText.short(row.halved)) at half of it",
        hint: "use a shorter physics step and train again: the policy exploits what the step gets wrong")
    }
  }

  package var json: JSON {
    .object([
      ("substep_s", .number(substep)), ("tolerance", .number(Self.tolerance)),
      (
        "figures",
        .array(
          rows.map {
            .object([
              ("name", .text($0.name)), ("declared", .number($0.declared)), ("halved", .number($0.halved)),
              ("change", .number($0.change)),
            ])
          })
      ),
    ])
  }
}
