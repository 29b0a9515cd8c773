/// When a training writes a checkpoint: every few seconds, unless that took more than a twentieth of its time.
struct SavingRhythm: Sendable, Equatable {
  /// Seconds of training after which a checkpoint is due; below five, because iterations come in whole ones.
  static let interval = 4.0
  /// How many times what a checkpoint costs must pass before the next.
  static let patience = 20.0

  private var lastTime = 0.0
  private var cost = 0.0

  func isDue(at clock: TrainingClock) -> Bool {
    clock.training - lastTime >= max(Self.interval, Self.patience * cost)
  }

  mutating func saved(at clock: TrainingClock, taking seconds: Double) {
    lastTime = clock.training
    cost = seconds
  }
}
