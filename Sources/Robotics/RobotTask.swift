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
}

/// Where in the observation row the next slice goes.
///
/// On the first pass it notes the names and sizes; later it only counts, and puts slices for the policy alone first
/// and those for the critic alone last, whatever the order in which the task writes them.
public struct ObservationCursor: Sendable {
  package private(set) var slices: [ObservationSlice] = []
  /// How each slice changes in a mirror, where the task has said so.
  private var mirrorings: [Mirroring?] = []
  private var offsets: [Int] = []
  private var next = 0
  private let isRecording: Bool

  /// A cursor for the first pass.
  package init() { isRecording = true }

  /// A cursor for rows in which `recorded` stand sorted by audience.
  package init(placing recorded: [ObservationSlice]) {
    isRecording = false
    slices = recorded
    offsets = recorded.map { _ in 0 }
    var offset = 0
    for audience in [Audience.policy, .both, .critic] {
      for i in recorded.indices where recorded[i].audience == audience {
        offsets[i] = offset
        offset += recorded[i].count
      }
    }
  }

  /// Slices in the order of the row.
  package var sortedSlices: [ObservationSlice] {
    [Audience.policy, .both, .critic].flatMap { audience in slices.filter { $0.audience == audience } }
  }

  /// Where each column of a mirrored row comes from; nil where a slice does not say how it is mirrored.
  package func mirroredColumns(axes: [Symmetry.Source], actions: [Symmetry.Source]) throws -> [Symmetry.Source]? {
    var columns: [Symmetry.Source] = []
    for audience in [Audience.policy, .both, .critic] {
      for (slice, mirroring) in zip(slices, mirrorings) where slice.audience == audience {
        guard let mirroring else { return nil }
        let start = columns.count
        columns += try mirroring.sources(count: slice.count, axes: axes, actions: actions).map {
          Symmetry.Source(start + $0.index, sign: $0.sign)
        }
      }
    }
    return columns
  }

  package mutating func rewind() { next = 0 }

  /// Writes a slice of one column.
  ///
  /// - Parameter mirroring: how it changes in a mirror that swaps left and right. A robot whose slices all say so may be
  ///   trained with mirrored samples.
  public mutating func write(
    _ name: String, _ value: Double, for audience: Audience = .both, mirroring: Mirroring? = nil,
    into row: inout MutableSpan<Float>
  ) {
    write(name, count: 1, for: audience, mirroring: mirroring, into: &row) { _ in value }
  }

  /// Writes a slice of three columns.
  public mutating func write(
    _ name: String, _ value: Vector3, for audience: Audience = .both, mirroring: Mirroring? = nil,
    into row: inout MutableSpan<Float>
  ) {
    write(name, count: 3, for: audience, mirroring: mirroring, into: &row) { value[$0] }
  }

  /// Writes a slice of `count` columns, column *i* holding `value(i)`.
  public mutating func write(
    _ name: String, count: Int, for audience: Audience = .both, mirroring: Mirroring? = nil,
    into row: inout MutableSpan<Float>, _ value: (Int) -> Double
  ) {
    if isRecording {
      slices.append(ObservationSlice(name, count: count, for: audience))
      mirrorings.append(mirroring)
      return
    }
    precondition(next < slices.count && slices[next].count == count, "observation slices changed since the first pass")
    let offset = offsets[next]
    for i in 0..<count { row[offset + i] = Float(value(i)) }
    next += 1
  }
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
