import Environments

/// Proximal policy optimisation (Schulman et al., 2017) with generalised advantages, a clipped surrogate and, if asked, a
/// learning rate that follows the divergence.
///
/// Results depend on settings, seed and envs alone: sums run over fixed slices in a fixed order, whoever works them out.
/// Statistics of observations and returns are frozen during a rollout and its update and merged afterwards.
///
/// A step in which an env broke down is no sample. A minibatch whose loss or gradient is not finite moves nothing; where
/// that goes on, or a weight is no longer finite, all that was learned goes back to the last sound iteration and the
/// learning rate is halved (see `Recovery`).
public struct PPO: ~Copyable, Learner {
  public let settings: PPOSettings
  /// Iterations made.
  public internal(set) var iteration = 0
  public internal(set) var steps = 0
  /// The rate that the next update will be made with.
  public internal(set) var learningRate: Double

  package var weights: Weights
  /// Of all observation columns.
  var normalizer: Normalizer
  var adam: Adam
  var random: Random
  var recovery: Recovery
  /// Env steps that broke down so far.
  public internal(set) var faults = 0

  // Room that is made once and used for every update.
  package var batch = Batch()
  var order: [Int32] = []
  var gradient: Gradient
  var slices: [GradientSlice] = []
  var samples: [ShardSamples] = []
  var oldLogStd: [Double] = []
  /// From where on the columns' statistics are not known, for only the policy's came with it; nil once they are.
  var firstUnseenColumn: Int?
  /// Whether the critic knows this iteration's returns already.
  private var returnsAreMerged = false

  public var policy: GaussianPolicy { weights.policy }
  /// How often learning went back to the last sound iteration.
  public var rollbacks: Int { recovery.rollbacks }
  /// The value network; its outputs are in units of the returns' mean and standard deviation.
  public var valueNetwork: MLP { weights.critic.network }

  /// A learner with a fresh policy.
  ///
  /// - Throws: `LearningError` if a setting is out of range or the env shows more than a network can read.
  public init(spec: EnvSpec, settings: PPOSettings = PPOSettings(), seed: UInt64) throws(LearningError) {
    try settings.validate()
    var random = Random(seed: seed, stream: Self.stream)
    let network = try MLP(
      sizes: [spec.policyColumns.count] + settings.hiddenLayers + [spec.actionCount], activation: settings.activation,
      outputGain: settings.outputGain, using: &random)
    let policy = try GaussianPolicy(
      spec: spec, network: network, std: settings.initialStd, minStd: settings.minStd,
      observationClip: settings.normalizeObservations ? settings.observationClip : 0)
    try self.init(LearnerStart(policy), settings: settings, random: random)
  }

  /// A learner that goes on from `policy`, with its observation statistics; see `init(_:settings:seed:)`.
  ///
  /// - Throws: `LearningError` if a setting is out of range.
  public init(policy: GaussianPolicy, settings: PPOSettings, seed: UInt64) throws(LearningError) {
    try self.init(LearnerStart(policy), settings: settings, seed: seed)
  }

  /// A learner that goes on from `start`; the settings about the policy's shape, spread and observations do not matter
  /// then. The value network of `start` is used if it has the layers that `settings` ask for; otherwise a fresh one is
  /// made, and `frozenSteps` should give it time before the policy moves.
  ///
  /// - Throws: `LearningError` if a setting is out of range.
  public init(_ start: LearnerStart, settings: PPOSettings, seed: UInt64) throws(LearningError) {
    try self.init(start, settings: settings, random: Random(seed: seed, stream: Self.stream))
  }

  private init(_ start: LearnerStart, settings: PPOSettings, random: Random) throws(LearningError) {
    try settings.validate()
    var random = random
    let spec = start.policy.spec
    let fresh = try MLP(
      sizes: [spec.criticColumns.count] + settings.valueLayers + [1], activation: settings.activation, outputGain: 1,
      using: &random)
    let value = start.value.flatMap { $0.network.sizes == fresh.sizes ? $0 : nil }
    var policy = start.policy
    policy.mode = .deterministic
    self.settings = settings
    self.random = random
    learningRate = settings.learningRate
    normalizer = value?.observations ?? policy.normalizer.padded(to: spec.observationCount)
    firstUnseenColumn = value == nil && policy.normalizer.count > 0 ? spec.policyColumns.upperBound : nil
    let network = value?.network ?? fresh
    let critic = Critic(
      network: network, scaling: .identity(columns: spec.criticColumns.count),
      normalizesValues: settings.normalizeValues, returns: value?.returns)
    weights = Weights(policy: policy, critic: critic)
    let count = policy.network.parameters.count + spec.actionCount + network.parameters.count
    adam = start.adam.flatMap { value == nil || $0.first.count != count ? nil : $0 } ?? Adam(count: count)
    gradient = Gradient(policy: policy.network, value: network)
    recovery = Recovery(
      LearnedState(weights: weights, adam: adam, normalizer: normalizer, learningRate: settings.learningRate))
    freezeStatistics()
  }

  /// The learner's own stream of random numbers; env streams count from 0 and policies' down from the top.
  private static let stream: UInt64 = 1 << 62

  /// Hands the statistics seen so far to policy and critic.
  mutating func freezeStatistics() {
    let spec = policy.spec
    guard policy.observationClip > 0 else { return }
    weights.policy.setNormalizer(normalizer.selecting(spec.policyColumns))
    weights.critic.scaling = normalizer.scaling(of: spec.criticColumns, clip: policy.observationClip)
  }

  public mutating func improve(in envs: VectorEnv, on workers: Workers) throws -> IterationReport {
    guard envs.spec == policy.spec else {
      throw LearningError("the envs are of another kind than the one this policy was made for")
    }
    guard !settings.mirrorSamples || envs.symmetry != nil else {
      throw LearningError("the envs declare no symmetry, so their samples cannot be mirrored")
    }
    let clock = ContinuousClock()
    let start = clock.now
    do {
      var explorer = policy
      explorer.mode = .stochastic
      envs.collect(steps: settings.horizon, with: explorer, on: workers, recordsFaults: true)
    }
    let collected = clock.now
    var report = IterationReport()
    prepareSamples(of: envs, on: workers, &report)
    scheduleLearningRate()
    let stepsTaken = settings.horizon * envs.count
    iteration += 1
    steps += stepsTaken
    faults += report.faults
    (report.iteration, report.steps, report.totalFaults) = (iteration, steps, faults)
    report.learningRate = rate
    update(on: workers, &report)
    mergeStatistics()
    adaptLearningRate(to: report)
    try recover(&report)

    let end = clock.now
    report.std = policy.std
    report.entropy = policy.logStd.reduce(0) { $0 + Gaussian.entropy(logStd: $1) }
    report.updateSeconds = (end - collected).inSeconds
    report.seconds = (end - start).inSeconds
    report.stepsPerSecond = Double(stepsTaken) / report.seconds
    return report
  }

  /// Turns rollouts into samples, and tells the report what happened in them.
  private mutating func prepareSamples(of envs: VectorEnv, on workers: Workers, _ report: inout IterationReport) {
    let spec = policy.spec
    if samples.count != envs.shardCount {
      samples = (0..<envs.shardCount).map { _ in ShardSamples(spec: spec) }
    }
    let (samples, policy, critic, settings) = (samples, policy, weights.critic, settings)
    let symmetry = settings.mirrorSamples ? envs.symmetry : nil
    let scaling =
      policy.observationClip > 0
      ? normalizer.scaling(of: 0..<spec.observationCount, clip: policy.observationClip)
      : .identity(columns: spec.observationCount)
    workers.run(envs.shardCount) { shard in
      samples[shard].fill(
        from: envs.rollout(ofShard: shard), mirroring: symmetry, policy: policy, critic: critic, scaling: scaling,
        settings: settings)
    }
    batch.clear()
    let rows = settings.horizon * envs.count
    var metricCounts = Array(repeating: 0, count: spec.metrics.count)
    for shard in 0..<envs.shardCount {
      let atLimits = samples[shard].state.withLock {
        for run in $0.sampleRuns { batch.append($0.batch, rows: run, spec: spec) }
        return $0.actionsAtLimits
      }
      report.actionsAtLimits += Double(atLimits)
      report.add(envs.rollout(ofShard: shard), spec: spec, metricCounts: &metricCounts)
    }
    report.actionsAtLimits /= Double(rows * spec.actionCount)
    report.finish(rows: rows, spec: spec, metricCounts: metricCounts)
    if !weights.critic.hasUnits { findUnits() }
    (report.explainedVariance, report.returnSpread) = batch.fit(of: weights.critic)
  }

  /// Gives the critic its first units, those of this rollout's returns, and brings the targets to them.
  private mutating func findUnits() {
    weights.critic.merge(returns)
    for row in batch.targets.indices { batch.targets[row] = weights.critic.normalized(batch.targets[row]) }
    returnsAreMerged = true
  }

  /// What the rollout's returns were like, shard after shard.
  private var returns: Normalizer {
    var returns = Normalizer(columns: 1)
    for shard in samples { shard.state.withLock { returns.merge($0.returns) } }
    return returns
  }

  /// Whether the policy keeps still in the iteration under way while the value network learns.
  var isFrozen: Bool { settings.frozenSteps > 0 && steps <= settings.frozenSteps }

  /// The rate of the update under way.
  var rate: Double { isFrozen ? PPOSettings.frozenRate : learningRate }

  /// Merges what the rollout's observations and returns were like, shard after shard.
  private mutating func mergeStatistics() {
    if settings.normalizeObservations {
      if let first = firstUnseenColumn {
        var shown = Normalizer(columns: normalizer.columns)
        for shard in samples { shard.state.withLock { shown.merge($0.observations) } }
        normalizer.takeOver(columnsFrom: first, of: shown)
        if shown.count > 0 { firstUnseenColumn = nil }
      }
      for shard in samples { shard.state.withLock { normalizer.merge($0.observations) } }
      freezeStatistics()
    }
    if settings.normalizeValues, !returnsAreMerged { weights.critic.merge(returns) }
    returnsAreMerged = false
  }

  private mutating func scheduleLearningRate() {
    guard settings.schedule == .linear else { return }
    let done = Double(steps) / Double(settings.totalSteps)
    let rate = max(settings.learningRate * (1 - done), min(settings.minLearningRate, settings.learningRate))
    learningRate = recovery.rateScale * rate
  }

  private mutating func adaptLearningRate(to report: IterationReport) {
    guard settings.schedule == .adaptive, report.approxKL.isFinite, !isFrozen else { return }
    let (target, scale) = (settings.targetKL(after: steps), recovery.rateScale)
    if report.approxKL > 2 * target {
      learningRate = max(learningRate / 1.3, scale * settings.minLearningRate)
    } else if report.approxKL < target / 2 {
      learningRate = min(learningRate * 1.3, scale * settings.maxLearningRate)
    }
  }
}

extension Duration {
  fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
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

  /// The same statistics with columns added behind that are taken to have mean 0 and variance 1.
  fileprivate func padded(to columns: Int) -> Normalizer {
    var result = self
    while result.mean.count < columns {
      result.mean.append(0)
      result.squares.append(count)
    }
    return result
  }
}

extension Batch {
  /// How well the old values, of `critic`, fit the targets, and how much these vary; see `IterationReport`.
  fileprivate func fit(of critic: borrowing Critic) -> (explainedVariance: Double, spread: Double) {
    let count = Double(rows)
    let meanTarget = targets.reduce(0) { $0 + Double($1) } / count
    let meanError = zip(targets, values).reduce(0) { $0 + Double($1.0) - Double($1.1) } / count
    var (total, left) = (0.0, 0.0)
    for i in targets.indices {
      let (target, error) = (Double(targets[i]) - meanTarget, Double(targets[i]) - Double(values[i]) - meanError)
      total += target * target
      left += error * error
    }
    let std = (total / count).squareRoot()
    let mean = abs(Double(critic.mean) + Double(critic.std) * meanTarget)
    let share = Double(critic.std) * std / max(mean, .leastNormalMagnitude)
    return (total > 0 ? 1 - left / total : .nan, critic.normalizesValues ? min(std, share) : share)
  }
}
