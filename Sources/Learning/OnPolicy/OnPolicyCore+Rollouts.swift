import Environments
import Networks

extension OnPolicyCore {
  /// Runs the envs for a horizon under the exploring policy and turns the rollout into samples.
  ///
  /// - Returns: when the rollout was complete.
  /// - Throws: `LearningError` if the envs do not fit.
  package mutating func collect(
    in envs: VectorEnv, on workers: Workers, _ report: inout IterationReport
  ) throws(LearningError) -> ContinuousClock.Instant {
    guard envs.spec == policy.spec else {
      throw LearningError("the envs are of another kind than the one this policy was made for")
    }
    guard !settings.mirrorsSamples || envs.symmetry != nil else {
      throw LearningError("the envs declare no symmetry, so their samples cannot be mirrored")
    }
    if let width = model.critic.memory?.width, iteration > 0, valueMemory.count != width * envs.count {
      throw LearningError(
        "the memories of the value network are of \(valueMemory.count / width) envs, not \(envs.count)")
    }
    do {
      var explorer = policy
      explorer.mode = .stochastic
      explorer.recordsOutputs = true
      envs.collect(steps: settings.horizon, with: explorer, on: workers, recordsFaults: true)
    }
    let end = ContinuousClock.now
    prepareSamples(of: envs, on: workers, &report)
    iteration += 1
    steps += settings.horizon * envs.count
    faults += report.faults
    (report.iteration, report.steps, report.totalFaults) = (iteration, steps, faults)
    return end
  }

  /// Turns rollouts into samples and adds what happened in them to the report.
  private mutating func prepareSamples(of envs: VectorEnv, on workers: Workers, _ report: inout IterationReport) {
    let spec = policy.spec
    if rollouts.count != envs.shardCount {
      rollouts = (0..<envs.shardCount).map { _ in RolloutSamples(spec: spec) }
    }
    let (rollouts, shards, model, settings) = (rollouts, shards, model, settings)
    let symmetry = settings.mirrorsSamples ? envs.symmetry : nil
    let scaling =
      policy.observationClip > 0
      ? normalizer.scaling(of: 0..<spec.observationCount, clip: policy.observationClip)
      : .identity(columns: spec.observationCount)
    restoreValueMemory(envs: envs)
    workers.run(envs.shardCount) { shard in
      rollouts[shard].fill(
        from: envs.rollout(ofShard: shard), mirroring: symmetry, model: model, scaling: scaling,
        settings: settings.advantages, sequenceLength: settings.sequenceLength)
    }
    keepValueMemory()
    let rows = settings.horizon * envs.count
    var metricCounts = Array(repeating: 0, count: spec.metrics.count)
    for shard in 0..<envs.shardCount {
      report.actionsAtLimits += Double(rollouts[shard].state.withLock { $0.actionsAtLimits })
      report.add(envs.rollout(ofShard: shard), spec: spec, metricCounts: &metricCounts)
    }
    report.actionsAtLimits /= Double(rows * spec.actionCount)
    report.finish(rows: rows, spec: spec, metricCounts: metricCounts)
    let layout = SampleLayout(of: model)
    workers.run(shards.count) { index in
      let own = index * rollouts.count / shards.count..<(index + 1) * rollouts.count / shards.count
      shards[index].state.withLock { $0.gather(rollouts[own], of: layout) }
    }
    if !model.critic.hasUnits { findUnits() }
    (explainedVariance, report.returnSpread) = fit
  }

  /// Hands each shard its part of the value network's memories, if there are any.
  private func restoreValueMemory(envs: VectorEnv) {
    guard let width = model.critic.memory?.width, !valueMemory.isEmpty else { return }
    var next = 0
    for (index, shard) in rollouts.enumerated() {
      let count = envs.rollout(ofShard: index).envCount * width
      shard.state.withLock { $0.valueMemory = Array(valueMemory[next..<next + count]) }
      next += count
    }
  }

  private mutating func keepValueMemory() {
    guard model.critic.memory != nil else { return }
    valueMemory.removeAll(keepingCapacity: true)
    for shard in rollouts { shard.state.withLock { valueMemory += $0.valueMemory } }
  }

  /// Gives the critic its first units, those of this rollout's returns, and converts the targets to them.
  private mutating func findUnits() {
    model.merge(returns)
    let critic = model.critic
    for shard in shards {
      shard.state.withLock { state in
        for row in state.batch.targets.indices {
          state.batch.targets[row] = critic.normalized(state.batch.targets[row])
        }
      }
    }
    returnsAreMerged = true
  }

  /// Statistics of the rollout's returns, shard after shard.
  private var returns: Normalizer {
    var returns = Normalizer(columns: 1)
    for shard in rollouts { shard.state.withLock { returns.merge($0.returns) } }
    return returns
  }

  /// Merges the statistics of the rollout's observations and returns, shard after shard.
  mutating func mergeStatistics() {
    if settings.normalizesObservations {
      if let first = firstUnseenColumn {
        var shown = Normalizer(columns: normalizer.columns)
        for shard in rollouts { shard.state.withLock { shown.merge($0.observations) } }
        normalizer.takeOver(columnsFrom: first, of: shown)
        if shown.count > 0 { firstUnseenColumn = nil }
      }
      for shard in rollouts { shard.state.withLock { normalizer.merge($0.observations) } }
      freezeStatistics()
    }
    if settings.normalizesValues, !returnsAreMerged { model.merge(returns) }
    returnsAreMerged = false
  }

  /// How well the old values fit the targets, and how much these vary; see `IterationReport`.
  private var fit: (explainedVariance: Double, spread: Double) {
    let targets = shards.total(of: { state, _ in Moments(state.batch.targets, minus: []) }, by: +)
    let errors = shards.total(of: { state, _ in Moments(state.batch.targets, minus: state.batch.values) }, by: +)
    let critic = model.critic
    let std = (targets.squares / Double(targets.count)).squareRoot()
    let mean = abs(Double(critic.mean) + Double(critic.std) * targets.mean)
    let share = Double(critic.std) * std / max(mean, .leastNormalMagnitude)
    return (
      targets.squares > 0 ? 1 - errors.squares / targets.squares : .nan,
      critic.normalizesValues ? min(std, share) : share
    )
  }
}

extension Normalizer {
  /// Gives the columns from `first` on the mean and the variance that they have in `other`.
  fileprivate mutating func takeOver(columnsFrom first: Int, of other: Normalizer) {
    guard other.count > 0 else { return }
    for i in first..<columns {
      mean[i] = other.mean[i]
      squares[i] = other.variance(i) * count
    }
  }
}
