import Environments
import Synchronization

/// The samples of an iteration, shard after shard, as the update reads them.
package struct Batch: Sendable {
  /// Rows of scaled observations, all columns.
  package var observations: [Float] = []
  /// Rows of actions in normalised units.
  package var actions: [Float] = []
  /// Rows of the means that the old policy gave.
  package var means: [Float] = []
  /// The logarithm of each action's density under the old policy.
  package var logProbabilities: [Double] = []
  package var advantages: [Float] = []
  /// What the value network should give, in its own (normalised) units.
  package var targets: [Float] = []
  /// What it gave, in the same units.
  package var values: [Float] = []

  var rows: Int { advantages.count }

  package init() {}

  mutating func clear() {
    observations.removeAll(keepingCapacity: true)
    actions.removeAll(keepingCapacity: true)
    means.removeAll(keepingCapacity: true)
    logProbabilities.removeAll(keepingCapacity: true)
    advantages.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  /// Takes in `rows` of `other`.
  mutating func append(_ other: borrowing Batch, rows: Range<Int>, spec: EnvSpec) {
    let columns = rows.lowerBound * spec.observationCount..<rows.upperBound * spec.observationCount
    let components = rows.lowerBound * spec.actionCount..<rows.upperBound * spec.actionCount
    observations.append(contentsOf: other.observations[columns])
    actions.append(contentsOf: other.actions[components])
    means.append(contentsOf: other.means[components])
    logProbabilities.append(contentsOf: other.logProbabilities[rows])
    advantages.append(contentsOf: other.advantages[rows])
    targets.append(contentsOf: other.targets[rows])
    values.append(contentsOf: other.values[rows])
  }
}

/// The value network and the units it works in: a value is `mean + std · output`.
package struct Critic: Sendable, Equatable {
  package var network: MLP
  /// Of the returns seen so far; one column.
  var normalizer = Normalizer(columns: 1)
  /// Frozen between merges.
  package private(set) var mean: Float = 0
  package private(set) var std: Float = 1
  /// Of the critic's observation columns.
  var scaling: Scaling

  package init(network: MLP, scaling: Scaling) {
    self.network = network
    self.scaling = scaling
  }

  /// Takes in the statistics of a rollout's returns and rescales the output layer so that no value changes: the part of
  /// van Hasselt et al., "Learning values across many orders of magnitude" (2016), that preserves outputs.
  package mutating func merge(_ returns: Normalizer) {
    normalizer.merge(returns)
    let (oldMean, oldStd) = (mean, std)
    updateUnits()
    let layer = network.layerCount - 1
    let ratio = oldStd / std
    for i in network.offsets[layer]..<network.biasOffset(layer) { network.parameters[i] *= ratio }
    let bias = network.biasOffset(layer)
    network.parameters[bias] = (oldMean + oldStd * network.parameters[bias] - mean) / std
  }

  /// Derives mean and deviation from the normaliser.
  mutating func updateUnits() {
    guard normalizer.count > 0 else {
      (mean, std) = (0, 1)
      return
    }
    mean = Float(normalizer.mean[0])
    std = Float((normalizer.variance(0) + 1e-8).squareRoot())
  }

  /// Writes values in normalised units.
  func evaluate(_ observations: Span<Float>, spec: EnvSpec, into values: inout MutableSpan<Float>) {
    network.evaluate(
      observations, rowLength: spec.observationCount, firstColumn: spec.criticColumns.lowerBound, scaling: scaling,
      into: &values)
  }
}

/// A place where one worker at a time turns a shard's rollout into samples and statistics.
final class ShardSamples: Sendable {
  struct State: Sendable {
    /// A row for each step; those outside `soundRuns` are to be left out.
    var batch = Batch()
    /// The rows in which no env broke down.
    var soundRuns: [Range<Int>] = []
    /// Of raw observations, all columns.
    var observations: Normalizer
    /// Of the returns that advantages and values add up to, in the reward's own units.
    var returns = Normalizer(columns: 1)
    var actionsAtLimits = 0
    /// True values, with those of the observations that the envs show now.
    fileprivate var values: [Float] = []
    fileprivate var finalValues: [Float] = []
    fileprivate var returnRows: [Float] = []
  }

  let state: Mutex<State>

  init(spec: EnvSpec) { state = Mutex(State(observations: Normalizer(columns: spec.observationCount))) }

  /// Evaluates both networks on all rows and estimates advantages.
  ///
  /// - Parameter scaling: of all observation columns.
  func fill(from rollout: ShardRollout, policy: GaussianPolicy, critic: Critic, scaling: Scaling, settings: PPOSettings)
  {
    state.withLock { $0.fill(from: rollout, policy, critic, scaling, settings) }
  }
}

extension ShardSamples.State {
  fileprivate mutating func fill(
    from rollout: ShardRollout, _ policy: GaussianPolicy, _ critic: Critic, _ scaling: Scaling, _ settings: PPOSettings
  ) {
    let (rows, spec) = (rollout.rowCount, policy.spec)
    batch.observations.resize(to: rows * spec.observationCount)
    batch.actions.resize(to: rows * spec.actionCount)
    batch.means.resize(to: rows * spec.actionCount)
    batch.logProbabilities.resize(to: rows)
    batch.advantages.resize(to: rows)
    batch.targets.resize(to: rows)
    batch.values.resize(to: rows)
    values.resize(to: rows + rollout.envCount)
    finalValues.resize(to: rollout.finals.count)
    returnRows.resize(to: rows)

    let shown = rollout.observations.span.extracting(0..<rows * spec.observationCount)
    do {
      var scaled = batch.observations.mutableSpan
      scaling.apply(to: shown, into: &scaled)
      var means = batch.means.mutableSpan
      policy.writeMeans(of: shown, into: &means)
      var all = values.mutableSpan
      critic.evaluate(rollout.observations.span, spec: spec, into: &all)
      var final = finalValues.mutableSpan
      critic.evaluate(rollout.finalObservations.span, spec: spec, into: &final)
    }
    for row in 0..<rows { batch.values[row] = values[row] }
    for i in values.indices { values[i] = critic.mean + critic.std * values[i] }
    for i in finalValues.indices { finalValues[i] = critic.mean + critic.std * finalValues[i] }
    scoreActions(of: rollout, policy)

    Advantage.estimate(of: rollout, values: values, finalValues: finalValues, settings, into: &batch.advantages)
    for row in 0..<rows {
      returnRows[row] = batch.advantages[row] + values[row]
      batch.targets[row] = (returnRows[row] - critic.mean) / critic.std
    }
    soundRuns = rollout.soundRuns
    mergeStatistics(of: shown)
  }

  private mutating func mergeStatistics(of shown: Span<Float>) {
    let (width, rowsOfReturns) = (observations.columns, returnRows)
    observations.clear()
    returns.clear()
    for run in soundRuns {
      observations.merge(rows: shown.extracting(run.lowerBound * width..<run.upperBound * width))
      returns.merge(rows: rowsOfReturns.span.extracting(run))
    }
  }

  private mutating func scoreActions(of rollout: ShardRollout, _ policy: GaussianPolicy) {
    let count = rollout.actionCount
    actionsAtLimits = 0
    for row in 0..<rollout.rowCount {
      var logProbability = 0.0
      for i in 0..<count {
        let index = row * count + i
        let u = (rollout.actions[index] - policy.centre[i]) / policy.halfRange[i]
        batch.actions[index] = u
        if abs(u) >= 1 { actionsAtLimits += 1 }
        logProbability += Gaussian.logProbability(
          Double(u), mean: Double(batch.means[index]), logStd: policy.logStd[i])
      }
      batch.logProbabilities[row] = logProbability
    }
  }
}

extension Advantage {
  fileprivate static func estimate(
    of rollout: ShardRollout, values: [Float], finalValues: [Float], _ settings: PPOSettings,
    into advantages: inout [Float]
  ) {
    var span = advantages.mutableSpan
    estimate(
      rewards: rollout.rewards.span, endings: rollout.endings.span, values: values.span, finalValues: finalValues.span,
      envCount: rollout.envCount, discount: settings.discount, lambda: settings.lambda,
      rewardScale: settings.rewardScale, into: &span)
  }
}

extension Array where Element: AdditiveArithmetic {
  /// Makes the array `count` long; what it then holds is to be overwritten.
  fileprivate mutating func resize(to count: Int) {
    if self.count > count { removeLast(self.count - count) }
    while self.count < count { append(.zero) }
  }
}
