/// When a training writes a checkpoint: every few seconds, unless that took more than a twentieth of its time.
package struct SavingRhythm: Sendable, Equatable {
  /// Seconds of training after which a checkpoint is due; below five, because iterations come in whole ones.
  package static let interval = 4.0
  /// How many times what a checkpoint costs must pass before the next.
  package static let patience = 20.0

  private var lastTime = 0.0
  private var cost = 0.0

  package init() {}

  package func isDue(after trainingSeconds: Double) -> Bool {
    trainingSeconds - lastTime >= max(Self.interval, Self.patience * cost)
  }

  package mutating func saved(after trainingSeconds: Double, taking seconds: Double) {
    lastTime = trainingSeconds
    cost = seconds
  }
}
