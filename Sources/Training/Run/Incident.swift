/// Something that went wrong in a training and was handled.
public enum Incident: Sendable {
  /// An env step failed, and its env was restarted.
  case fault(Fault)
  /// The learner went back to its last good state after `step` env steps, with half the learning rate.
  case rollback(reason: String, step: Int)

  public struct Fault: Sendable {
    public let env: Int
    /// Env steps that the training had taken.
    public let step: Int
    public let reason: String
    /// Faults of the training so far.
    public let total: Int
    /// The file that repeats it; nil once a run has enough of them.
    public let file: String?
  }
}
