import Environments

extension Recovery {
  /// The last sound state is written where it is another than the present one.
  func save(to file: inout TensorFile, faults: Int) {
    file.set(
      "recovery.counters", .int64([faults, unsoundIterations, rollbacks, rollbacksInARow].map { Int64($0) }))
    file.set("recovery.rate", .float64([rateScale, lastSound.learningRate]))
    guard unsoundIterations > 0 else { return }
    file.set("recovery.policy", .float32(lastSound.policy))
    file.set("recovery.raw_log_std", .float32(lastSound.rawLogStd))
    file.set("recovery.value", .float32(lastSound.value))
    file.set("recovery.adam.first", .float32(lastSound.adam.first))
    file.set("recovery.adam.second", .float32(lastSound.adam.second))
    file.set("recovery.adam.steps", .int64([Int64(lastSound.adam.steps)]))
    lastSound.observations.save(to: &file, as: "recovery.observations.normalizer")
    lastSound.returns.save(to: &file, as: "recovery.value.normalizer")
  }

  /// What `save(to:faults:)` wrote.
  ///
  /// - Parameter state: the state that the file holds beside it, which gives the shapes as well.
  static func restored(
    from file: TensorFile, beside state: LearnedState
  ) throws(LearningError) -> (recovery: Recovery, faults: Int) {
    var recovery = Recovery(state)
    let counters = try file.integers("recovery.counters", shape: [4]).map { Int($0) }
    let rates = try file.doubles("recovery.rate", shape: [2])
    guard counters.allSatisfy({ (0...1 << 53).contains($0) }), rates.allSatisfy({ (0...1).contains($0) }) else {
      throw LearningError("its record of faults is out of range")
    }
    (recovery.unsoundIterations, recovery.rollbacks, recovery.rollbacksInARow) = (counters[1], counters[2], counters[3])
    recovery.rateScale = rates[0]
    recovery.lastSound.learningRate = rates[1]
    guard recovery.unsoundIterations > 0 else { return (recovery, counters[0]) }
    recovery.lastSound.policy = try file.finiteFloats("recovery.policy", count: state.policy.count)
    recovery.lastSound.rawLogStd = try file.finiteFloats("recovery.raw_log_std", count: state.rawLogStd.count)
    recovery.lastSound.value = try file.finiteFloats("recovery.value", count: state.value.count)
    recovery.lastSound.adam.first = try file.finiteFloats("recovery.adam.first", count: state.adam.first.count)
    recovery.lastSound.adam.second = try file.finiteFloats("recovery.adam.second", count: state.adam.second.count)
    let steps = try file.integers("recovery.adam.steps", shape: [1])[0]
    guard (0...1 << 53).contains(steps) else { throw LearningError("its record of faults is out of range") }
    recovery.lastSound.adam.steps = Int(steps)
    recovery.lastSound.observations = try Normalizer(
      from: file, as: "recovery.observations.normalizer", columns: state.observations.columns)
    recovery.lastSound.observations.rule = state.observations.rule
    recovery.lastSound.returns = try Normalizer(from: file, as: "recovery.value.normalizer", columns: 1)
    return (recovery, counters[0])
  }
}

extension TensorFile {
  /// The single-precision vector `name` of `count` numbers, all of which must be finite.
  func finiteFloats(_ name: String, count: Int) throws(LearningError) -> [Float] {
    let values = try floats(name, shape: [count])
    guard values.allSatisfy(\.isFinite) else { throw LearningError("the tensor '\(name)' is not finite") }
    return values
  }
}
