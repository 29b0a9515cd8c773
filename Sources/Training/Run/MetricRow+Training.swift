import Environments
import Learning
import Networks

extension IterationReport {
  /// The report as a row of `progress.csv` and as TensorBoard's scalars: the same in the same order in every iteration.
  package func row(spec: EnvSpec, difficulty: Double, clock: TrainingClock) -> MetricRow {
    var row = MetricRow()
    row.add("iteration", iteration, in: "time")
    row.add("steps", steps, in: "time")
    row.add("episodes", episodes.count, in: "rollout")
    row.add("return", meanReturn ?? .nan, in: "rollout")
    row.add("length", meanLength ?? .nan, in: "rollout")
    row.add("length_s", meanLength.map { $0 * spec.controlInterval } ?? .nan, in: "rollout")
    row.add("reward_per_step", rewardPerStep, in: "rollout")
    for figure in figures { row.add(figure.name, figure.value, in: figure.group) }
    row.add("learning_rate", learningRate, in: "train")
    row.add("actions_at_limits", actionsAtLimits, in: "rollout")
    row.add("skipped_minibatches", skippedMinibatches, in: "train")
    row.add("rollbacks", rollback == nil ? 0 : 1, in: "train")
    row.add("faults", faults, in: "rollout")
    row.add("difficulty", difficulty, in: "rollout")
    for (i, action) in spec.actions.enumerated() {
      row.add("std/\(action.name)", i < std.count ? Double(std[i]) : .nan)
    }
    for name in spec.rewardTerms { row.add("reward/\(name)", rewardTerms[name] ?? .nan) }
    for name in spec.endingNames { row.add("ending/\(name)", endings[name] ?? 0) }
    for name in spec.metrics { row.add("metric/\(name)", metrics[name] ?? .nan) }
    row.add("steps_per_second", stepsPerSecond, in: "time")
    row.add("env_seconds", envSeconds, in: "time")
    row.add("policy_seconds", policySeconds, in: "time")
    row.add("update_seconds", updateSeconds, in: "time")
    row.add("iteration_seconds", seconds, in: "time")
    row.add("training_seconds", clock.training, in: "time")
    row.add("evaluation_seconds", clock.evaluation, in: "time")
    row.add("checkpoint_seconds", clock.checkpoints, in: "time")
    row.add("logging_seconds", clock.logging, in: "time")
    return row
  }
}

extension TrainingEvaluation {
  /// The evaluation as a row of `evaluations.csv` and as TensorBoard's scalars.
  package var row: MetricRow {
    var row = MetricRow(under: "evaluation")
    row.add("steps", step)
    row.add("best", isBest ? 1 : 0)
    row.add("episodes", report.episodes)
    row.add("return", report.episodeReturn)
    row.add("length_s", report.lengthSeconds)
    if let success = report.success?.proportion {
      row.add("success", success.share ?? .nan)
      row.add("success/ci95_low", success.ci95?.lowerBound ?? .nan)
      row.add("success/ci95_high", success.ci95?.upperBound ?? .nan)
    }
    for ending in report.endings { row.add("ending/\(ending.name)", ending.count) }
    for metric in report.metrics { row.add("metric/\(metric.name)", metric.statistics) }
    row.add("seconds", seconds)
    return row
  }
}

extension MetricRow {
  /// A sample's mean, deviation and interval, in a column each.
  fileprivate mutating func add(_ name: String, _ statistics: Statistics) {
    add(name, statistics.mean ?? .nan)
    add("\(name)/std", statistics.std ?? .nan)
    add("\(name)/ci95_low", statistics.ci95?.lowerBound ?? .nan)
    add("\(name)/ci95_high", statistics.ci95?.upperBound ?? .nan)
  }
}
