import Environments
import Physics

/// What a robot is asked to do: how an episode starts, what is seen, what is rewarded and when it is over. Each env
/// has a copy of its own.
///
/// Names of slices and terms are given where the values are written; they must come in the same order every time.
public protocol RobotTask: Sendable {
  /// One line for `ppo-robot list`.
  var summary: String { get }
  /// Seconds after which an episode is truncated.
  var episodeSeconds: Double { get }
  /// Names of the reasons for which `judge` terminates an episode.
  var endings: [String] { get }
  /// Names of what `measure` writes.
  var metrics: [String] { get }

  /// What makes an episode a success.
  var success: Success { get }

  /// Looks up, once, the links and axes the task speaks of.
  mutating func prepare(for model: RobotModel) throws

  /// Puts the robot at the start of an episode; every start is a different one.
  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws

  /// Writes the observation as named slices.
  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>)

  /// Scores the control step that has just been taken as named terms, and tells whether it ends the episode.
  ///
  /// - Parameter action: the action, each component within its limits.
  mutating func judge(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending

  /// Writes the present episode's figure for each of `metrics`.
  func measure(_ sim: borrowing Simulation, into values: inout MutableSpan<Double>)

  /// The points that a picture of the present moment should show, such as a goal.
  func markers(_ sim: borrowing Simulation) -> [Marker]

  /// What the task watches and asks for at the present moment, for whoever looks at an episode; always of the same names
  /// in the same order.
  func aims(_ sim: borrowing Simulation) -> [Aim]

  /// Writes what the task itself remembers: commands, last action, clocks.
  func save(to writer: inout StateWriter)

  /// Reads back what `save(to:)` wrote.
  mutating func restore(from reader: inout StateReader) throws
}

extension RobotTask {
  public var metrics: [String] { [] }
  public var success: Success { .lasting }
  public func measure(_ sim: borrowing Simulation, into values: inout MutableSpan<Double>) {}
  public func markers(_ sim: borrowing Simulation) -> [Marker] { [] }
  public func aims(_ sim: borrowing Simulation) -> [Aim] { [] }
}

/// Collects the terms of a step's reward by name.
public struct RewardCursor: Sendable {
  package private(set) var names: [String] = []
  package private(set) var values: [Float] = []
  private var next = 0
  private let isRecording: Bool

  /// A cursor for the first pass.
  package init() { isRecording = true }

  /// A cursor for the terms that the first pass recorded.
  package init(terms names: [String]) {
    isRecording = false
    self.names = names
    values = names.map { _ in 0 }
  }

  /// Sum of the terms.
  package var total: Float {
    var sum: Float = 0
    for value in values { sum += value }
    return sum
  }

  package mutating func rewind() { next = 0 }

  /// Sets all terms to zero, for a step that nobody judged.
  mutating func clear() {
    for i in values.indices { values[i] = 0 }
  }

  /// Adds a term. A task adds the same terms in the same order at every step.
  public mutating func add(_ name: String, _ value: Double) {
    if isRecording {
      names.append(name)
      values.append(Float(value))
      return
    }
    precondition(next < values.count, "reward terms changed since the first pass")
    values[next] = Float(value)
    next += 1
  }
}
