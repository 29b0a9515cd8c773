import Environments
import Learning
import Networks
import Robotics
import Storage

/// How far each disturbance can go before a policy fails.
package struct Robustness: Sendable {
  /// What a level did to the policy.
  package struct Cell: Sendable {
    package let level: Double
    package let success: Proportion
    package let episodeReturn: Statistics

    package init(level: Double, success: Proportion, episodeReturn: Statistics) {
      self.level = level
      self.success = success
      self.episodeReturn = episodeReturn
    }
  }

  package struct Row: Sendable {
    package let sweep: DisturbanceSweep
    /// The undisturbed robot first, then levels, up to the first at which fewer than half succeed.
    package let cells: [Cell]

    package init(sweep: DisturbanceSweep, cells: [Cell]) {
      self.sweep = sweep
      self.cells = cells
    }

    /// The greatest level up to which, from the undisturbed robot on, at least `share` succeed; nil for none.
    package func reach(_ share: Double) -> Double? {
      cells.prefix { ($0.success.share ?? 0) >= share }.last?.level
    }
  }

  /// Below this share a disturbance is not taken further.
  private static let lowestShare = 0.5
  /// Envs, and control steps in each, from which the spread of what the policy observes is taken.
  private static let spreadEnvs = 16
  private static let spreadSteps = 500

  package let rows: [Row]

  package init(rows: [Row]) { self.rows = rows }

  /// Tries every disturbance on the same starts.
  ///
  /// - Parameters:
  ///   - nominal: the evaluation without any, of as many episodes from the same seed.
  ///   - progress: receives the name of the next level.
  /// - Throws: `TrainingError` for a robot that has no simulation to disturb.
  package init(
    of policy: any Policy, for entry: Catalog.Entry, nominal: Evaluation, seed: UInt64, on workers: Workers,
    progress: (String) -> Void = { _ in }
  ) throws {
    let spec = policy.spec
    let model = try Self.check(entry)
    let cell = { (level: Double, evaluation: Evaluation) throws -> Cell in
      guard let outcomes = entry.success.outcomes(of: evaluation, spec: spec) else {
        throw TrainingError(
          "the task of robot '\(entry.name)' calls \(entry.success.words) a success, which no evaluation measures")
      }
      return Cell(
        level: level, success: Proportion(outcomes),
        episodeReturn: Statistics(evaluation.episodes.map(\.episodeReturn)))
    }
    let sweeps = DisturbanceSweep.all(
      for: model, episodeSeconds: Double(spec.episodeSteps) * spec.controlInterval,
      noiseUnits: try Self.spread(policy, entry: entry, seed: seed, workers: workers))
    rows = try sweeps.map { sweep in
      var cells = [try cell(sweep.nominal, nominal)]
      for level in sweep.levels {
        guard let share = cells.last?.success.share, share >= Self.lowestShare else { break }
        progress("\(sweep.title) \(NumberText.short(level))")
        var randomization = DomainRandomization()
        sweep.apply(&randomization, level)
        let evaluator = Evaluator(entry: entry, workers: workers, randomization: randomization)
        guard
          let evaluation = try evaluator.evaluate(
            policy, episodes: nominal.episodes.count, seed: seed, for: .evaluation)
        else { break }
        cells.append(try cell(level, evaluation))
      }
      return Row(sweep: sweep, cells: cells)
    }
  }

  /// The robot that can be disturbed, or an error in a line where there is none.
  @discardableResult
  package static func check(_ entry: Catalog.Entry) throws -> RobotModel {
    if let model = try entry.model() { return model }
    throw TrainingError(
      "robot '\(entry.name)' has no simulated body, so its robustness cannot be measured")
  }

  /// The standard deviation of each column that the policy reads, over what it meets undisturbed.
  private static func spread(
    _ policy: some Policy, entry: Catalog.Entry, seed: UInt64, workers: Workers
  ) throws -> [Float] {
    let envs = try entry.makeVectorEnv(count: spreadEnvs, seed: seed, start: .together)
    envs.collect(steps: min(spreadSteps, envs.spec.episodeSteps), with: policy, on: workers)
    var seen = Normalizer(columns: envs.spec.observationCount)
    for shard in 0..<envs.shardCount {
      let rollout = envs.rollout(ofShard: shard)
      seen.merge(rows: rollout.observations.span)
    }
    return envs.spec.policyColumns.map { Float(seen.variance($0).squareRoot()) }
  }

  /// The value of `evaluate --json` under `robustness`.
  package var json: JSON {
    .array(
      rows.map { row in
        .object([
          ("disturbance", .text(row.sweep.name)), ("unit", .text(row.sweep.unit.isEmpty ? "factor" : row.sweep.unit)),
          ("holds_90", .number(ifAny: row.reach(0.9))),
          ("holds_50", .number(ifAny: row.reach(0.5))),
          (
            "levels",
            .array(
              row.cells.map { cell in
                .object([
                  ("level", .number(cell.level)), ("success", cell.success.json), ("return", cell.episodeReturn.json),
                ])
              })
          ),
        ])
      })
  }
}
