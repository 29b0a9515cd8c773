import Environments
import Networks
import Storage

extension Recovery {
  /// The last sound state is written where it is another than the present one.
  ///
  /// - Parameter statistics: names of the state's statistics.
  func save(to file: inout TensorFile, faults: Int, statistics names: [String]) {
    file.set(
      "recovery.counters", .int64([faults, unsoundIterations, rollbacks, rollbacksInARow].map { Int64($0) }))
    file.set("recovery.rate", .float64([rateScale, lastSound.learningRate]))
    guard unsoundIterations > 0 else { return }
    file.set("recovery.parameters", .float32(lastSound.values))
    lastSound.optimizers.save(to: &file, as: "recovery.adam")
    for (name, statistics) in zip(names, lastSound.statistics) {
      statistics.save(to: &file, as: "recovery.\(name).normalizer")
    }
  }

  /// What `save(to:faults:statistics:)` wrote.
  ///
  /// - Parameter state: the state that the file holds beside it, which gives the shapes as well.
  static func restored(
    from file: TensorFile, beside state: LearnedState, statistics names: [String]
  ) throws -> (recovery: Recovery, faults: Int) {
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
    recovery.lastSound.values = try file.finiteFloats("recovery.parameters", count: state.values.count)
    recovery.lastSound.optimizers = try [Adam](
      from: file, as: "recovery.adam", like: state.optimizers)
    recovery.lastSound.statistics = try zip(names, state.statistics).map { name, present in
      var restored = try Normalizer(from: file, as: "recovery.\(name).normalizer", columns: present.columns)
      restored.rule = present.rule
      return restored
    }
    return (recovery, counters[0])
  }
}

extension [Adam] {
  /// Adds the moments of all, one behind the other, and their steps.
  func save(to file: inout TensorFile, as name: String) {
    file.set("\(name).first", .float32(flatMap(\.first)))
    file.set("\(name).second", .float32(flatMap(\.second)))
    file.set("\(name).steps", .int64(map { Int64($0.steps) }))
  }

  /// What `save(to:as:)` wrote for optimizers of the same rules with as many parameters each.
  init(from file: TensorFile, as name: String, like others: [Adam]) throws {
    let total = others.reduce(0) { $0 + $1.first.count }
    let first = try file.finiteFloats("\(name).first", count: total)
    let second = try file.finiteFloats("\(name).second", count: total)
    let steps = try file.integers("\(name).steps", shape: [others.count])
    guard steps.allSatisfy({ (0...1 << 53).contains($0) }), second.allSatisfy({ $0 >= 0 }) else {
      throw LearningError("the optimizer's state is out of range")
    }
    self = []
    var start = 0
    for (other, taken) in zip(others, steps) {
      let range = start..<start + other.first.count
      var adam = other
      adam.first = [Float](first[range])
      adam.second = [Float](second[range])
      adam.steps = Int(taken)
      append(adam)
      start = range.upperBound
    }
  }
}
