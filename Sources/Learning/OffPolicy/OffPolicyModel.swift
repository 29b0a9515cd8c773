import Environments
import Networks

/// A policy, one or two critics that value an action in an observation, and their targets, whose parameters are blocks of one
/// vector: first what is trained (the policy, the critics, other numbers), then the targets.
package struct OffPolicyModel: Sendable {
  /// A network's parameters among those of the model.
  package struct Network: Sendable {
    package let shape: MLPShape
    package let range: Range<Int>
    /// Where the parameters are that follow them; nil where there are none.
    package let target: Range<Int>?
  }

  /// The policy as it acts; it follows `parameters` when they are published.
  package private(set) var policy: NetworkPolicy
  package var parameters: ParameterSet
  /// The policy's network alone.
  package let actors: [Network]
  /// Their inputs are the critic's columns of the observation, then the action.
  package let critics: [Network]
  /// The part of the vector that is trained.
  package let trained: Range<Int>
  /// The parameters of all critics.
  package let criticRange: Range<Int>
  /// The trained networks' parameters with each layer's weights transposed, for backward passes.
  var transposed: [Float]
  /// Of the policy's columns.
  private(set) var policyScaling: Scaling
  /// Of the critic's columns and the action.
  private(set) var criticScaling: Scaling

  /// What the blocks of the critics and of their targets are called.
  static let criticNames = ["critic", "critic_2"]

  /// - Parameters:
  ///   - critics: one or two.
  ///   - extra: another number that is trained, by name.
  ///   - hasTargetPolicy: whether a target network follows the policy.
  package init(
    policy: NetworkPolicy, critics: [MLP], extra: (name: String, value: Float)?, hasTargetPolicy: Bool
  ) {
    self.policy = policy
    var parameters = ParameterSet()
    let policyRange = parameters.append("policy", policy.network.parameters)
    let ranges = zip(Self.criticNames, critics).map { parameters.append($0, $1.parameters) }
    if let extra { parameters.append(extra.name, [extra.value]) }
    trained = 0..<parameters.count
    criticRange = policyRange.upperBound..<(ranges.last?.upperBound ?? policyRange.upperBound)
    actors = [
      Network(
        shape: policy.network.shape, range: policyRange,
        target: hasTargetPolicy ? parameters.append("target_policy", policy.network.parameters) : nil)
    ]
    var networks: [Network] = []
    for (i, critic) in critics.enumerated() {
      let target = parameters.append("target_\(Self.criticNames[i])", critic.parameters)
      networks.append(Network(shape: critic.shape, range: ranges[i], target: target))
    }
    self.critics = networks
    transposed = Array(repeating: 0, count: criticRange.upperBound)
    self.parameters = parameters
    policyScaling = .identity(columns: policy.spec.policyColumns.count)
    criticScaling = .identity(columns: policy.spec.criticColumns.count + policy.spec.actionCount)
    transposeAll()
  }

  package var policyNetwork: Network { actors[0] }

  /// The critics with their parameters.
  package var criticNetworks: [MLP] {
    critics.map { MLP(shape: $0.shape, parameters: Array(parameters.values[$0.range])) }
  }

  /// Brings all that follows from the parameters up to date, after they changed otherwise than by gradient steps.
  mutating func transposeAll() {
    // Moved out while they are written, so that their span and other members do not overlap.
    let values = parameters.values
    var transposed = exchange(&self.transposed, with: [])
    defer { self.transposed = transposed }
    var all = transposed.mutableSpan
    for network in critics + actors {
      var part = all._mutatingExtracting(network.range)
      network.shape.writeTransposed(values.span.extracting(network.range), into: &part, includesFirst: true)
    }
  }

  /// Makes the policy act by the present parameters.
  mutating func publish() { parameters.copy(policyNetwork.range, to: &policy.network.parameters) }

  /// Takes over statistics of all observation columns.
  mutating func setNormalizer(_ normalizer: Normalizer) {
    let spec = policy.spec
    guard policy.observationClip > 0 else { return }
    policy.setNormalizer(normalizer.selecting(spec.policyColumns))
    policyScaling = normalizer.scaling(of: spec.policyColumns, clip: policy.observationClip)
    criticScaling = normalizer.scaling(of: spec.criticColumns, clip: policy.observationClip)
    // Actions are within −1…1 as they are.
    criticScaling.mean += Array(repeating: 0, count: spec.actionCount)
    criticScaling.scale += Array(repeating: 1, count: spec.actionCount)
  }
}
