import Environments

/// How a transition is laid out in a row of numbers: what was shown, the action in normalized units, the sum of the
/// discounted rewards of its n steps, the weight of what follows, and what was shown then.
package struct ReplayLayout: Sendable, Equatable {
  package let observations: Int
  package let actions: Int

  package init(of spec: EnvSpec) {
    observations = spec.observationCount
    actions = spec.actionCount
  }

  /// Where the action begins.
  package var action: Int { observations }
  package var reward: Int { observations + actions }
  /// γⁿ, or 0 where the episode was terminated.
  package var discount: Int { reward + 1 }
  /// Where the next observation begins.
  package var next: Int { reward + 2 }
  package var length: Int { next + observations }
}

/// The latest transitions that envs went through, to be drawn at random.
///
/// Transitions are numbered from 0 in the order in which they came. They are kept in segments of a fixed number of rows,
/// which are allocated as they fill and used again once all of their rows are too old.
package struct ReplayBuffer: Sendable {
  /// Transitions that can be drawn at most.
  package let capacity: Int
  package let rowLength: Int
  /// Rows of a segment.
  package let segmentRows: Int
  /// Transitions that have ever come.
  package private(set) var total = 0
  /// Segment *n* is in place *n* modulo `places`.
  private var segments: [[Float]] = []

  private static let largestSegment = 16_384

  package init(capacity: Int, rowLength: Int) {
    self.capacity = capacity
    self.rowLength = rowLength
    segmentRows = min(Self.largestSegment, max(1, capacity / 4))
  }

  /// Transitions that can be drawn.
  package var count: Int { min(total, capacity) }

  /// The number of the oldest of them.
  package var oldest: Int { total - count }

  /// As many segments as hold `capacity` rows wherever the oldest one begins.
  private var places: Int { (capacity + segmentRows - 1) / segmentRows + 1 }

  /// The numbers of the segments that hold what can be drawn; empty before the first transition.
  package var liveSegments: Range<Int> {
    total == 0 ? 0..<0 : oldest / segmentRows..<(total - 1) / segmentRows + 1
  }

  /// Adds a transition, for which the oldest one may have to go.
  package mutating func append(_ row: Span<Float>) {
    precondition(row.count == rowLength)
    let place = total / segmentRows % places
    if place == segments.count { segments.append(Array(repeating: 0, count: segmentRows * rowLength)) }
    let start = total % segmentRows * rowLength
    for i in row.indices { segments[place][start + i] = row[i] }
    total += 1
  }

  /// The number of a transition, all being equally likely; there must be one.
  package func draw(using random: inout Random) -> Int { oldest + random.index(below: count) }

  /// Copies transition `number`, which must still be there.
  package func copy(_ number: Int, into row: inout MutableSpan<Float>) {
    precondition(number >= oldest && number < total && row.count == rowLength)
    let segment = segments[number / segmentRows % places]
    let start = number % segmentRows * rowLength
    let source = segment.span.extracting(start..<start + rowLength)
    for i in row.indices { row[i] = source[i] }
  }

  /// Lends `body` the rows of segment `number`, a live one, from its `first` row on up to the last that has come.
  package func read<Result, Failure: Error>(
    segment number: Int, from first: Int, _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let segment = segments[number % places]
    return try body(segment.span.extracting(first * rowLength..<rows(ofSegment: number) * rowLength))
  }

  /// Rows of segment `number`, a live one, that have come.
  package func rows(ofSegment number: Int) -> Int { min(segmentRows, total - number * segmentRows) }

  /// Takes over `total` transitions of which the segments `number`… are given, those that hold what can be drawn.
  ///
  /// - Parameter read: gives so many numbers, the first of the segment with that number.
  package mutating func restore(
    total: Int, segment read: (_ number: Int, _ count: Int) throws -> [Float]
  ) throws {
    var restored = ReplayBuffer(capacity: capacity, rowLength: rowLength)
    restored.total = total
    // In the order of places. A place before the first live segment's is filled when its turn comes.
    var contents: [Int: [Float]] = [:]
    for number in restored.liveSegments {
      var rows = try read(number, restored.rows(ofSegment: number) * rowLength)
      rows.append(contentsOf: repeatElement(0, count: segmentRows * rowLength - rows.count))
      contents[number % places] = rows
    }
    let used = min(places, (total + segmentRows - 1) / segmentRows)
    for place in 0..<used {
      restored.segments.append(contents[place] ?? Array(repeating: 0, count: segmentRows * rowLength))
    }
    self = restored
  }
}
