import Environments
import Networks
import Storage

extension OffPolicyCore {
  /// The version of training states.
  private static let version = 1
  /// What the statistics of the last sound state are called.
  private static let statistics = ["observations"]

  /// Adds the policy to `file`, with the critics and the statistics.
  package func savePolicy(to file: inout TensorFile) {
    var start = LearnerStart(policy)
    start.critics = model.criticNetworks
    start.observations = normalizer
    start.learningRate = learningRate
    start.save(to: &file)
  }

  /// Adds everything that the next iteration depends on.
  ///
  /// - Parameter learner: the learner's name.
  /// - Throws: `StorageError` if the replay buffer cannot be written.
  package func save(to file: inout TensorFile, learner: String) throws {
    savePolicy(to: &file)
    file.metadata["learner"] = learner
    file.metadata["state_version"] = "\(Self.version)"
    let targets = Array(model.parameters.values[model.trained.upperBound...])
    file.set("targets", .float32(targets))
    if optimizers.count > 2 { file.set("extra", .float32([extra])) }
    optimizers.save(to: &file, as: "adam")
    file.set("counters", .int64([iteration, steps, updates].map { Int64($0) }))
    var writer = StateWriter()
    for shard in shards { shard.state.withLock { $0.random.save(to: &writer) } }
    file.set("learner.random", .uint8(writer.bytes))
    recovery.save(to: &file, faults: faults, statistics: Self.statistics)
    file.metadata["replay.envs"] = "\(window.envCount)"
    window.save(to: &file)
    if let store { try store.save(buffer, to: &file) } else { buffer.save(to: &file) }
  }

  /// Reads back what `save(to:learner:)` added.
  ///
  /// - Throws: `LearningError` if the file is another learner's, for another env, or holds networks of another shape;
  ///   nothing is changed then.
  package mutating func restore(from file: TensorFile, learner: String) throws {
    let writer = file.metadata["learner"] ?? "none"
    guard writer == learner else { throw LearningError("it is the training state of '\(writer)', not of '\(learner)'") }
    guard file.metadata["state_version"] == "\(Self.version)" else {
      throw LearningError("another version of this program wrote it")
    }
    let policy = try NetworkPolicy(from: file)
    guard policy.spec == self.policy.spec else { throw LearningError("it was trained in another kind of env") }
    guard policy.network.shape == self.policy.network.shape, policy.distribution == self.policy.distribution else {
      throw LearningError(
        "its policy has the layers \(policy.network.sizes) with \(policy.network.activation.rawValue); the settings ask "
          + "for \(self.policy.network.sizes) with \(self.policy.network.activation.rawValue)")
    }
    var values = policy.network.parameters
    for (name, var critic) in zip(OffPolicyModel.criticNames, model.criticNetworks) {
      try critic.restore(from: file, as: name)
      values += critic.parameters
    }
    if optimizers.count > 2 { values += try file.finiteFloats("extra", count: 1) }
    values += try file.finiteFloats("targets", count: model.parameters.count - model.trained.count)
    var normalizer = try Normalizer(
      from: file, as: "observations.normalizer", columns: policy.spec.observationCount)
    normalizer.rule = policy.normalizer.rule
    let optimizers = try [Adam](from: file, as: "adam", like: optimizers)
    let counters = try file.integers("counters", shape: [3]).map { Int($0) }
    guard counters.allSatisfy({ (0...1 << 53).contains($0) }) else {
      throw LearningError("its counters are out of range")
    }
    let rate = try file.doubles("learning_rate", shape: [1])[0]
    guard (0...1).contains(rate) else { throw LearningError("its learning rate is \(rate)") }
    let streams = try randomStreams(in: file)
    var parameters = model.parameters
    parameters.values = values
    let recovered = try Recovery.restored(
      from: file,
      beside: LearnedState(parameters, optimizers: optimizers, statistics: [normalizer], learningRate: rate),
      statistics: Self.statistics)
    let window = try restoredWindow(from: file)
    var buffer = buffer
    switch (file.metadata["replay"], store) {
    case ("files", let store?): try store.restore(&buffer, from: file)
    case ("files", nil): throw LearningError("its replay buffer is in the files beside it, whose folder is not known")
    default: try buffer.restore(from: file)
    }

    (recovery, faults) = recovered
    (self.window, self.buffer) = (window, buffer)
    model.parameters = parameters
    self.normalizer = normalizer
    self.optimizers = optimizers
    for (shard, random) in zip(shards, streams) { shard.state.withLock { $0.random = random } }
    (iteration, steps, updates, learningRate) = (counters[0], counters[1], counters[2], rate)
    refresh()
  }

  private func restoredWindow(from file: TensorFile) throws -> NStepWindow {
    let claimed = file.tensors["replay.window.counts"]?.values.count ?? 0
    guard file.metadata["replay.envs"] == "\(claimed)" else {
      throw LearningError("its incomplete transitions are damaged")
    }
    let size = claimed.multipliedReportingOverflow(by: settings.returnSteps * ReplayLayout(of: policy.spec).length)
    guard !size.overflow, size.partialValue <= Self.largestWindow else {
      throw LearningError("its incomplete transitions are of too many envs")
    }
    var window = NStepWindow(
      envCount: claimed, layout: ReplayLayout(of: policy.spec), steps: settings.returnSteps, discount: settings.discount
    )
    try window.restore(from: file)
    return window
  }

  /// Numbers that incomplete transitions may take.
  private static let largestWindow = 1 << 28

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
