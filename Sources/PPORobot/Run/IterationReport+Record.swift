import Environments
import Learning

extension IterationReport {
  /// The report as a row of `progress.csv`: the same columns in the same order in every iteration.
  func record(spec: EnvSpec, clock: TrainingClock) -> Record {
    var record = Record()
    record.add("iteration", iteration)
    record.add("steps", steps)
    record.add("episodes", episodes.count)
    record.add("return", meanReturn ?? .nan)
    record.add("length", meanLength ?? .nan)
    record.add("length_s", meanLength.map { $0 * spec.controlInterval } ?? .nan)
    record.add("reward_per_step", rewardPerStep)
    record.add("surrogate_loss", surrogateLoss)
    record.add("value_loss", valueLoss)
    record.add("entropy", entropy)
    record.add("approx_kl", approxKL)
    record.add("clip_fraction", clipFraction)
    record.add("explained_variance", explainedVariance)
    record.add("gradient_norm", gradientNorm)
    record.add("learning_rate", learningRate)
    record.add("actions_at_limits", actionsAtLimits)
    record.add("skipped_minibatches", skippedMinibatches)
    record.add("rollbacks", rollback == nil ? 0 : 1)
    record.add("faults", faults)
    for (i, action) in spec.actions.enumerated() {
      record.add("std/\(action.name)", i < std.count ? Double(std[i]) : .nan)
    }
    for name in spec.rewardTerms { record.add("reward/\(name)", rewardTerms[name] ?? .nan) }
    for name in spec.endingNames { record.add("ending/\(name)", endings[name] ?? 0) }
    for name in spec.metrics { record.add("metric/\(name)", metrics[name] ?? .nan) }
    record.add("steps_per_second", stepsPerSecond)
    record.add("env_seconds", envSeconds)
    record.add("policy_seconds", policySeconds)
    record.add("update_seconds", updateSeconds)
    record.add("iteration_seconds", seconds)
    record.add("training_seconds", clock.training)
    record.add("evaluation_seconds", clock.evaluation)
    record.add("checkpoint_seconds", clock.checkpoints)
    return record
  }
}

extension TrainingEvaluation {
  /// The evaluation as a row of `evaluations.csv`.
  var record: Record {
    var record = Record()
    record.add("steps", step)
    record.add("best", isBest ? 1 : 0)
    record.add("episodes", report.episodes)
    record.add("return", report.episodeReturn)
    record.add("length_s", report.lengthSeconds)
    for ending in report.endings { record.add("ending/\(ending.name)", ending.count) }
    for metric in report.metrics { record.add("metric/\(metric.name)", metric.statistics) }
    record.add("seconds", seconds)
    return record
  }
}

extension Record {
  /// A sample's mean, deviation and interval, in a column each.
  fileprivate mutating func add(_ name: String, _ statistics: Statistics) {
    add(name, statistics.mean ?? .nan)
    add("\(name)/std", statistics.std ?? .nan)
    add("\(name)/ci95_low", statistics.ci95?.lowerBound ?? .nan)
    add("\(name)/ci95_high", statistics.ci95?.upperBound ?? .nan)
  }
}
