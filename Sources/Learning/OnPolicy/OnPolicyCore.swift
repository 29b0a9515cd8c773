import Environments
import Networks

/// What an on-policy learner needs to know beside its own update.
package struct OnPolicySettings: Sendable, Equatable {
  /// Control steps that each env takes in an iteration.
  package var horizon: Int
  package var advantages: AdvantageSettings
  package var normalizesObservations: Bool
  package var normalizesValues: Bool
  /// Whether every sample is also learned from as its mirror image.
  package var mirrorsSamples: Bool
  /// Parts that minibatches are drawn from and gradients summed over. Part of the result, unlike the number of threads.
  package var sampleShards: Int
  /// Env steps at the start in which the policy does not change.
  package var frozenSteps: Int
  /// The joint norm that gradients are clipped to; 0 sets no limit.
  package var maxGradientNorm: Double
  package var optimizer = Adam.Rule.adam
  /// Rows of a sequence at most, where a network has a memory.
  package var sequenceLength = 1
}

/// The part that all on-policy learners share: networks, statistics and samples, from the rollout to the gradient.
///
/// Results depend on settings, seed and envs alone: sums run over fixed shards along a fixed tree.
/// Statistics of observations and returns are frozen during a rollout and its update and merged afterwards.
public struct OnPolicyCore: Sendable {
  package let settings: OnPolicySettings
  /// Iterations made.
  package internal(set) var iteration = 0
  package internal(set) var steps = 0
  /// Env steps that failed so far.
  package internal(set) var faults = 0
  /// The rate of the next update.
  package var learningRate: Double

  package var model: ActorCritic
  /// Of all observation columns.
  package internal(set) var normalizer: Normalizer
  package internal(set) var adam: Adam
  var recovery: Recovery
  /// What minibatches are drawn from.
  package internal(set) var shards: [SampleShard]

  /// 1 − Var(return − value) / Var(return) of the last rollout's old values; not-a-number where the returns did not vary.
  package internal(set) var explainedVariance = Double.nan

  var rollouts: [RolloutSamples] = []
  /// What the value network remembers of each env's episode, env after env; empty where it has no memory of its own.
  var valueMemory: [Float] = []
  /// From where on the columns' statistics are not known, because a policy brought only its own along; nil once they are.
  var firstUnseenColumn: Int?
  /// Whether the critic knows this iteration's returns already.
  var returnsAreMerged = false

  package var policy: NetworkPolicy { model.policy }

  /// - Parameters:
  ///   - start: the policy and what came with it.
  ///   - value: a fresh value network, used unless `start` brings one of the same shape.
  ///   - random: the source of the shards' streams.
  package init(
    _ start: LearnerStart, value fresh: ValueNetwork, settings: OnPolicySettings, learningRate: Double, seed: UInt64
  ) {
    let spec = start.policy.spec
    let value = start.value.flatMap { $0.network.hasLayers(of: fresh) ? $0 : nil }
    var policy = start.policy
    policy.mode = .deterministic
    policy.recordsOutputs = false
    self.settings = settings
    self.learningRate = learningRate
    normalizer = value?.observations ?? policy.normalizer.padded(to: spec.observationCount)
    firstUnseenColumn = value == nil && policy.normalizer.count > 0 ? spec.policyColumns.upperBound : nil
    let network = value?.network ?? fresh
    let critic = Critic(
      shape: network.layers.shape, input: network.input, scaling: .identity(columns: spec.criticColumns.count),
      normalizesValues: settings.normalizesValues, returns: value?.returns)
    let model = ActorCritic(
      policy: policy, critic: critic, value: network.layers.parameters, valueMemory: network.memory?.parameters ?? [])
    self.model = model
    adam =
      start.adam.flatMap { value == nil || $0.first.count != model.parameters.count ? nil : $0 }
      ?? Adam(count: model.parameters.count)
    adam.rule = settings.optimizer
    shards = (0..<settings.sampleShards).map { shard in
      SampleShard(for: model, random: Random(seed: seed, stream: Self.stream + 1 + UInt64(shard)))
    }
    recovery = Recovery(
      LearnedState(
        model.parameters, optimizers: [adam], statistics: [normalizer, model.critic.normalizer],
        learningRate: learningRate))
    freezeStatistics()
  }

  /// The learner's own streams of random numbers begin here; env streams count from 0 and policies' down from the top.
  package static let stream: UInt64 = 1 << 62

  /// Gives the statistics seen so far to policy and critic.
  mutating func freezeStatistics() {
    let spec = policy.spec
    guard policy.observationClip > 0 else { return }
    model.setNormalizer(normalizer.selecting(spec.policyColumns))
    model.critic.scaling = normalizer.scaling(of: spec.criticColumns, clip: policy.observationClip)
  }

  /// Whether the policy does not change in the iteration under way while the value network learns.
  package var isFrozen: Bool { settings.frozenSteps > 0 && steps <= settings.frozenSteps }

  // MARK: Updates

  /// Samples of the last rollout.
  package var rows: Int { shards.total(of: { state, _ in state.batch.rows }, by: +) }

  /// Prepares an update that goes through the samples in `minibatches` parts.
  package mutating func beginUpdate(minibatches: Int) {
    model.publish()
    let model = model
    for shard in shards { shard.state.withLock { $0.prepare(minibatches: minibatches, for: model) } }
  }

  /// Prepares an update of the value network alone, after the policy has moved.
  package mutating func beginValueUpdate(minibatches: Int) {
    let model = model
    for shard in shards { shard.state.withLock { $0.prepare(minibatches: minibatches, for: model) } }
  }

  /// Puts the samples of each shard into a new random order.
  package func shuffle(on workers: Workers) {
    let shards = shards
    workers.run(shards.count) { index in shards[index].state.withLock { $0.shuffle() } }
  }

  /// Mean and deviation of the advantages of the `index`-th of `count` minibatches.
  package func advantages(ofMinibatch index: Int, of count: Int) -> Moments {
    shards.total(
      of: { state, shard in
        state.moments(of: MinibatchShare(index: index, count: count, shard: shard, shards: shards.count))
      }, by: +)
  }

  /// Leaves the gradient over the `index`-th of `count` minibatches for `step` to use.
  ///
  /// - Returns: the losses' sums over the minibatch.
  package mutating func computeGradient(
    ofMinibatch index: Int, of count: Int, _ terms: MinibatchTerms, _ objective: some PolicyObjective,
    _ valueLoss: ValueLoss, parts: GradientParts = .both, on workers: Workers
  ) -> LossSums {
    model.prepareBackward()
    run(ofMinibatch: index, of: count, terms, objective, valueLoss, parts, on: workers)
    shards.sumGradients()
    return shards.total(of: { state, _ in state.sums }, by: +)
  }

  private borrowing func run(
    ofMinibatch index: Int, of count: Int, _ terms: MinibatchTerms, _ objective: some PolicyObjective,
    _ valueLoss: ValueLoss, _ parts: GradientParts, on workers: Workers
  ) {
    workers.run(shards.count) { shard in
      let share = MinibatchShare(index: index, count: count, shard: shard, shards: shards.count)
      shards[shard].state.withLock {
        $0.computeGradient(of: share, terms, objective, valueLoss, model: model, parts: parts)
      }
    }
  }

  /// The last gradient, summed over all shards.
  package var lastGradient: [Float] { shards[0].state.withLock { $0.gradient } }

  /// The sums of an objective over all samples at the present parameters.
  package mutating func measure(
    _ terms: MinibatchTerms, _ objective: some PolicyObjective, on workers: Workers
  ) -> LossSums {
    model.prepareBackward()
    let (shards, model) = (shards, model)
    workers.run(shards.count) { index in
      shards[index].state.withLock { $0.measure(terms, objective, model: model) }
    }
    return shards.total(of: { state, _ in state.sums }, by: +)
  }

  /// The product of the policy's Fisher matrix, at the parameters of the last gradient, with a direction.
  package func fisherProduct(with direction: [Float], samples: Int, on workers: Workers) -> [Float] {
    let (shards, model) = (shards, model)
    workers.run(shards.count) { index in
      shards[index].state.withLock {
        $0.computeFisherProduct(with: direction.span, samples: samples, model: model)
      }
    }
    shards.sumGradients()
    return lastGradient
  }

  /// The joint norm of the last gradient.
  package var gradientNorm: Double { gradientNorm(ofShard: 0) }

  /// The joint norm of the last gradient of a shard; that of the first is the sum of all, once it has been made.
  package func gradientNorm(ofShard shard: Int) -> Double {
    shards[shard].state.withLock { squaredNorm($0.gradient) }.squareRoot()
  }

  /// Moves all parameters that are not frozen against the last gradient, clipped to `maxGradientNorm`.
  ///
  /// - Parameters:
  ///   - shard: whose gradient; see `gradientNorm(ofShard:)`.
  ///   - parts: the networks that move.
  package mutating func step(
    ofShard shard: Int = 0, norm: Double, rate: Double, parts: GradientParts = .both
  ) {
    let limit = settings.maxGradientNorm
    let scale = limit > 0 && norm > limit ? limit / norm : 1
    let coefficients = adam.nextStep(learningRate: rate, gradientScale: scale)
    var ofPolicy = coefficients
    // The moments follow all the same, so that the first step is none of full size along noise.
    if isFrozen || parts == .value { ofPolicy.stepSize = 0 }
    let policyEnd = model.valueRange.lowerBound
    let gradient = shards[shard].state.withLock { $0.gradient }
    // Moved out while they are written, so that their span and the optimizer's changes do not overlap.
    var values = exchange(&model.parameters.values, with: [])
    var all = values.mutableSpan
    do {
      var part = all._mutatingExtracting(0..<policyEnd)
      adam.step(&part, gradient: gradient.span.extracting(0..<policyEnd), ofPolicy)
    }
    do {
      var part = all._mutatingExtracting(policyEnd..<all.count)
      adam.step(&part, gradient: gradient.span.extracting(policyEnd...), momentsFrom: policyEnd, coefficients)
    }
    model.parameters.values = values
  }

  /// Ends an iteration: the policy acts by its new parameters, statistics are merged, and what is not finite is undone.
  ///
  /// - Throws: `LearningError` if undoing has not helped again and again.
  package mutating func endUpdate(_ report: inout IterationReport) throws(LearningError) {
    model.publish()
    mergeStatistics()
    try recover(&report)
    report.std = policy.std
  }

  /// Looks at what an iteration has learned: keeps it, waits, or goes back to the last sound one with half the learning
  /// rate.
  ///
  /// - Throws: `LearningError` if going back has not helped again and again.
  private mutating func recover(_ report: inout IterationReport) throws(LearningError) {
    let isFinite = model.parameters.isFinite && adam.isFinite
    guard let complaint = Recovery.complaint(about: report, isFinite: isFinite, hasSamples: rows > 0) else {
      recovery.noteSound()
      recovery.lastSound.update(
        model.parameters, optimizers: [adam], statistics: [normalizer, model.critic.normalizer],
        learningRate: learningRate)
      return
    }
    guard let state = try recovery.noteUnsound(complaint, isFinite: isFinite) else { return }
    report.rollback = complaint
    model.parameters.values = state.values
    model.critic.normalizer = state.statistics[1]
    model.critic.updateUnits()
    model.publish()
    adam = state.optimizers[0]
    normalizer = state.statistics[0]
    learningRate = state.learningRate
    freezeStatistics()
  }
}

extension Normalizer {
  /// The same statistics with columns appended that are taken to have mean 0 and variance 1.
  func padded(to columns: Int) -> Normalizer {
    var result = self
    while result.mean.count < columns {
      result.mean.append(0)
      result.squares.append(count)
    }
    return result
  }
}
