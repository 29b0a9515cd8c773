import Environments
import Networks
import Storage

/// The policy and the value network that an on-policy learner starts with.
package struct OnPolicyNetworks: Sendable, Equatable {
  /// Widths of the policy's hidden layers.
  package var hiddenLayers: [Int]
  /// Widths of the value network's hidden layers.
  package var valueLayers: [Int]
  package var activation: Activation
  /// The scale of the policy's first output weights.
  package var outputGain: Double
  /// The first standard deviation of a Gaussian, in normalized units, and its floor.
  package var initialStd: Double
  package var minStd: Double
  /// Where normalized observations are clipped; 0 uses them as they are.
  package var observationClip: Double
  /// Numbers in each network's memory; 0 for networks without one.
  package var memoryWidth = 0
  /// Whether the value network is one more output of the policy's hidden layers.
  package var sharesTrunk = false
  /// Whether the value network reads the action as well.
  package var valuesActions = false

  /// The distribution of a policy for such envs: a Gaussian, or choices where the env takes those.
  package func distribution(for spec: EnvSpec) -> ActionDistribution {
    spec.isDiscrete
      ? .categorical(choices: spec.choiceCounts) : .gaussian(actions: spec.actionCount, minStd: minStd)
  }

  /// Widths of the policy's layers, from its input to its output.
  package func policySizes(for spec: EnvSpec) -> [Int] {
    [memoryWidth > 0 ? memoryWidth : spec.policyColumns.count] + hiddenLayers + [distribution(for: spec).outputCount]
  }

  /// Widths of the value network's layers, from its input to its output.
  package func valueSizes(for spec: EnvSpec) -> [Int] {
    if sharesTrunk { return [policySizes(for: spec)[hiddenLayers.count], 1] }
    let action = valuesActions ? distribution(for: spec).encodedCount : 0
    return [memoryWidth > 0 ? memoryWidth : spec.criticColumns.count + action] + valueLayers + [1]
  }

  /// The shape of a memory of `columns` columns; nil for networks without one.
  ///
  /// - Throws: `NetworkError` if a size is out of range.
  fileprivate func memoryShape(of columns: Range<Int>) throws -> GRUShape? {
    memoryWidth > 0 ? try GRUShape(inputCount: columns.count, width: memoryWidth) : nil
  }

  /// A fresh policy.
  ///
  /// - Throws: `NetworkError` if a layer or a deviation is out of range.
  package func makePolicy(for spec: EnvSpec, using random: inout Random) throws -> NetworkPolicy {
    let distribution = distribution(for: spec)
    let network = try MLP(
      sizes: policySizes(for: spec), activation: activation, outputGain: outputGain, using: &random)
    let memory = try memoryShape(of: spec.policyColumns).map { GRU(shape: $0, using: &random) }
    let raw = distribution.floor.map { Array(repeating: $0.raw(std: initialStd), count: spec.actionCount) }
    return try NetworkPolicy(
      spec: spec, memory: memory, network: network, distribution: distribution, rawLogStd: raw ?? [],
      normalizer: Normalizer(columns: spec.policyColumns.count), observationClip: observationClip)
  }

  /// A fresh value network.
  ///
  /// - Throws: `NetworkError` if a layer is out of range.
  package func makeValueNetwork(for spec: EnvSpec, using random: inout Random) throws -> ValueNetwork {
    let layers = try MLP(sizes: valueSizes(for: spec), activation: activation, outputGain: 1, using: &random)
    guard !sharesTrunk else { return ValueNetwork(layers, reading: .policyFeatures) }
    guard let shape = try memoryShape(of: spec.criticColumns) else {
      return ValueNetwork(layers, reading: valuesActions ? .observationsAndAction : .observations)
    }
    return ValueNetwork(layers, reading: GRU(shape: shape, using: &random))
  }
}

extension OnPolicyCore {
  /// The shared part of a learner with fresh networks, or of one that goes on from `start`.
  ///
  /// - Throws: `NetworkError` if a network cannot be made.
  package init(
    spec: EnvSpec, from start: LearnerStart?, networks: OnPolicyNetworks, settings: OnPolicySettings,
    learningRate: Double, seed: UInt64
  ) throws {
    var random = Random(seed: seed, stream: Self.stream)
    let start = try start ?? LearnerStart(networks.makePolicy(for: spec, using: &random))
    let value = try networks.makeValueNetwork(for: start.policy.spec, using: &random)
    self.init(start, value: value, settings: settings, learningRate: learningRate, seed: seed)
  }

  /// Sees that `file` holds networks of these shapes, before they are made.
  ///
  /// - Parameter start: what the learner would start from, if not from a fresh policy.
  /// - Throws: `StorageError` if it does not.
  package static func check(
    _ file: TensorFile, spec: EnvSpec, networks: OnPolicyNetworks, start: LearnerStart?
  ) throws {
    try MLP.check(file, holds: "policy", sizes: start?.policy.network.sizes ?? networks.policySizes(for: spec))
    let policyMemory = start == nil ? try networks.memoryShape(of: spec.policyColumns) : start?.policy.memory?.shape
    if let policyMemory { try GRU.check(file, holds: NetworkPolicy.memoryName, shape: policyMemory) }
    try ValueNetwork.check(
      file, sizes: networks.valueSizes(for: spec),
      memory: networks.sharesTrunk ? nil : networks.memoryShape(of: spec.criticColumns))
  }
}
