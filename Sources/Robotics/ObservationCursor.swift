import Environments
import Physics

/// Where in the observation row the next slice goes.
///
/// A first pass notes what each slice is. Later ones put each where it belongs, slices for the policy alone first and
/// those for the critic alone last, whatever the order in which the task writes them. Every slice must be written every
/// time, with the same count, unit and scale.
public struct ObservationCursor: Sendable {
  /// What the first pass notes of a slice.
  package struct Record: Sendable {
    package var slice: ObservationSlice
    /// How it changes in a mirror, where the task has said so.
    package var mirroring: Mirroring?
    /// Standard deviation of its sensor's noise, in the slice's unit.
    package var noise: Double
  }

  package private(set) var records: [Record] = []
  private var offsets: [Int] = []
  /// What the task did wrong, in words without the step; nil if nothing. It stays.
  package private(set) var problem: String?
  private var finder = NameFinder([])
  private let isRecording: Bool

  /// A cursor for the first pass.
  package init() { isRecording = true }

  /// A cursor for rows in which the slices `recorded` are sorted by audience.
  package init(placing recorded: [ObservationSlice]) {
    isRecording = false
    records = recorded.map { Record(slice: $0, noise: 0) }
    offsets = recorded.map { _ in 0 }
    var offset = 0
    for index in Self.order(of: records) {
      offsets[index] = offset
      offset += recorded[index].count
    }
    finder = NameFinder(recorded.map(\.name))
  }

  /// The records in the order of the row.
  package var sortedRecords: [Record] { Self.order(of: records).map { records[$0] } }

  private static func order(of records: [Record]) -> [Int] {
    [Audience.policy, .both, .critic].flatMap { audience in
      records.indices.filter { records[$0].slice.audience == audience }
    }
  }

  /// Begins a row.
  package mutating func rewind() { finder.rewind() }

  /// Ends a row, in which every slice must have been written.
  mutating func end() {
    guard finder.usedCount < records.count, let name = finder.firstUnused else { return }
    note("observation '\(printable(name))' is not written; write every observation in every step")
  }

  /// Writes a slice of one column; see `write(_:count:unit:scale:noise:for:mirroring:into:_:)`.
  public mutating func write(
    _ name: String, _ value: Double, unit: String = "", scale: Double = 1, noise: Double = 0,
    for audience: Audience = .both, mirroring: Mirroring? = nil, into row: inout MutableSpan<Float>
  ) {
    write(
      name, count: 1, unit: unit, scale: scale, noise: noise, for: audience, mirroring: mirroring, into: &row
    ) { _ in value }
  }

  /// Writes a slice of three columns; see `write(_:count:unit:scale:noise:for:mirroring:into:_:)`.
  public mutating func write(
    _ name: String, _ value: Vector3, unit: String = "", scale: Double = 1, noise: Double = 0,
    for audience: Audience = .both, mirroring: Mirroring? = nil, into row: inout MutableSpan<Float>
  ) {
    write(
      name, count: 3, unit: unit, scale: scale, noise: noise, for: audience, mirroring: mirroring, into: &row
    ) { value[$0] }
  }

  /// Writes a slice of `count` columns, column *i* holding `scale` · `value(i)`.
  ///
  /// - Parameters:
  ///   - unit: of what `value` measures, such as "m/s"; with `scale` it defines what a controller on the robot has to give the
  ///     policy.
  ///   - scale: brings the column to about −1…1.
  ///   - noise: the standard deviation of the sensor's noise, in `unit`, that `DomainRandomization.noise` of 1 means.
  ///   - mirroring: how the slice changes in a mirror that swaps left and right. A robot whose slices all say so may be
  ///     trained with mirrored samples.
  public mutating func write(
    _ name: String, count: Int, unit: String = "", scale: Double = 1, noise: Double = 0,
    for audience: Audience = .both, mirroring: Mirroring? = nil, into row: inout MutableSpan<Float>,
    _ value: (Int) -> Double
  ) {
    guard !isRecording else {
      let slice = ObservationSlice(name, count: count, unit: unit, scale: scale, for: audience)
      records.append(Record(slice: slice, mirroring: mirroring, noise: noise))
      return
    }
    switch finder.find(name) {
    case .found(let index):
      let offset = offsets[index]
      guard records[index].slice.count == count, records[index].slice.scale == scale,
        records[index].slice.unit == unit, records[index].slice.audience == audience, row.count - offset >= count
      else {
        return noteChange(
          of: records[index].slice, count: count, unit: unit, scale: scale, room: row.count - offset)
      }
      for i in 0..<count { row[offset + i] = Float(scale * value(i)) }
    case .foundBefore:
      note("observation '\(printable(name))' is written twice in one step; give the second another name")
    case .unknown:
      note("observation '\(printable(name))' was not there in the first step; write every observation in every step")
    }
  }

  private mutating func noteChange(of slice: ObservationSlice, count: Int, unit: String, scale: Double, room: Int) {
    let change =
      slice.count != count
      ? "has \(count) columns, and had \(slice.count) in the first step"
      : slice.scale != scale
        ? "has the scale \(scale), and had \(slice.scale) in the first step"
        : slice.unit != unit
          ? "has the unit '\(printable(unit))', and had '\(slice.unit)' in the first step"
          : room < count
            ? "does not fit the row: pass on the row that observe is given"
            : "has another audience than in the first step"
    note("observation '\(printable(slice.name))' \(change)")
  }

  private mutating func note(_ text: String) { if problem == nil { problem = text } }
}
