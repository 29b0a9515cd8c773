import Networks

/// Everything that learning changes, except counters, random numbers and samples.
package struct LearnedState: Sendable {
  /// All parameters, those of target networks as well.
  var values: [Float]
  var optimizers: [Adam]
  /// Running statistics: of the observations' columns, then whatever else the learner normalizes.
  var statistics: [Normalizer]
  var learningRate: Double

  init(_ parameters: borrowing ParameterSet, optimizers: [Adam], statistics: [Normalizer], learningRate: Double) {
    values = parameters.values
    self.optimizers = optimizers
    self.statistics = statistics
    self.learningRate = learningRate
  }

  /// Takes over the present numbers without sharing memory that an update would then have to copy.
  mutating func update(
    _ parameters: borrowing ParameterSet, optimizers: [Adam], statistics: [Normalizer], learningRate: Double
  ) {
    values.overwrite(with: parameters.values)
    for i in self.optimizers.indices { self.optimizers[i].overwrite(with: optimizers[i]) }
    self.statistics = statistics
    self.learningRate = learningRate
  }
}

/// What a learner does about numbers that are not finite.
///
/// An iteration is sound if every minibatch had a finite loss and gradient and all that was learned is finite.
package struct Recovery: Sendable {
  /// Iterations in a row that may be unsound before learning goes back. A weight that is not finite is not waited for.
  static let patience = 3
  /// How often in a row learning may go back without a sound iteration in between.
  static let mostRollbacksInARow = 5

  /// As it was after the last sound iteration.
  var lastSound: LearnedState
  /// Iterations since then.
  var unsoundIterations = 0
  var rollbacks = 0
  var rollbacksInARow = 0
  /// What the schedule's learning rate is multiplied by: ½ for each rollback.
  var rateScale = 1.0

  init(_ state: LearnedState) { lastSound = state }

  /// Takes in that an iteration was sound; `lastSound` is then to be updated.
  mutating func noteSound() { (unsoundIterations, rollbacksInARow) = (0, 0) }

  /// Takes in that an iteration was not sound.
  ///
  /// - Parameters:
  ///   - complaint: why what was learned cannot be built on.
  ///   - isFinite: whether all that is learned is finite.
  /// - Returns: what to go back to now; nil to wait.
  /// - Throws: `LearningError` if going back has not helped again and again.
  mutating func noteUnsound(_ complaint: String, isFinite: Bool) throws(LearningError) -> LearnedState? {
    unsoundIterations += 1
    guard unsoundIterations >= Self.patience || !isFinite else { return nil }
    guard rollbacksInARow < Self.mostRollbacksInARow else {
      throw LearningError(
        "nothing can be learned: \(complaint), and going back to the last sound state with half the learning rate has not "
          + "helped \(Self.mostRollbacksInARow) times in a row; look at the env's observations and rewards, and at the "
          + "learning rate")
    }
    unsoundIterations = 0
    rollbacks += 1
    rollbacksInARow += 1
    rateScale /= 2
    lastSound.learningRate /= 2
    return lastSound
  }

  /// Why what was learned in an iteration cannot be built on; nil if it can.
  ///
  /// - Parameters:
  ///   - isFinite: whether all that is learned is finite.
  ///   - hasSamples: whether any env step was sound.
  static func complaint(
    about report: borrowing IterationReport, isFinite: Bool, hasSamples: Bool
  ) -> String? {
    if !isFinite { return "a weight was no longer finite" }
    if !hasSamples {
      return "every env step failed" + (report.faultReports.first.map { ": \($0.reason)" } ?? "")
    }
    guard report.skippedMinibatches > 0 else { return nil }
    return
      "minibatches had a loss or a gradient that was not finite (\(report.skippedMinibatches) in the last iteration)"
  }
}

extension Adam {
  /// Whether the moments are finite.
  var isFinite: Bool { squaredNorm(first).isFinite && squaredNorm(second).isFinite }

  /// Takes over the moments of `other` without allocating.
  fileprivate mutating func overwrite(with other: borrowing Adam) {
    first.overwrite(with: other.first)
    second.overwrite(with: other.second)
    steps = other.steps
  }
}

extension [Float] {
  fileprivate mutating func overwrite(with other: [Float]) { for i in indices { self[i] = other[i] } }
}
