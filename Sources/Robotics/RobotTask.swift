import Environments
import Physics

/// A task for a robot: the start of an episode, the observation, the reward and the endings. Each env has its own
/// copy.
///
/// Names of slices, terms and metrics are given where the values are written. A first pass, in which the robot stands at
/// one start, finds out which slices and terms there are; each slice must be written every time, a term that is left out
/// counts 0.
public protocol RobotTask: Sendable {
  /// One line for `ppo-robot list`.
  var summary: String { get }
  /// Seconds after which an episode is truncated.
  var episodeSeconds: Double { get }
  /// Names of the reasons for which `evaluateStep` terminates an episode.
  var endings: [String] { get }
  /// Names of what `measure` writes.
  var metrics: [String] { get }

  /// What makes an episode a success.
  var success: Success { get }

  /// Whether the task asks for contact forces, whose measuring costs a little time; see `Simulation.groundForce(on:)`. False
  /// by default.
  var measuresContactForces: Bool { get }

  /// Looks up, once, the links and axes that the task uses.
  mutating func prepare(for model: RobotModel) throws

  /// Puts the robot at the start of an episode; every start is a different one.
  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws

  /// Called before each control step, to apply forces from outside, such as wind; see `Simulation.applyForce`. By default
  /// there are none.
  mutating func disturb(_ sim: inout Simulation)

  /// Writes the observation as named slices.
  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>)

  /// Adds the reward of the control step that was just taken, as named terms, and returns whether the episode ends.
  ///
  /// - Parameter action: the action, each component within its limits.
  mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending

  /// Writes the present episode's figure for each of `metrics`; one that is left out is undefined.
  func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor)

  /// The points that a picture of the present moment should show, such as a goal.
  func markers(_ sim: borrowing Simulation) -> [Marker]

  /// The quantities that the task tracks, with their targets, for pages and pictures of an episode; always the same names in
  /// the same order.
  func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity]

  /// Between which velocities the robot can be steered from outside; nil where it cannot.
  var steeringLimits: SteeringLimits? { get }

  /// Has the robot keep a velocity in place of the one that the task commands, from the next observation on and in episodes
  /// to come as well; nil gives the command back to the task. Does nothing where `steeringLimits` is nil.
  mutating func steer(_ steering: Steering?)

  /// Turns what the task remembers, such as commands, goals, clocks and the last action, into its mirror image: left
  /// becomes right, y becomes −y. `check` plays steps and their mirror images with it; a training does not need it. By
  /// default nothing changes, which suits tasks whose observations and rewards depend only on where the robot is.
  mutating func mirror(for model: RobotModel)

  /// The stored properties that `save(to:)` and `restore(from:)` write and read, where the task does not do so by itself.
  static var savedFields: [SavedField<Self>] { get }

  /// Writes what the task itself remembers: commands, last action, clocks. By default its `savedFields`.
  func save(to writer: inout StateWriter)

  /// Reads back what `save(to:)` wrote.
  mutating func restore(from reader: inout StateReader) throws
}

extension RobotTask {
  public var metrics: [String] { [] }
  public var success: Success { .lasting }
  public var measuresContactForces: Bool { false }
  public func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {}
  public func markers(_ sim: borrowing Simulation) -> [Marker] { [] }
  public func trackedQuantities(_ sim: borrowing Simulation) -> [TrackedQuantity] { [] }
  public var steeringLimits: SteeringLimits? { nil }
  public mutating func steer(_ steering: Steering?) {}
  public mutating func mirror(for model: RobotModel) {}
  public mutating func disturb(_ sim: inout Simulation) {}
  public static var savedFields: [SavedField<Self>] { [] }

  public func save(to writer: inout StateWriter) {
    for field in Self.savedFields { field.save(self, to: &writer) }
  }

  public mutating func restore(from reader: inout StateReader) throws {
    for field in Self.savedFields { try field.restore(&self, from: &reader) }
  }
}
