import Environments
import Learning

extension IterationReport {
  /// The report as a row of `progress.csv` and as TensorBoard's scalars: the same in the same order in every iteration.
  func record(spec: EnvSpec, difficulty: Double, clock: TrainingClock) -> Record {
    var record = Record()
    record.add("iteration", iteration, in: "time")
    record.add("steps", steps, in: "time")
    record.add("episodes", episodes.count, in: "rollout")
    record.add("return", meanReturn ?? .nan, in: "rollout")
    record.add("length", meanLength ?? .nan, in: "rollout")
    record.add("length_s", meanLength.map { $0 * spec.controlInterval } ?? .nan, in: "rollout")
    record.add("reward_per_step", rewardPerStep, in: "rollout")
    record.add("surrogate_loss", surrogateLoss, in: "losses")
    record.add("value_loss", valueLoss, in: "losses")
    record.add("entropy", entropy, in: "train")
    record.add("approx_kl", approxKL, in: "train")
    record.add("clip_fraction", clipFraction, in: "train")
    record.add("explained_variance", explainedVariance, in: "train")
    record.add("gradient_norm", gradientNorm, in: "train")
    record.add("learning_rate", learningRate, in: "train")
    record.add("actions_at_limits", actionsAtLimits, in: "rollout")
    record.add("skipped_minibatches", skippedMinibatches, in: "train")
    record.add("rollbacks", rollback == nil ? 0 : 1, in: "train")
    record.add("faults", faults, in: "rollout")
    record.add("difficulty", difficulty, in: "rollout")
    for (i, action) in spec.actions.enumerated() {
      record.add("std/\(action.name)", i < std.count ? Double(std[i]) : .nan)
    }
    for name in spec.rewardTerms { record.add("reward/\(name)", rewardTerms[name] ?? .nan) }
    for name in spec.endingNames { record.add("ending/\(name)", endings[name] ?? 0) }
    for name in spec.metrics { record.add("metric/\(name)", metrics[name] ?? .nan) }
    record.add("steps_per_second", stepsPerSecond, in: "time")
    record.add("env_seconds", envSeconds, in: "time")
    record.add("policy_seconds", policySeconds, in: "time")
    record.add("update_seconds", updateSeconds, in: "time")
    record.add("iteration_seconds", seconds, in: "time")
    record.add("training_seconds", clock.training, in: "time")
    record.add("evaluation_seconds", clock.evaluation, in: "time")
    record.add("checkpoint_seconds", clock.checkpoints, in: "time")
    record.add("logging_seconds", clock.logging, in: "time")
    return record
  }
}

extension TrainingEvaluation {
  /// The evaluation as a row of `evaluations.csv` and as TensorBoard's scalars.
  var record: Record {
    var record = Record(under: "evaluation")
    record.add("steps", step)
    record.add("best", isBest ? 1 : 0)
    record.add("episodes", report.episodes)
    record.add("return", report.episodeReturn)
    record.add("length_s", report.lengthSeconds)
    if let success = report.success?.proportion {
      record.add("success", success.share ?? .nan)
      record.add("success/ci95_low", success.ci95?.lowerBound ?? .nan)
      record.add("success/ci95_high", success.ci95?.upperBound ?? .nan)
    }
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
