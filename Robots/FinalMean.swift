import Environments

/// The mean of a figure over the last second of an episode.
struct FinalMean: Sendable {
  private var sum = 0.0
  private var count = 0

  /// Not a number where nothing was noted.
  var mean: Double { count > 0 ? sum / Double(count) : .nan }

  mutating func begin() { self = FinalMean() }

  /// Notes a value if it belongs to the last second.
  ///
  /// - Parameters:
  ///   - time: seconds since the episode began.
  ///   - duration: seconds of the whole episode.
  mutating func add(_ value: Double, at time: Double, of duration: Double) {
    guard time > duration - 1 else { return }
    sum += value
    count += 1
  }

  func save(to writer: inout StateWriter) {
    writer.write(sum)
    writer.write(count)
  }

  mutating func restore(from reader: inout StateReader) throws {
    sum = try reader.readDouble()
    count = try reader.readInt(in: 0...(1 << 53))
  }
}
