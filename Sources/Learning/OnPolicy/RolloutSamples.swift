import Environments
import Networks
import Synchronization

/// Where one worker at a time turns a shard's rollout into samples and statistics.
final class RolloutSamples: Sendable {
  struct State: Sendable {
    /// A row for each step, then for each mirror image; those outside `sampleRuns` are to be left out.
    var batch = Batch()
    /// The rows in which no env failed; none where samples come in sequences.
    var sampleRuns: [Range<Int>] = []
    /// The sequences of samples, where a network has a memory.
    fileprivate var sequences: [RowSequence] = []
    /// Memories of a value network that has its own, one row for each env; they last from rollout to rollout.
    var valueMemory: [Float] = []
    /// Of raw observations, all columns.
    var observations: Normalizer
    /// Of the returns that advantages and values add up to, in the reward's own units.
    var returns = Normalizer(columns: 1)
    var actionsAtLimits = 0
    /// Raw observations: the rollout's, then their mirror images if there are any.
    fileprivate var shown: [Float] = []
    /// Actions in normalized units, of the rollout's rows alone.
    fileprivate var taken: [Float] = []
    /// True values, with those of the observations that the envs show now.
    var values: [Float] = []
    var finalValues: [Float] = []
    fileprivate var returnRows: [Float] = []
    /// Rows of the memories before each row: the policy's, then the value network's own.
    var memories: [Float] = []
    var stepper: ValueStepper?
    /// The value of each row's likeliest action, in the network's units, where the value network reads actions.
    var modeValues: [Float] = []
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
  ///   - sequenceLength: rows of a sequence at most, where a network has a memory.
  func fill(
    from rollout: ShardRollout, mirroring symmetry: Symmetry?, model: borrowing ActorCritic, scaling: Scaling,
    settings: AdvantageSettings, sequenceLength: Int
  ) {
    state.withLock { $0.fill(from: rollout, symmetry, model, scaling, settings, sequenceLength) }
  }
}

extension RolloutSamples.State {
  fileprivate mutating func fill(
    from rollout: ShardRollout, _ symmetry: Symmetry?, _ model: borrowing ActorCritic, _ scaling: Scaling,
    _ settings: AdvantageSettings, _ sequenceLength: Int
  ) {
    let (policy, critic) = (model.policy, model.critic)
    let (rows, spec, layout) = (rollout.rowCount, policy.spec, SampleLayout(of: model))
    makeRoom(for: rollout, mirrored: symmetry != nil, layout)
    gatherRows(of: rollout, symmetry, policy, layout)
    // Moved out while it is read, so that its span and changes of `self` do not overlap.
    let shown = exchange(&self.shown, with: [])
    defer { self.shown = shown }
    do {
      var scaled = batch.observations.mutableSpan
      scaling.apply(to: shown.span, into: &scaled)
      if symmetry != nil {
        // The policy that acted has not seen the mirror images.
        var allOutputs = batch.outputs.mutableSpan
        var images = allOutputs._mutatingExtracting(rows * layout.outputs..<2 * rows * layout.outputs)
        policy.writeOutputs(of: shown.span.extracting((rows * layout.observations)...), into: &images)
      }
    }
    switch critic.input {
    case .observations where policy.memory == nil: evaluateAtOnce(rollout, shown.span, model)
    case .observationsAndAction: evaluateActions(rollout, model, layout)
    case .observations, .memory, .policyFeatures: evaluateStepByStep(rollout, model, layout)
    }
    for row in 0..<rows { values[row] = batch.values[row] }
    for i in values.indices { values[i] = critic.mean + critic.std * values[i] }
    for i in finalValues.indices { finalValues[i] = critic.mean + critic.std * finalValues[i] }
    if !settings.usesValues {
      for i in values.indices { values[i] = 0 }
      for i in finalValues.indices { finalValues[i] = 0 }
    }
    scoreActions(model, rows: rows, layout)

    Advantage.estimate(of: rollout, values: values, finalValues: finalValues, settings, into: &batch.advantages)
    for row in 0..<rows {
      returnRows[row] = batch.advantages[row] + values[row]
      // Where there are no units yet, they come when all shards' returns are known.
      batch.targets[row] = critic.hasUnits ? critic.normalized(returnRows[row]) : returnRows[row]
    }
    if critic.input == .observationsAndAction {
      for row in 0..<rows { batch.advantages[row] = critic.std * (batch.values[row] - modeValues[row]) }
    }
    for row in rows..<batch.rows {
      batch.logProbabilities[row] = batch.logProbabilities[row - rows]
      batch.advantages[row] = batch.advantages[row - rows]
      batch.targets[row] = batch.targets[row - rows]
    }
    sampleRuns =
      settings.usesValues
      ? rollout.soundRuns(mirrored: symmetry != nil) : rollout.completeRuns(mirrored: symmetry != nil)
    let (width, rowsOfReturns) = (spec.observationCount, returnRows)
    observations.clear()
    for run in sampleRuns {
      observations.merge(rows: shown.span.extracting(run.lowerBound * width..<run.upperBound * width))
    }
    returns.clear()
    for run in rollout.soundRuns { returns.merge(rows: rowsOfReturns.span.extracting(run)) }
    guard model.isRecurrent else { return }
    sequences = rollout.sequences(upTo: sequenceLength)
    sampleRuns = []
  }

  /// Appends the samples of all sequences to `batch`, each one's rows behind each other.
  func appendSequences(to batch: inout Batch, _ layout: SampleLayout) {
    for sequence in sequences {
      let first = batch.rows
      for i in 0..<sequence.count {
        let row = sequence.first + i * sequence.stride
        batch.append(self.batch, rows: row..<row + 1, of: layout)
        batch.startsEpisode.append(self.batch.startsEpisode[row])
      }
      batch.sequences.append(first..<batch.rows)
      let start = sequence.first * layout.memories
      batch.memories.append(contentsOf: memories[start..<start + layout.memories])
    }
  }

  private mutating func makeRoom(for rollout: ShardRollout, mirrored: Bool, _ layout: SampleLayout) {
    let rows = rollout.rowCount
    let all = mirrored ? 2 * rows : rows
    shown.resize(to: all * layout.observations)
    taken.resize(to: rows * layout.actions)
    batch.resize(to: all, of: layout)
    values.resize(to: rows + rollout.envCount)
    finalValues.resize(to: rollout.finals.count)
    returnRows.resize(to: rows)
    memories.resize(to: rows * layout.memories)
  }

  /// Fills in observations, normalized actions and the outputs that were recorded, the mirror images behind the originals.
  private mutating func gatherRows(
    of rollout: ShardRollout, _ symmetry: Symmetry?, _ policy: NetworkPolicy, _ layout: SampleLayout
  ) {
    let (width, count) = (policy.spec.observationCount, policy.spec.actionCount)
    let observed = rollout.rowCount * width
    for i in 0..<observed { shown[i] = rollout.observations[i] }
    if layout.memories > 0 {
      gatherMemories(of: rollout, layout)
    } else {
      for i in rollout.records.indices { batch.outputs[i] = rollout.records[i] }
    }
    actionsAtLimits = 0
    let hasLimits = !policy.spec.isDiscrete
    for i in taken.indices {
      let u = (rollout.actions[i] - policy.center[i % count]) / policy.halfRange[i % count]
      taken[i] = u
      batch.actions[i] = u
      if hasLimits, abs(u) >= 1 { actionsAtLimits += 1 }
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

  /// Takes the recorded outputs and memories apart.
  private mutating func gatherMemories(of rollout: ShardRollout, _ layout: SampleLayout) {
    let length = layout.outputs + layout.policyMemory
    batch.startsEpisode.removeAll(keepingCapacity: true)
    for row in 0..<rollout.rowCount {
      for i in 0..<layout.outputs { batch.outputs[row * layout.outputs + i] = rollout.records[row * length + i] }
      for i in 0..<layout.policyMemory {
        memories[row * layout.memories + i] = rollout.records[row * length + layout.outputs + i]
      }
      batch.startsEpisode.append(row >= rollout.envCount && rollout.endings[row - rollout.envCount].isOver)
    }
  }

  private mutating func scoreActions(_ model: borrowing ActorCritic, rows: Int, _ layout: SampleLayout) {
    let (actions, outputs) = (batch.actions, batch.outputs)
    for row in 0..<rows {
      let given = outputs.span.extracting(row * layout.outputs..<(row + 1) * layout.outputs)
      batch.logProbabilities[row] =
        model.policy.distribution.figures(
          of: actions.span.extracting(row * layout.actions..<(row + 1) * layout.actions), outputs: given, old: given,
          model.terms
        ).logProbability
    }
  }
}

extension Advantage {
  fileprivate static func estimate(
    of rollout: ShardRollout, values: [Float], finalValues: [Float], _ settings: AdvantageSettings,
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

/// Rows of one env that follow each other in time.
private struct RowSequence {
  var first: Int
  var count: Int
  /// From one row to the next.
  var stride: Int
}

extension ShardRollout {
  /// Each env's rows in sequences of at most `length`, without those in which it failed.
  fileprivate func sequences(upTo length: Int) -> [RowSequence] {
    var sequences: [RowSequence] = []
    for env in 0..<envCount {
      var count = 0
      for step in 0..<steps {
        let row = step * envCount + env
        let isSound = endings[row] != .faulted
        if isSound { count += 1 }
        guard count > 0, count == length || !isSound || step == steps - 1 else { continue }
        let last = isSound ? row : row - envCount
        sequences.append(RowSequence(first: last - (count - 1) * envCount, count: count, stride: envCount))
        count = 0
      }
    }
    return sequences
  }

  /// The rows of episodes that ended soundly within the rollout, and their mirror images.
  fileprivate func completeRuns(mirrored: Bool) -> [Range<Int>] {
    var isComplete = Array(repeating: false, count: rowCount)
    var ends = Array(repeating: false, count: envCount)
    for row in stride(from: rowCount - 1, through: 0, by: -1) {
      let env = row % envCount
      if endings[row].isOver { ends[env] = endings[row] != .faulted }
      isComplete[row] = ends[env]
    }
    var runs: [Range<Int>] = []
    for row in isComplete.indices where isComplete[row] {
      if let last = runs.last, last.upperBound == row {
        runs[runs.count - 1] = last.lowerBound..<row + 1
      } else {
        runs.append(row..<row + 1)
      }
    }
    return mirrored ? runs + runs.map { $0.lowerBound + rowCount..<$0.upperBound + rowCount } : runs
  }

  /// The rows that are samples where the mirror image of each row stands as far behind it as there are rows.
  fileprivate func soundRuns(mirrored: Bool) -> [Range<Int>] {
    guard mirrored else { return soundRuns }
    guard faultCount > 0 else { return [0..<2 * rowCount] }
    return soundRuns + soundRuns.map { $0.lowerBound + rowCount..<$0.upperBound + rowCount }
  }
}
