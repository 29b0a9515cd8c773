import Environments
import Storage
import Synchronization

/// Keeps a replay buffer: in segment files that only grow, where there is a folder for them, so that a checkpoint costs no
/// more than what came since the last one; otherwise in the checkpoint itself.
final class ReplayStore: Sendable {
  private struct State: Sendable {
    /// Transitions that the files hold.
    var written = 0
    /// A digest of what was written of each segment.
    var digests: [Int: UInt64] = [:]
    /// The first segment that the last checkpoint refers to.
    var firstOfCheckpoint: Int?
  }

  private let files: SegmentFiles
  private let state = Mutex(State())

  /// - Throws: `StorageError` if the folder cannot be made.
  init(folder: String) throws { files = try SegmentFiles(folder: folder, name: "replay") }

  /// Appends what is new in `buffer` to the files and notes in `file` what they hold; segments that neither this
  /// checkpoint nor the one before refers to are removed.
  func save(_ buffer: borrowing ReplayBuffer, to file: inout TensorFile) throws {
    try state.withLock { state in
      let live = buffer.liveSegments
      for number in live where (number * buffer.segmentRows + buffer.rows(ofSegment: number)) > state.written {
        // Rows that were too old when the rest was restored count as written: whole segments are kept.
        let first = max(0, state.written - number * buffer.segmentRows)
        let known = first == 0 ? nil : state.digests[number]
        let digest = try buffer.read(segment: number, from: first) { rows throws(StorageError) in
          try files.write(rows, to: number, from: first * buffer.rowLength)
          return Self.digest(of: rows, after: known)
        }
        state.digests[number] = digest
        state.written = number * buffer.segmentRows + buffer.rows(ofSegment: number)
      }
      state.digests = state.digests.filter { live.contains($0.key) }
      file.metadata["replay"] = "files"
      ReplayCounters(of: buffer).save(to: &file)
      file.set("replay.digests", .int64(live.map { Int64(bitPattern: state.digests[$0] ?? 0) }))
      guard let first = live.first, let last = live.last else { return }
      files.removeSegments(outside: min(first, state.firstOfCheckpoint ?? first)...last)
      state.firstOfCheckpoint = first
    }
  }

  /// Reads back exactly what `save` noted in `file`, whatever was appended to the files after it.
  func restore(_ buffer: inout ReplayBuffer, from file: TensorFile) throws {
    let counters = try ReplayCounters(from: file, for: buffer)
    let live = counters.liveSegments
    let digests = try file.integers("replay.digests", shape: [live.count])
    var state = State(written: counters.total, firstOfCheckpoint: live.first)
    try buffer.restore(total: counters.total) { number, count in
      let rows = try files.read(number, count: count)
      let digest = Self.digest(of: rows.span, after: nil)
      guard Int64(bitPattern: digest) == digests[number - live.lowerBound] else {
        throw LearningError("\(files.path(of: number)) is damaged: its contents do not fit their digest")
      }
      guard rows.allSatisfy(\.isFinite) else {
        throw LearningError("\(files.path(of: number)) holds numbers that are not finite")
      }
      state.digests[number] = digest
      return rows
    }
    let restored = state
    self.state.withLock { $0 = restored }
  }

  /// - Parameter known: the digest of the numbers before them.
  private static func digest(of values: Span<Float>, after known: UInt64?) -> UInt64 {
    var digest = known.map(Digest.init(after:)) ?? Digest()
    digest.add(values)
    return digest.value
  }
}

/// What a checkpoint says of a replay buffer's size.
private struct ReplayCounters {
  let total: Int
  let capacity: Int
  let rowLength: Int
  let segmentRows: Int

  init(of buffer: borrowing ReplayBuffer) {
    (total, capacity) = (buffer.total, buffer.capacity)
    (rowLength, segmentRows) = (buffer.rowLength, buffer.segmentRows)
  }

  func save(to file: inout TensorFile) {
    file.set("replay.counters", .int64([total, capacity, rowLength, segmentRows].map { Int64($0) }))
  }

  /// - Throws: `LearningError` unless they fit a buffer like `buffer`.
  init(from file: TensorFile, for buffer: borrowing ReplayBuffer) throws {
    let counters = try file.integers("replay.counters", shape: [4]).map { Int($0) }
    guard (0...1 << 53).contains(counters[0]) else { throw LearningError("its count of transitions is out of range") }
    guard counters[1] == buffer.capacity, counters[2] == buffer.rowLength, counters[3] == buffer.segmentRows else {
      throw LearningError(
        "its replay buffer has room for \(counters[1]) transitions of \(counters[2]) numbers; the settings ask for "
          + "\(buffer.capacity) of \(buffer.rowLength)")
    }
    (total, capacity, rowLength, segmentRows) = (counters[0], counters[1], counters[2], counters[3])
  }

  var oldest: Int { total - min(total, capacity) }

  var liveSegments: Range<Int> {
    total == 0 ? 0..<0 : oldest / segmentRows..<(total - 1) / segmentRows + 1
  }
}

// MARK: In the checkpoint itself

extension ReplayBuffer {
  /// Adds all transitions that can be drawn.
  func save(to file: inout TensorFile) {
    ReplayCounters(of: self).save(to: &file)
    var rows: [Float] = []
    rows.reserveCapacity(count * rowLength)
    for number in liveSegments {
      read(segment: number, from: max(0, oldest - number * segmentRows)) { span in
        for i in span.indices { rows.append(span[i]) }
      }
    }
    file.metadata["replay"] = "here"
    file.set("replay.rows", .float32(rows))
  }

  /// Reads back what `save(to:)` added.
  mutating func restore(from file: TensorFile) throws {
    let counters = try ReplayCounters(from: file, for: self)
    let rows = try file.finiteFloats("replay.rows", count: (counters.total - counters.oldest) * rowLength)
    let length = rowLength
    var start = 0
    try restore(total: counters.total) { number, count in
      // Nothing is known, or needed, of what was too old in the first segment.
      let missing = max(0, counters.oldest - number * counters.segmentRows) * length
      let part = Array(repeating: 0, count: missing) + rows[start..<start + count - missing]
      start += count - missing
      return part
    }
  }
}
