import Environments
import Networks

extension OnPolicyCore {
  /// Takes one step along the policy gradient and the value loss over all samples.
  package mutating func takePolicyGradientStep(
    entropyCoefficient: Double, valueCoefficient: Double, normalizesAdvantages: Bool, on workers: Workers,
    _ report: inout IterationReport
  ) {
    guard rows > 0 else { return describe(LossSums(), norm: .nan, in: &report) }
    beginUpdate(minibatches: 1)
    let moments = advantages(ofMinibatch: 0, of: 1)
    let terms =
      normalizesAdvantages ? MinibatchTerms(normalizing: moments) : MinibatchTerms(samples: moments.count)
    let sums = computeGradient(
      ofMinibatch: 0, of: 1, terms, PolicyGradientObjective(entropyCoefficient: entropyCoefficient),
      ValueLoss(coefficient: valueCoefficient), on: workers)
    let norm = gradientNorm
    if norm.isFinite, sums.isFinite { step(norm: norm, rate: learningRate) } else { report.skippedMinibatches += 1 }
    describe(sums, norm: norm, in: &report)
  }

  /// Adds the figures that learners with a policy gradient share; without samples the losses are not-a-number.
  package func describe(_ sums: LossSums, norm: Double, in report: inout IterationReport) {
    let samples = Double(sums.samples)
    report.figures = [
      LearnerFigure("policy_loss", sums.policy / samples, in: "losses"),
      LearnerFigure("value_loss", sums.value / samples, in: "losses"),
      LearnerFigure("entropy", sums.entropy / samples),
      LearnerFigure("explained_variance", explainedVariance),
      LearnerFigure("gradient_norm", norm),
    ]
  }
}

extension OnPolicyCore {
  /// Takes one step for each shard along the policy gradient and the value loss over that shard's samples. All gradients
  /// are computed at the same parameters, so that the *i*-th is *i* steps old when it is used.
  package mutating func takeDelayedSteps(
    entropyCoefficient: Double, valueCoefficient: Double, normalizesAdvantages: Bool, on workers: Workers,
    _ report: inout IterationReport
  ) {
    guard rows > 0 else { return describe(LossSums(), norm: .nan, in: &report) }
    beginUpdate(minibatches: 1)
    model.prepareBackward()
    let (shards, model) = (shards, model)
    let objective = PolicyGradientObjective(entropyCoefficient: entropyCoefficient)
    let valueLoss = ValueLoss(coefficient: valueCoefficient)
    workers.run(shards.count) { index in
      let share = MinibatchShare(index: 0, count: 1, shard: index, shards: shards.count)
      shards[index].state.withLock { state in
        let moments = state.moments(of: share)
        let terms =
          normalizesAdvantages ? MinibatchTerms(normalizing: moments) : MinibatchTerms(samples: moments.count)
        state.computeGradient(of: share, terms, objective, valueLoss, model: model)
      }
    }
    var (sums, norms, steps) = (LossSums(), 0.0, 0)
    for shard in shards.indices {
      let part = shards[shard].state.withLock { $0.sums }
      guard part.samples > 0 else { continue }
      let norm = gradientNorm(ofShard: shard)
      sums += part
      guard norm.isFinite, part.isFinite else {
        report.skippedMinibatches += 1
        continue
      }
      step(ofShard: shard, norm: norm, rate: learningRate)
      norms += norm
      steps += 1
    }
    describe(sums, norm: steps > 0 ? norms / Double(steps) : .nan, in: &report)
  }
}
