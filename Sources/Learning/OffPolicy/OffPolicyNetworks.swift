import Environments
import Networks
import Storage

/// What an off-policy learner's networks are like.
public struct OffPolicyNetworks: Sendable {
  /// How many critics there are: one or two.
  package var critics: Int
  /// Whether actions are drawn from a squashed Gaussian; otherwise they are tanh of the outputs.
  package var isStochastic: Bool
  /// Whether a target network follows the policy.
  package var hasTargetPolicy: Bool
  /// Another number that is trained, by name.
  package var extra: (name: String, value: Float)?
  package var exploration: Exploration

  package func distribution(for spec: EnvSpec) -> ActionDistribution {
    isStochastic ? .squashedGaussian(actions: spec.actionCount) : .deterministic(actions: spec.actionCount)
  }

  /// Widths of the policy's layers, from its input to its output.
  private func policySizes(for spec: EnvSpec, _ settings: OffPolicySettings) -> [Int] {
    [spec.policyColumns.count] + settings.hiddenLayers + [distribution(for: spec).outputCount]
  }

  /// Widths of a critic's layers, from its input to its output.
  private func criticSizes(for spec: EnvSpec, _ settings: OffPolicySettings) -> [Int] {
    [spec.criticColumns.count + spec.actionCount] + settings.valueLayers + [1]
  }

  /// A fresh policy.
  ///
  /// - Throws: `NetworkError` if a layer is out of range.
  package func makePolicy(
    for spec: EnvSpec, _ settings: OffPolicySettings, using random: inout Random
  ) throws -> NetworkPolicy {
    let network = try MLP(
      sizes: policySizes(for: spec, settings), activation: settings.activation, outputGain: settings.outputGain,
      using: &random)
    return try NetworkPolicy(
      spec: spec, network: network, distribution: distribution(for: spec),
      normalizer: Normalizer(columns: spec.policyColumns.count),
      observationClip: settings.normalizeObservations ? settings.observationClip : 0)
  }

  /// Fresh critics.
  ///
  /// - Throws: `NetworkError` if a layer is out of range.
  package func makeCritics(
    for spec: EnvSpec, _ settings: OffPolicySettings, using random: inout Random
  ) throws -> [MLP] {
    var networks: [MLP] = []
    for _ in 0..<critics {
      networks.append(
        try MLP(
          sizes: criticSizes(for: spec, settings), activation: settings.activation, outputGain: 1, using: &random))
    }
    return networks
  }

  /// Sees that `file` holds networks of these shapes, before they are made.
  ///
  /// - Parameter start: what the learner would start from, if not from a fresh policy.
  /// - Throws: `StorageError` if it does not.
  package func check(
    _ file: TensorFile, spec: EnvSpec, _ settings: OffPolicySettings, start: LearnerStart?
  ) throws {
    try MLP.check(file, holds: "policy", sizes: start?.policy.network.sizes ?? policySizes(for: spec, settings))
    for name in OffPolicyModel.criticNames.prefix(critics) {
      try MLP.check(file, holds: name, sizes: criticSizes(for: spec, settings))
    }
  }
}
