import Environments
import Physics

/// Where in the observation row the next slice goes.
///
/// On the first pass it notes what each slice is; later it only counts, and puts slices for the policy alone first and
/// those for the critic alone last, whatever the order in which the task writes them.
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
  private var next = 0
  private let isRecording: Bool

  /// A cursor for the first pass.
  package init() { isRecording = true }

  /// A cursor for rows in which `recorded` stand sorted by audience.
  package init(placing recorded: [ObservationSlice]) {
    isRecording = false
    records = recorded.map { Record(slice: $0, noise: 0) }
    offsets = recorded.map { _ in 0 }
    var offset = 0
    for index in Self.order(of: records) {
      offsets[index] = offset
      offset += recorded[index].count
    }
  }

  /// The records in the order of the row.
  package var sortedRecords: [Record] { Self.order(of: records).map { records[$0] } }

  private static func order(of records: [Record]) -> [Int] {
    [Audience.policy, .both, .critic].flatMap { audience in
      records.indices.filter { records[$0].slice.audience == audience }
    }
  }

  package mutating func rewind() { next = 0 }

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
  ///   - unit: of what `value` measures, such as "m/s"; with `scale` it tells a controller outside what to show the
  ///     policy.
  ///   - scale: brings the column to about −1…1.
  ///   - noise: the standard deviation of the sensor's noise, in `unit`, that `Disturbances.noise` of 1 stands for.
  ///   - mirroring: how the slice changes in a mirror that swaps left and right. A robot whose slices all say so may be
  ///     trained with mirrored samples.
  public mutating func write(
    _ name: String, count: Int, unit: String = "", scale: Double = 1, noise: Double = 0,
    for audience: Audience = .both, mirroring: Mirroring? = nil, into row: inout MutableSpan<Float>,
    _ value: (Int) -> Double
  ) {
    if isRecording {
      let slice = ObservationSlice(name, count: count, unit: unit, scale: scale, for: audience)
      records.append(Record(slice: slice, mirroring: mirroring, noise: noise))
      return
    }
    precondition(
      next < records.count && records[next].slice.count == count, "observation slices changed since the first pass")
    let offset = offsets[next]
    for i in 0..<count { row[offset + i] = Float(scale * value(i)) }
    next += 1
  }
}
