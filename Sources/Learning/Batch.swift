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
///
/// Until there is a return that is not 0, the size of values is unknown, and all of them are 0.
package struct Critic: Sendable, Equatable {
  package var network: MLP
  /// Whether the units follow the returns; otherwise they are the rewards' own.
  let normalizesValues: Bool
  /// Of the returns seen so far; one column.
  var normalizer = Normalizer(columns: 1)
  /// Frozen between merges.
  package private(set) var mean: Float = 0
  /// 0 as long as the size of values is unknown.
  package private(set) var std: Float = 1
  /// Of the critic's observation columns.
  var scaling: Scaling

  /// - Parameter returns: of the trainings that `network` comes from.
  package init(network: MLP, scaling: Scaling, normalizesValues: Bool = true, returns: Normalizer? = nil) {
    self.network = network
    if let returns { normalizer = returns }
    self.scaling = scaling
    self.normalizesValues = normalizesValues
    updateUnits()
  }

  /// Whether the network's output has a meaning.
  var hasUnits: Bool { std > 0 }

  /// A value in the network's units.
  func normalized(_ value: Float) -> Float { hasUnits ? (value - mean) / std : 0 }

  /// Takes in the statistics of a rollout's returns and rescales the output layer so that no value changes: the part of
  /// van Hasselt et al., "Learning values across many orders of magnitude" (2016), that preserves outputs. The first
  /// units leave the network as it is: its outputs are of a useful size in whatever units.
  package mutating func merge(_ returns: Normalizer) {
    normalizer.merge(returns)
    let (oldMean, oldStd, hadUnits) = (mean, std, hasUnits)
    updateUnits()
    guard hadUnits, hasUnits else { return }
    let layer = network.layerCount - 1
    let ratio = oldStd / std
    for i in network.offsets[layer]..<network.biasOffset(layer) { network.parameters[i] *= ratio }
    let bias = network.biasOffset(layer)
    network.parameters[bias] = (oldMean + oldStd * network.parameters[bias] - mean) / std
  }

  /// Derives mean and deviation from the normaliser.
  mutating func updateUnits() {
    guard normalizesValues || normalizer.count > 0 else { return (mean, std) = (0, 1) }
    guard normalizer.count > 0 else { return (mean, std) = (0, 0) }
    // Relative to the mean, so that the unit of rewards does not matter and returns that are all alike are not blown up.
    let mean = normalizer.mean[0]
    self.mean = Float(mean)
    std = Float((normalizer.variance(0) + 1e-6 * mean * mean).squareRoot())
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
    /// A row for each step, then for each mirror image; those outside `sampleRuns` are to be left out.
    var batch = Batch()
    /// The rows in which no env broke down.
    var sampleRuns: [Range<Int>] = []
    /// Of raw observations, all columns.
    var observations: Normalizer
    /// Of the returns that advantages and values add up to, in the reward's own units.
    var returns = Normalizer(columns: 1)
    var actionsAtLimits = 0
    /// Raw observations: the rollout's, then their mirror images if there are any.
    fileprivate var shown: [Float] = []
    /// Actions in normalised units, of the rollout's rows alone.
    fileprivate var taken: [Float] = []
    /// True values, with those of the observations that the envs show now.
    fileprivate var values: [Float] = []
    fileprivate var finalValues: [Float] = []
    fileprivate var returnRows: [Float] = []
  }

  let state: Mutex<State>

  init(spec: EnvSpec) { state = Mutex(State(observations: Normalizer(columns: spec.observationCount))) }

  /// Evaluates both networks on all rows and estimates advantages.
  ///
  /// A mirrored sample has the advantage and the target of its original (the duplicated tuples of Abdolhosseini et al.,
  /// "On learning symmetric locomotion", 2019), and the density with which that was drawn. Where the policy is not
  /// symmetric its ratio is then small, and the sample says little; with the old policy's density of the mirrored action
  /// instead, samples many deviations off would pull without limit.
  ///
  /// - Parameters:
  ///   - symmetry: adds the mirror image of each sample.
  ///   - scaling: of all observation columns.
  func fill(
    from rollout: ShardRollout, mirroring symmetry: Symmetry?, policy: GaussianPolicy, critic: Critic, scaling: Scaling,
    settings: PPOSettings
  ) {
    state.withLock { $0.fill(from: rollout, symmetry, policy, critic, scaling, settings) }
  }
}

extension ShardSamples.State {
  fileprivate mutating func fill(
    from rollout: ShardRollout, _ symmetry: Symmetry?, _ policy: GaussianPolicy, _ critic: Critic, _ scaling: Scaling,
    _ settings: PPOSettings
  ) {
    let (rows, spec) = (rollout.rowCount, policy.spec)
    makeRoom(for: rollout, mirrored: symmetry != nil, spec: spec)
    gatherRows(of: rollout, symmetry, policy)
    // Moved out while it is read, so that its span and changes of `self` do not overlap.
    let shown = exchange(&self.shown, with: [])
    defer { self.shown = shown }
    do {
      var scaled = batch.observations.mutableSpan
      scaling.apply(to: shown.span, into: &scaled)
      var means = batch.means.mutableSpan
      policy.writeMeans(of: shown.span, into: &means)
      var outputs = batch.values.mutableSpan
      critic.evaluate(shown.span, spec: spec, into: &outputs)
      var all = values.mutableSpan
      var last = all._mutatingExtracting(rows..<rows + rollout.envCount)
      let ends = rollout.observations.span.extracting((rows * spec.observationCount)...)
      critic.evaluate(ends, spec: spec, into: &last)
      var final = finalValues.mutableSpan
      critic.evaluate(rollout.finalObservations.span, spec: spec, into: &final)
    }
    for row in 0..<rows { values[row] = batch.values[row] }
    for i in values.indices { values[i] = critic.mean + critic.std * values[i] }
    for i in finalValues.indices { finalValues[i] = critic.mean + critic.std * finalValues[i] }
    scoreActions(policy, rows: rows)

    Advantage.estimate(of: rollout, values: values, finalValues: finalValues, settings, into: &batch.advantages)
    for row in 0..<rows {
      returnRows[row] = batch.advantages[row] + values[row]
      // Where there are no units yet, they come when all shards' returns are known.
      batch.targets[row] = critic.hasUnits ? critic.normalized(returnRows[row]) : returnRows[row]
    }
    for row in rows..<batch.rows {
      batch.logProbabilities[row] = batch.logProbabilities[row - rows]
      batch.advantages[row] = batch.advantages[row - rows]
      batch.targets[row] = batch.targets[row - rows]
    }
    sampleRuns = rollout.soundRuns(mirrored: symmetry != nil)
    let (width, rowsOfReturns) = (spec.observationCount, returnRows)
    observations.clear()
    for run in sampleRuns {
      observations.merge(rows: shown.span.extracting(run.lowerBound * width..<run.upperBound * width))
    }
    returns.clear()
    for run in rollout.soundRuns { returns.merge(rows: rowsOfReturns.span.extracting(run)) }
  }

  private mutating func makeRoom(for rollout: ShardRollout, mirrored: Bool, spec: EnvSpec) {
    let rows = rollout.rowCount
    let all = mirrored ? 2 * rows : rows
    shown.resize(to: all * spec.observationCount)
    taken.resize(to: rows * spec.actionCount)
    batch.observations.resize(to: all * spec.observationCount)
    batch.actions.resize(to: all * spec.actionCount)
    batch.means.resize(to: all * spec.actionCount)
    batch.logProbabilities.resize(to: all)
    batch.advantages.resize(to: all)
    batch.targets.resize(to: all)
    batch.values.resize(to: all)
    values.resize(to: rows + rollout.envCount)
    finalValues.resize(to: rollout.finals.count)
    returnRows.resize(to: rows)
  }

  /// Fills in observations and normalised actions, the mirror images behind the originals.
  private mutating func gatherRows(of rollout: ShardRollout, _ symmetry: Symmetry?, _ policy: GaussianPolicy) {
    let (width, count) = (policy.spec.observationCount, policy.spec.actionCount)
    let observed = rollout.rowCount * width
    for i in 0..<observed { shown[i] = rollout.observations[i] }
    actionsAtLimits = 0
    for i in taken.indices {
      let u = (rollout.actions[i] - policy.centre[i % count]) / policy.halfRange[i % count]
      taken[i] = u
      batch.actions[i] = u
      if abs(u) >= 1 { actionsAtLimits += 1 }
    }
    guard let symmetry else { return }
    do {
      var images = shown.mutableSpan
      var part = images._mutatingExtracting(observed..<2 * observed)
      Symmetry.mirror(rollout.observations.span.extracting(0..<observed), by: symmetry.observation, into: &part)
    }
    let originals = taken
    var images = batch.actions.mutableSpan
    var part = images._mutatingExtracting(originals.count..<2 * originals.count)
    Symmetry.mirror(originals.span, by: symmetry.action, into: &part)
  }

  private mutating func scoreActions(_ policy: GaussianPolicy, rows: Int) {
    let count = policy.spec.actionCount
    for row in 0..<rows {
      var logProbability = 0.0
      for i in 0..<count {
        let index = row * count + i
        logProbability += Gaussian.logProbability(
          Double(batch.actions[index]), mean: Double(batch.means[index]), logStd: policy.logStd[i])
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
    var all = advantages.mutableSpan
    var span = all._mutatingExtracting(0..<rollout.rowCount)
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

extension ShardRollout {
  /// The rows that are samples where the mirror image of each row stands as far behind it as there are rows.
  fileprivate func soundRuns(mirrored: Bool) -> [Range<Int>] {
    guard mirrored else { return soundRuns }
    guard faultCount > 0 else { return [0..<2 * rowCount] }
    return soundRuns + soundRuns.map { $0.lowerBound + rowCount..<$0.upperBound + rowCount }
  }
}
