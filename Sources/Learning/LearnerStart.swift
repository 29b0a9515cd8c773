import Environments
import Networks
import Storage

/// What a training starts from: a trained policy and, as far as its file has them, the value network or the critics, the
/// optimizer's moments and the learning rate of the training that made it.
///
/// Without the value network, advantages are noise at first, and an optimizer without moments takes steps of full size
/// along that noise: either ruins a policy that is already good.
public struct LearnerStart: Sendable {
  /// A value network with the statistics that its inputs and outputs are scaled by.
  struct Value: Sendable {
    var network: ValueNetwork
    /// Of the returns.
    var returns: Normalizer
    /// Of all observation columns.
    var observations: Normalizer
  }

  public private(set) var policy: NetworkPolicy
  var value: Value?
  /// Networks that value an action in an observation; empty where there are none.
  var critics: [MLP] = []
  /// Statistics of all observation columns, where critics come along.
  var observations: Normalizer?
  /// Moments of the policy's and of the value network's parameters.
  var adam: Adam?
  /// The rate of the last update; nil where it is not known.
  public internal(set) var learningRate: Double?

  /// Widths of the value network's hidden layers; nil where there is none, as in files of earlier versions, or where it
  /// shares the policy's.
  public var valueLayers: [Int]? {
    value.flatMap { $0.network.input == .policyFeatures ? nil : Array($0.network.layers.sizes.dropFirst().dropLast()) }
  }

  /// Whether the value network shares the policy's hidden layers.
  var sharesTrunk: Bool { value?.network.input == .policyFeatures }

  /// Widths of the critics' hidden layers; nil where there are no critics.
  var criticLayers: [Int]? { critics.first.map { Array($0.sizes.dropFirst().dropLast()) } }

  public init(_ policy: NetworkPolicy) { self.policy = policy }

  /// The same for an env that shows the policy the same and takes the same from it. The value network comes along if it
  /// is shown the same as well.
  ///
  /// - Throws: `LearningError` if the policy's observations or actions do not fit.
  package func moved(to spec: EnvSpec) throws -> LearnerStart {
    var moved = self
    moved.policy = try policy.moved(to: spec)
    let columns = { (spec: EnvSpec) in spec.observations.map { "\($0.name) \($0.count) \($0.audience)" } }
    if columns(policy.spec) != columns(spec) {
      (moved.value, moved.adam) = (nil, nil)
      (moved.critics, moved.observations) = ([], nil)
    }
    return moved
  }

  /// Sets the standard deviation of all actions of a Gaussian, in normalized units; it must be above the policy's floor.
  package mutating func setStd(_ std: Double) {
    guard let raw = policy.distribution.floor?.raw(std: std) else { return }
    policy.updateRawLogStd { for i in $0.indices { $0[i] = raw } }
  }
}

// MARK: Files

extension LearnerStart {
  /// Adds all of it to `file`.
  public func save(to file: inout TensorFile) {
    policy.save(to: &file)
    if let value {
      value.network.save(to: &file)
      value.returns.save(to: &file, as: "value.normalizer")
      value.observations.save(to: &file, as: "observations.normalizer")
    }
    if let critic = critics.first, let observations {
      file.metadata["critic_layers"] = JSON.array(critic.sizes.map(JSON.whole)).line
      file.metadata["critic_activation"] = critic.activation.rawValue
      for (name, critic) in zip(OffPolicyModel.criticNames, critics) { critic.save(to: &file, as: name) }
      observations.save(to: &file, as: "observations.normalizer")
    }
    if let learningRate { file.set("learning_rate", .float64([learningRate])) }
    if let adam {
      file.set("adam.first", .float32(adam.first))
      file.set("adam.second", .float32(adam.second))
      file.set("adam.steps", .int64([Int64(adam.steps)]))
    }
  }

  /// What a policy file or a training state has of it.
  ///
  /// - Throws: `LearningError` if the file holds no policy, or something that is damaged.
  public init(from file: TensorFile) throws {
    policy = try NetworkPolicy(from: file)
    let spec = policy.spec
    if let network = try ValueNetwork(from: file, policy: policy) {
      var observations = try Normalizer(
        from: file, as: "observations.normalizer", columns: spec.observationCount)
      observations.rule = policy.normalizer.rule
      value = Value(
        network: network, returns: try Normalizer(from: file, as: "value.normalizer", columns: 1),
        observations: observations)
    }
    if let text = file.metadata["critic_layers"] {
      guard let activation = Activation(rawValue: file.metadata["critic_activation"] ?? ""),
        let sizes = try JSON(Array(text.utf8)[...]).array?.map({ $0.int ?? 0 }),
        sizes.first == spec.criticColumns.count + spec.actionCount, sizes.last == 1
      else { throw LearningError("the description of its critics is damaged") }
      for name in OffPolicyModel.criticNames where file.tensors["\(name).0.weight"] != nil {
        critics.append(try MLP(from: file, as: name, sizes: sizes, activation: activation))
      }
      observations = try Normalizer(from: file, as: "observations.normalizer", columns: spec.observationCount)
      observations?.rule = policy.normalizer.rule
    }
    if file.tensors["learning_rate"] != nil {
      let rate = try file.doubles("learning_rate", shape: [1])[0]
      guard (0...1).contains(rate) else { throw LearningError("its learning rate is \(rate)") }
      learningRate = rate
    }
    if let value, file.tensors["adam.first"] != nil {
      let memories = [policy.memory, value.network.memory].reduce(0) { $0 + ($1?.parameters.count ?? 0) }
      let layers = policy.network.parameters.count + value.network.layers.parameters.count
      adam = try Adam(from: file, count: layers + memories + policy.rawLogStd.count)
    }
  }
}

extension Adam {
  /// The moments in a training state or in the file of a start.
  init(from file: TensorFile, count: Int) throws {
    self.init(count: count)
    first = try file.finiteFloats("adam.first", count: count)
    second = try file.finiteFloats("adam.second", count: count)
    let steps =
      if file.tensors["adam.steps"] != nil { try file.integers("adam.steps", shape: [1])[0] } else {
        try file.integers("counters", shape: [3])[2]
      }
    guard (0...1 << 60).contains(steps), second.allSatisfy({ $0 >= 0 }) else {
      throw LearningError("the optimizer's state is out of range")
    }
    self.steps = Int(steps)
  }
}
