/// Everything that learning changes, but for counters and random numbers.
struct LearnedState: Sendable {
  var policy: [Float]
  var rawLogStd: [Float]
  var value: [Float]
  var adam: Adam
  /// Of all observation columns.
  var observations: Normalizer
  /// Of the returns; the value network's units follow from it.
  var returns: Normalizer
  var learningRate: Double

  init(weights: borrowing Weights, adam: Adam, normalizer: Normalizer, learningRate: Double) {
    policy = weights.policy.network.parameters
    rawLogStd = weights.policy.rawLogStd
    value = weights.critic.network.parameters
    self.adam = adam
    observations = normalizer
    returns = weights.critic.normalizer
    self.learningRate = learningRate
  }

  /// Takes over the present numbers without allocating, and without sharing memory that an update would then have to copy.
  mutating func update(weights: borrowing Weights, adam: borrowing Adam, normalizer: Normalizer, learningRate: Double) {
    policy.overwrite(with: weights.policy.network.parameters)
    rawLogStd.overwrite(with: weights.policy.rawLogStd)
    value.overwrite(with: weights.critic.network.parameters)
    self.adam.first.overwrite(with: adam.first)
    self.adam.second.overwrite(with: adam.second)
    self.adam.steps = adam.steps
    observations = normalizer
    returns = weights.critic.normalizer
    self.learningRate = learningRate
  }
}

/// What a learner does about numbers that are not finite.
///
/// An iteration is sound if every minibatch had a finite loss and gradient and all that was learned is finite.
struct Recovery: Sendable {
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
}

extension PPO {
  /// Looks at what an iteration has learned: keeps it, waits, or goes back to the last sound one with half the learning
  /// rate.
  ///
  /// - Throws: `LearningError` if going back has not helped again and again.
  mutating func recover(_ report: inout IterationReport) throws(LearningError) {
    guard let complaint = complaint(about: report) else {
      recovery.unsoundIterations = 0
      recovery.rollbacksInARow = 0
      recovery.lastSound.update(weights: weights, adam: adam, normalizer: normalizer, learningRate: learningRate)
      return
    }
    recovery.unsoundIterations += 1
    guard recovery.unsoundIterations >= Recovery.patience || !isFinite else { return }
    guard recovery.rollbacksInARow < Recovery.mostRollbacksInARow else {
      throw LearningError(
        "nothing can be learned: \(complaint), and going back to the last sound state with half the learning rate has not "
          + "helped \(Recovery.mostRollbacksInARow) times in a row; look at what the env shows and pays, and at "
          + "ppo.learning_rate")
    }
    rollBack()
    report.rollback = complaint
  }

  /// Why what was learned in an iteration cannot be built on; nil if it can.
  private func complaint(about report: borrowing IterationReport) -> String? {
    if !isFinite { return "a weight was no longer finite" }
    if batch.rows == 0 {
      return "every env step broke down" + (report.faultRecords.first.map { ": \($0.reason)" } ?? "")
    }
    guard report.skippedMinibatches > 0 else { return nil }
    return
      "minibatches had a loss or a gradient that was not finite (\(report.skippedMinibatches) in the last iteration)"
  }

  /// Whether all that is learned is finite.
  private var isFinite: Bool {
    [
      weights.policy.network.parameters, weights.policy.rawLogStd, weights.critic.network.parameters, adam.first,
      adam.second,
    ].allSatisfy { squaredNorm($0).isFinite }
  }

  private mutating func rollBack() {
    recovery.unsoundIterations = 0
    recovery.rollbacks += 1
    recovery.rollbacksInARow += 1
    recovery.rateScale /= 2
    recovery.lastSound.learningRate /= 2
    let state = recovery.lastSound
    weights.policy.network.parameters = state.policy
    weights.policy.updateRawLogStd { $0 = state.rawLogStd }
    weights.critic.network.parameters = state.value
    weights.critic.normalizer = state.returns
    weights.critic.updateUnits()
    adam = state.adam
    normalizer = state.observations
    learningRate = state.learningRate
    freezeStatistics()
  }
}

extension [Float] {
  fileprivate mutating func overwrite(with other: [Float]) { for i in indices { self[i] = other[i] } }
}
