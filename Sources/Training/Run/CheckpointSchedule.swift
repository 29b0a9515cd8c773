/// When a training writes a checkpoint: every few seconds, unless that took more than a twentieth of its time.
package struct CheckpointSchedule: Sendable, Equatable {
  /// How many times what a checkpoint costs must pass before the next.
  package static let patience = 20.0

  /// Seconds after which a checkpoint is due; 0 asks for one after every iteration, whatever it costs.
  private let interval: Double
  private var lastTime: Double
  private var cost = 0.0

  /// - Parameters:
  ///   - interval: seconds between two checkpoints.
  ///   - start: seconds the training has taken so far.
  package init(interval: Double, start: Double = 0) {
    self.interval = interval
    lastTime = start
  }

  package func isDue(after seconds: Double) -> Bool {
    interval == 0 || seconds - lastTime >= max(interval, Self.patience * cost)
  }

  package mutating func saved(after seconds: Double, taking cost: Double) {
    lastTime = seconds
    self.cost = cost
  }
}
