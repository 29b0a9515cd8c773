import Environments

/// The mean of a figure over the last part of an episode.
package struct FinalMean: Sendable {
  private var time = 0.0
  private var sum = 0.0
  private var count = 0

  package init() {}

  /// Not a number before that part.
  package var mean: Double { count > 0 ? sum / Double(count) : .nan }

  package mutating func begin() { self = FinalMean() }

  /// Takes in the figure at the end of a control step.
  ///
  /// - Parameters:
  ///   - interval: seconds of the step.
  ///   - duration: seconds of the whole episode.
  ///   - last: seconds of the part that counts.
  package mutating func add(_ value: Double, after interval: Double, of duration: Double, last: Double = 1) {
    time += interval
    // Half a step off the border, where rounding cannot matter.
    guard time - interval / 2 > duration - last else { return }
    sum += value
    count += 1
  }

  package func save(to writer: inout StateWriter) {
    writer.write([time, sum])
    writer.write(count)
  }

  package mutating func restore(from reader: inout StateReader) throws {
    let values = try reader.readFiniteDoubles(count: 2)
    (time, sum) = (values[0], values[1])
    count = try reader.readInt(in: 0...(1 << 53))
  }
}
