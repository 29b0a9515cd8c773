/// What a training has spent its time on, s.
public struct TrainingClock: Sendable, Equatable {
  public internal(set) var training = 0.0
  public internal(set) var evaluation = 0.0
  public internal(set) var checkpoints = 0.0
  /// The doctor, tables, TensorBoard's events and what is shown.
  public internal(set) var logging = 0.0

  /// What would be lost without checkpoints.
  var work: Double { training + evaluation }
}
