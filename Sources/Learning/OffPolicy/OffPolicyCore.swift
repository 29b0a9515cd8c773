import Environments
import Networks

/// The part that all off-policy learners share: networks and their targets, the replay buffer, and gradient steps.
///
/// Results depend on settings, seed and envs alone: minibatches are drawn and gradients computed in fixed shares, which are
/// summed along a fixed tree, whatever thread computes them.
public struct OffPolicyCore: Sendable {
  package let settings: OffPolicySettings
  package let exploration: Exploration
  /// Iterations made.
  package internal(set) var iteration = 0
  package internal(set) var steps = 0
  /// Gradient steps made.
  package internal(set) var updates = 0
  /// Env steps that failed so far.
  package internal(set) var faults = 0
  /// The rate of the next update.
  package internal(set) var learningRate: Double

  package var model: OffPolicyModel
  /// Of all observation columns.
  package internal(set) var normalizer: Normalizer
  /// Of the critics, of the policy, and of what else is trained.
  package internal(set) var optimizers: [Adam]
  var recovery: Recovery
  package var buffer: ReplayBuffer
  var window: NStepWindow
  let shards: [ReplayShard]
  /// For each shard a gradient by all that is trained; the first one's becomes the sum.
  var gradients: [Float]
  var extraGradient: [Float] = [0]
  /// Where the buffer is kept between runs; nil for in the checkpoint.
  var store: ReplayStore?
  /// Whether what was shown at first was chosen by a policy that had been trained before.
  let startsTrained: Bool

  /// Env steps of the last rollout, those that failed, and what gradient steps since then came to.
  private(set) var lastSteps = 0
  private var lastFaults = 0
  package internal(set) var sums = OffPolicySums()
  var norms = (sum: 0.0, count: 0)
  /// Those whose loss or gradient was not finite.
  var skipped = 0

  package var policy: NetworkPolicy { model.policy }

  /// The learner's own streams of random numbers begin here.
  package static let stream: UInt64 = 1 << 62
  /// Rows of a minibatch that one shard draws.
  private static let shardRows = 64

  /// A learner's core with fresh networks, or one that goes on from `start`: the settings about the policy's shape and
  /// observations do not matter then, and the critics of `start` are used if they have the layers that `settings` ask for.
  ///
  /// - Parameter learner: its name.
  /// - Throws: `LearningError` if the env's actions are choices or `start` is a policy of another distribution;
  ///   `NetworkError` if the env shows more than a network can read.
  package init(
    spec: EnvSpec, from trained: LearnerStart?, networks: OffPolicyNetworks, settings: OffPolicySettings,
    learner: String, seed: UInt64
  ) throws {
    guard !spec.isDiscrete else {
      throw LearningError("the learner '\(learner)' needs continuous actions; those of this env are choices")
    }
    var random = Random(seed: seed, stream: Self.stream)
    let start = try trained ?? LearnerStart(networks.makePolicy(for: spec, settings, using: &random))
    let distribution = networks.distribution(for: spec)
    guard start.policy.distribution == distribution else {
      throw LearningError(
        "the learner '\(learner)' goes on from a policy whose actions are \(distribution.name); this one's are "
          + start.policy.distribution.name)
    }
    let fresh = try networks.makeCritics(for: spec, settings, using: &random)
    let extra = networks.extra
    var policy = start.policy
    policy.mode = .deterministic
    policy.recordsOutputs = false
    let fits = start.critics.map(\.shape) == fresh.map(\.shape)
    var model = OffPolicyModel(
      policy: policy, critics: fits ? start.critics : fresh, extra: extra,
      hasTargetPolicy: networks.hasTargetPolicy)
    self.settings = settings
    exploration = networks.exploration
    startsTrained = trained != nil
    learningRate = settings.learningRate
    let known = start.observations ?? policy.normalizer.padded(to: spec.observationCount)
    normalizer = known
    model.setNormalizer(known)
    optimizers = [Adam(count: model.criticRange.count), Adam(count: model.policyNetwork.range.count)]
    if extra != nil { optimizers.append(Adam(count: 1)) }
    let layout = ReplayLayout(of: spec)
    buffer = ReplayBuffer(capacity: settings.bufferCapacity, rowLength: layout.length)
    window = NStepWindow(envCount: 0, layout: layout, steps: settings.returnSteps, discount: settings.discount)
    let count = (settings.minibatchSize + Self.shardRows - 1) / Self.shardRows
    var shards: [ReplayShard] = []
    for i in 0..<count {
      let rows = (i + 1) * settings.minibatchSize / count - i * settings.minibatchSize / count
      let random = Random(seed: seed, stream: Self.stream + 1 + UInt64(i))
      shards.append(ReplayShard(rows: rows, of: settings.minibatchSize, for: model, random: random))
    }
    self.shards = shards
    gradients = Array(repeating: 0, count: count * model.trained.count)
    self.model = model
    recovery = Recovery(
      LearnedState(
        model.parameters, optimizers: optimizers, statistics: [known], learningRate: settings.learningRate))
  }

  /// Whether the policy does not change in the iteration under way while the critics learn.
  package var isFrozen: Bool { settings.frozenSteps > 0 && steps <= settings.frozenSteps }

  // MARK: Rollouts

  /// Runs the envs for a horizon and takes in what they went through.
  ///
  /// - Returns: when the rollout was complete.
  /// - Throws: `LearningError` if the envs do not fit.
  package mutating func collect(
    in envs: VectorEnv, on workers: Workers, _ report: inout IterationReport
  ) throws(LearningError) -> ContinuousClock.Instant {
    guard envs.spec == policy.spec else {
      throw LearningError("the envs are of another kind than the one this policy was made for")
    }
    if steps < settings.learningStarts, !startsTrained {
      envs.collect(steps: settings.horizon, with: RandomPolicy(spec: policy.spec), on: workers, recordsFaults: true)
    } else {
      exploration.collect(steps: settings.horizon, in: envs, with: policy, on: workers)
    }
    let end = ContinuousClock.now
    takeIn(envs, &report)
    iteration += 1
    lastSteps = settings.horizon * envs.count
    lastFaults = report.faults
    steps += lastSteps
    faults += report.faults
    (report.iteration, report.steps, report.totalFaults) = (iteration, steps, faults)
    learningRate = recovery.rateScale * settings.learningRate(after: steps)
    report.learningRate = learningRate
    return end
  }

  /// Appends the rollouts to the replay buffer and adds what happened in them to the report.
  private mutating func takeIn(_ envs: VectorEnv, _ report: inout IterationReport) {
    let spec = policy.spec
    if window.envCount != envs.count {
      window = NStepWindow(
        envCount: envs.count, layout: ReplayLayout(of: spec), steps: settings.returnSteps, discount: settings.discount)
    }
    let (center, halfRange) = (policy.center, policy.halfRange)
    var metricCounts = Array(repeating: 0, count: spec.metrics.count)
    var firstEnv = 0
    for shard in 0..<envs.shardCount {
      let rollout = envs.rollout(ofShard: shard)
      window.add(rollout, firstEnv: firstEnv, center: center, halfRange: halfRange, to: &buffer)
      firstEnv += rollout.envCount
      for i in rollout.actions.indices {
        let channel = i % spec.actionCount
        if abs(rollout.actions[i] - center[channel]) >= halfRange[channel] { report.actionsAtLimits += 1 }
      }
      if settings.normalizeObservations {
        for run in rollout.soundRuns {
          let columns = run.lowerBound * spec.observationCount..<run.upperBound * spec.observationCount
          normalizer.merge(rows: rollout.observations.span.extracting(columns))
        }
      }
      report.add(rollout, spec: spec, metricCounts: &metricCounts)
    }
    let rows = settings.horizon * envs.count
    report.actionsAtLimits /= Double(rows * spec.actionCount)
    report.finish(rows: rows, spec: spec, metricCounts: metricCounts)
    if settings.normalizeObservations { model.setNormalizer(normalizer) }
  }

  // MARK: Ends of iterations

  /// Ends an iteration: the policy acts by its new parameters, and what is not finite is undone.
  ///
  /// - Throws: `LearningError` if undoing has not helped again and again.
  package mutating func endUpdate(_ report: inout IterationReport) throws(LearningError) {
    model.publish()
    if sums.rows > 0 { report.returnSpread = sums.targetSpread }
    let isFinite = model.parameters.isFinite && optimizers.allSatisfy(\.isFinite)
    let hasSamples = lastFaults < lastSteps
    guard let complaint = Recovery.complaint(about: report, isFinite: isFinite, hasSamples: hasSamples) else {
      recovery.noteSound()
      recovery.lastSound.update(
        model.parameters, optimizers: optimizers, statistics: [normalizer], learningRate: learningRate)
      return
    }
    guard let state = try recovery.noteUnsound(complaint, isFinite: isFinite) else { return }
    report.rollback = complaint
    model.parameters.values = state.values
    optimizers = state.optimizers
    normalizer = state.statistics[0]
    learningRate = state.learningRate
    refresh()
  }

  /// Brings what follows from parameters and statistics up to date, after they changed otherwise than by gradient steps.
  package mutating func refresh() {
    model.setNormalizer(normalizer)
    model.transposeAll()
    model.publish()
  }
}
