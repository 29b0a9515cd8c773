import Environments
import Networks

/// A policy and a value network whose parameters are blocks of one vector: the policy's network, its memory, its raw
/// deviations, the value network, its memory.
package struct ActorCritic: Sendable {
  /// The policy as it acts; it follows `parameters` when they are published.
  package private(set) var policy: NetworkPolicy
  package var critic: Critic
  package var parameters: ParameterSet
  let policyRange: Range<Int>
  let policyMemoryRange: Range<Int>
  let rawLogStdRange: Range<Int>
  let valueRange: Range<Int>
  let valueMemoryRange: Range<Int>
  /// The parameters with each layer's weights transposed, for the backward pass.
  private(set) var transposed: [Float]
  /// Deviations of the policy that acted and of the present one.
  private(set) var terms: DistributionTerms

  /// - Parameters:
  ///   - value: the value network's parameters.
  ///   - valueMemory: those of its memory.
  package init(policy: NetworkPolicy, critic: Critic, value: [Float], valueMemory: [Float] = []) {
    self.policy = policy
    self.critic = critic
    var parameters = ParameterSet()
    policyRange = parameters.append("policy", policy.network.parameters)
    policyMemoryRange = parameters.append("policy.memory", policy.memory?.parameters ?? [])
    rawLogStdRange = parameters.append("raw_log_std", policy.rawLogStd)
    valueRange = parameters.append("value", value)
    valueMemoryRange = parameters.append("value.memory", valueMemory)
    self.parameters = parameters
    transposed = parameters.values
    terms = DistributionTerms(logStd: policy.logStd)
  }

  /// The value network with its parameters.
  package var valueNetwork: ValueNetwork {
    let layers = MLP(shape: critic.shape, parameters: Array(parameters.values[valueRange]))
    guard let memory = critic.memory else { return ValueNetwork(layers, reading: critic.input) }
    return ValueNetwork(layers, reading: GRU(shape: memory, parameters: Array(parameters.values[valueMemoryRange])))
  }

  /// Whether samples are learned from in sequences.
  package var isRecurrent: Bool { policy.memory != nil || critic.memory != nil }

  /// Brings what gradients need up to date with the parameters; call it before every minibatch.
  mutating func prepareBackward() {
    // Held apart while they are used, so that spans and changes of `self` do not overlap.
    let values = parameters.values
    var transposed = exchange(&self.transposed, with: [])
    var all = transposed.mutableSpan
    do {
      var part = all._mutatingExtracting(policyRange)
      policy.network.shape.writeTransposed(
        values.span.extracting(policyRange), into: &part, includesFirst: policy.memory != nil)
    }
    if let memory = policy.memory?.shape {
      var part = all._mutatingExtracting(policyMemoryRange)
      memory.writeTransposed(values.span.extracting(policyMemoryRange), into: &part)
    }
    do {
      var part = all._mutatingExtracting(valueRange)
      critic.shape.writeTransposed(
        values.span.extracting(valueRange), into: &part, includesFirst: critic.needsInputGradient)
    }
    if let memory = critic.memory {
      var part = all._mutatingExtracting(valueMemoryRange)
      memory.writeTransposed(values.span.extracting(valueMemoryRange), into: &part)
    }
    self.transposed = transposed
    if let floor = policy.distribution.floor {
      terms.set(raw: values.span.extracting(rawLogStdRange), floor: floor)
    }
  }

  /// Makes the policy act by the present parameters.
  mutating func publish() {
    parameters.copy(policyRange, to: &policy.network.parameters)
    if var memory = exchange(&policy.memory, with: nil) {
      parameters.copy(policyMemoryRange, to: &memory.parameters)
      policy.memory = memory
    }
    if !rawLogStdRange.isEmpty {
      let (parameters, range) = (parameters, rawLogStdRange)
      policy.updateRawLogStd { parameters.copy(range, to: &$0) }
    }
    terms.setOld(policy.logStd)
  }

  /// Takes over statistics of the policy's observation columns.
  mutating func setNormalizer(_ normalizer: Normalizer) { policy.setNormalizer(normalizer) }

  /// Merges a rollout's returns into the critic's units; no value changes.
  mutating func merge(_ returns: Normalizer) {
    var values = exchange(&parameters.values, with: [])
    var all = values.mutableSpan
    do {
      var value = all._mutatingExtracting(valueRange)
      critic.merge(returns, rescaling: &value)
    }
    parameters.values = values
  }
}
