import Environments

extension PPO {
  /// The value network goes along, the optimizer's moments do not: they would double the file.
  public func savePolicy(to file: inout TensorFile) {
    var start = LearnerStart(policy)
    start.value = LearnerStart.Value(
      network: valueNetwork, returns: weights.critic.normalizer, observations: normalizer)
    start.learningRate = learningRate
    start.save(to: &file)
  }

  public func save(to file: inout TensorFile) throws {
    savePolicy(to: &file)
    file.metadata["learner"] = "PPO"
    file.set("adam.first", .float32(adam.first))
    file.set("adam.second", .float32(adam.second))
    file.set("counters", .int64([Int64(iteration), Int64(steps), Int64(adam.steps)]))
    var writer = StateWriter()
    random.save(to: &writer)
    file.set("learner.random", .uint8(writer.bytes))
    recovery.save(to: &file, faults: faults)
  }

  /// Sees that `file` holds networks of the shapes that a learner with these settings would have, before it is made.
  ///
  /// - Parameter start: what it would set out from, if not from a fresh policy.
  /// - Throws: `LearningError` if it does not.
  package static func check(
    _ file: TensorFile, spec: EnvSpec, settings: PPOSettings, start: LearnerStart?
  ) throws(LearningError) {
    let fresh = [spec.policyColumns.count] + settings.hiddenLayers + [spec.actionCount]
    try MLP.check(file, holds: "policy", sizes: start?.policy.network.sizes ?? fresh)
    try MLP.check(file, holds: "value", sizes: [spec.criticColumns.count] + settings.valueLayers + [1])
  }

  /// - Throws: `LearningError` if the file is not of a PPO for the same env and with networks of the same shape; the
  ///   learner is then as it was.
  public mutating func restore(from file: TensorFile) throws {
    let policy = try GaussianPolicy(from: file)
    guard policy.spec == self.policy.spec else { throw LearningError("it was trained in another kind of env") }
    guard policy.network.sizes == self.policy.network.sizes, policy.network.activation == self.policy.network.activation
    else {
      throw LearningError(
        "its policy has the layers \(policy.network.sizes) with \(policy.network.activation.rawValue); the settings ask "
          + "for \(self.policy.network.sizes) with \(self.policy.network.activation.rawValue)")
    }
    var critic = weights.critic
    try critic.network.restore(from: file, as: "value")
    critic.normalizer = try Normalizer(from: file, as: "value.normalizer", columns: 1)
    critic.updateUnits()
    var normalizer = try Normalizer(
      from: file, as: "observations.normalizer", columns: policy.spec.observationCount)
    normalizer.rule = policy.normalizer.rule
    let adam = try Adam(from: file, count: adam.first.count)
    let counters = try file.integers("counters", shape: [3]).map { Int($0) }
    guard counters.allSatisfy({ (0...1 << 53).contains($0) }) else {
      throw LearningError("its counters are out of range")
    }
    let rate = try file.doubles("learning_rate", shape: [1])[0]
    guard (0...1).contains(rate) else { throw LearningError("its learning rate is \(rate)") }
    var reader = StateReader(try file.bytes("learner.random"))
    var random = random
    do { try random.restore(from: &reader) } catch { throw LearningError("its random stream is damaged") }
    guard reader.isAtEnd else { throw LearningError("its random stream is damaged") }

    let restored = Weights(policy: policy, critic: critic)
    (recovery, faults) = try Recovery.restored(
      from: file, beside: LearnedState(weights: restored, adam: adam, normalizer: normalizer, learningRate: rate))
    weights = restored
    self.normalizer = normalizer
    self.adam = adam
    self.random = random
    (iteration, steps, learningRate) = (counters[0], counters[1], rate)
    if iteration > 0 { firstUnseenColumn = nil }
    freezeStatistics()
  }
}
