import Environments
import Networks

/// Samples as an update reads them.
package struct Batch: Sendable {
  /// Rows of scaled observations, all columns.
  package var observations: [Float] = []
  /// Rows of actions in normalized units.
  package var actions: [Float] = []
  /// Rows of the outputs that the network gave that acted.
  package var outputs: [Float] = []
  /// The logarithm of each action's probability (density) under the policy that acted.
  package var logProbabilities: [Double] = []
  package var advantages: [Float] = []
  /// What the value network should give, in its own (normalized) units.
  package var targets: [Float] = []
  /// What it gave, in the same units.
  package var values: [Float] = []
  /// Rows of scaled critic columns and the action as a network reads it; only where the value network reads actions.
  package var criticInputs: [Float] = []
  /// Runs of rows in which each row follows the one before it in time; only where a network has a memory.
  package var sequences: [Range<Int>] = []
  /// For each sequence the memories before its first row: the policy's, then the value network's own.
  package var memories: [Float] = []
  /// For each row whether an episode starts with it; only where a network has a memory.
  package var startsEpisode: [Bool] = []

  package var rows: Int { advantages.count }

  package init() {}

  mutating func clear() {
    observations.removeAll(keepingCapacity: true)
    actions.removeAll(keepingCapacity: true)
    outputs.removeAll(keepingCapacity: true)
    logProbabilities.removeAll(keepingCapacity: true)
    advantages.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    criticInputs.removeAll(keepingCapacity: true)
    sequences.removeAll(keepingCapacity: true)
    memories.removeAll(keepingCapacity: true)
    startsEpisode.removeAll(keepingCapacity: true)
  }

  /// Appends `rows` of `other`.
  mutating func append(_ other: borrowing Batch, rows: Range<Int>, of layout: SampleLayout) {
    func columns(_ width: Int) -> Range<Int> { rows.lowerBound * width..<rows.upperBound * width }
    observations.append(contentsOf: other.observations[columns(layout.observations)])
    actions.append(contentsOf: other.actions[columns(layout.actions)])
    outputs.append(contentsOf: other.outputs[columns(layout.outputs)])
    logProbabilities.append(contentsOf: other.logProbabilities[rows])
    advantages.append(contentsOf: other.advantages[rows])
    targets.append(contentsOf: other.targets[rows])
    values.append(contentsOf: other.values[rows])
    criticInputs.append(contentsOf: other.criticInputs[columns(layout.criticInputs)])
  }

  /// Makes every column `rows` rows long; what it then holds is to be overwritten.
  mutating func resize(to rows: Int, of layout: SampleLayout) {
    observations.resize(to: rows * layout.observations)
    actions.resize(to: rows * layout.actions)
    outputs.resize(to: rows * layout.outputs)
    logProbabilities.resize(to: rows)
    advantages.resize(to: rows)
    targets.resize(to: rows)
    values.resize(to: rows)
    criticInputs.resize(to: rows * layout.criticInputs)
  }
}

/// How wide the columns of a batch are.
package struct SampleLayout: Sendable, Equatable {
  let observations: Int
  let actions: Int
  let outputs: Int
  /// What a value network reads that reads actions; 0 for others.
  let criticInputs: Int
  /// Numbers in the memories of the policy and of the value network itself.
  let policyMemory: Int
  let valueMemory: Int

  var memories: Int { policyMemory + valueMemory }

  package init(of model: borrowing ActorCritic) {
    let policy = model.policy
    observations = policy.spec.observationCount
    actions = policy.spec.actionCount
    outputs = policy.distribution.outputCount
    criticInputs = model.critic.input == .observationsAndAction ? model.critic.shape.inputCount : 0
    policyMemory = policy.memoryCount
    valueMemory = model.critic.memory?.width ?? 0
  }
}

extension Array where Element: AdditiveArithmetic {
  /// Makes the array `count` long; what it then holds is to be overwritten.
  mutating func resize(to count: Int) {
    if self.count > count { removeLast(self.count - count) }
    while self.count < count { append(.zero) }
  }
}
