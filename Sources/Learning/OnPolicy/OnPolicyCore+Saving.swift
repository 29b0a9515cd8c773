import Environments
import Networks
import Storage

extension OnPolicyCore {
  /// The version of the samples' streams in training states; those of version 1 drew minibatches from all samples at once.
  private static let version = 2
  /// What the statistics of the last sound state are called.
  private static let statistics = ["observations", "value"]

  /// Adds the policy to `file`, with the value network and the statistics. The optimizer's moments are left out: they
  /// would double the file.
  package func savePolicy(to file: inout TensorFile) {
    var start = LearnerStart(policy)
    start.value = LearnerStart.Value(
      network: model.valueNetwork, returns: model.critic.normalizer, observations: normalizer)
    start.learningRate = learningRate
    start.save(to: &file)
  }

  /// Adds everything that the next iteration depends on.
  package func save(to file: inout TensorFile) {
    savePolicy(to: &file)
    file.metadata["state_version"] = "\(Self.version)"
    file.set("adam.first", .float32(adam.first))
    file.set("adam.second", .float32(adam.second))
    file.set("counters", .int64([Int64(iteration), Int64(steps), Int64(adam.steps)]))
    var writer = StateWriter()
    for shard in shards { shard.state.withLock { $0.random.save(to: &writer) } }
    file.set("learner.random", .uint8(writer.bytes))
    if model.critic.memory != nil { file.set("learner.value_memory", .float32(valueMemory)) }
    recovery.save(to: &file, faults: faults, statistics: Self.statistics)
  }

  /// Reads back what `save(to:)` added.
  ///
  /// - Throws: `LearningError` if the file is for another env or holds networks of another shape; nothing is changed then.
  package mutating func restore(from file: TensorFile) throws {
    guard file.metadata["state_version"] == "\(Self.version)" else {
      throw LearningError(
        "an earlier version wrote it, which drew minibatches otherwise; a new run can start from its policy with --init"
      )
    }
    let policy = try NetworkPolicy(from: file)
    guard policy.spec == self.policy.spec else { throw LearningError("it was trained in another kind of env") }
    guard policy.network.shape == self.policy.network.shape, policy.memory?.shape == self.policy.memory?.shape,
      policy.distribution == self.policy.distribution
    else {
      throw LearningError(
        "its policy has the layers \(policy.network.sizes) with \(policy.network.activation.rawValue); the settings ask "
          + "for \(self.policy.network.sizes) with \(self.policy.network.activation.rawValue)")
    }
    var critic = model.critic
    guard let value = try ValueNetwork(from: file, policy: policy), value.hasLayers(of: model.valueNetwork) else {
      throw LearningError("its value network has other layers than the settings ask for")
    }
    critic.normalizer = try Normalizer(from: file, as: "value.normalizer", columns: 1)
    critic.updateUnits()
    var normalizer = try Normalizer(
      from: file, as: "observations.normalizer", columns: policy.spec.observationCount)
    normalizer.rule = policy.normalizer.rule
    var moments = try Adam(from: file, count: adam.first.count)
    moments.rule = settings.optimizer
    let adam = moments
    let counters = try file.integers("counters", shape: [3]).map { Int($0) }
    guard counters.allSatisfy({ (0...1 << 53).contains($0) }) else {
      throw LearningError("its counters are out of range")
    }
    let rate = try file.doubles("learning_rate", shape: [1])[0]
    guard (0...1).contains(rate) else { throw LearningError("its learning rate is \(rate)") }
    let streams = try randomStreams(in: file)

    let valueMemory = try savedValueMemory(in: file)
    let restored = ActorCritic(
      policy: policy, critic: critic, value: value.layers.parameters, valueMemory: value.memory?.parameters ?? [])
    (recovery, faults) = try Recovery.restored(
      from: file,
      beside: LearnedState(
        restored.parameters, optimizers: [adam], statistics: [normalizer, critic.normalizer], learningRate: rate),
      statistics: Self.statistics)
    model = restored
    self.valueMemory = valueMemory
    self.normalizer = normalizer
    self.adam = adam
    for (shard, random) in zip(shards, streams) { shard.state.withLock { $0.random = random } }
    (iteration, steps, learningRate) = (counters[0], counters[1], rate)
    if iteration > 0 { firstUnseenColumn = nil }
    freezeStatistics()
  }

  /// What the value network remembers of the episodes under way; its size is seen to when the envs are known.
  private func savedValueMemory(in file: TensorFile) throws -> [Float] {
    guard model.critic.memory != nil else { return [] }
    let name = "learner.value_memory"
    guard let count = file.tensors[name]?.shape.first else { throw LearningError("the tensor '\(name)' is missing") }
    let values = try file.floats(name, shape: [count])
    // A memory is a mean of hyperbolic tangents.
    guard values.allSatisfy({ abs($0) <= 1 }) else { throw LearningError("the tensor '\(name)' is out of range") }
    return values
  }

  private func randomStreams(in file: TensorFile) throws -> [Random] {
    var reader = StateReader(try file.bytes("learner.random"))
    var streams: [Random] = []
    do {
      for _ in shards {
        var random = Random(seed: 0)
        try random.restore(from: &reader)
        streams.append(random)
      }
    } catch { throw LearningError("its random streams are damaged") }
    guard reader.isAtEnd else { throw LearningError("its random streams are damaged") }
    return streams
  }
}
