import Environments
import Physics

/// The last readings of a sensor, so that a policy without a memory of its own can see how they change.
///
/// `begin` fills it with the first reading, `add` in `evaluateStep` takes in each further one.
public struct ObservationHistory: Sendable {
  private let unit: String
  private let scale: Double
  private let noise: Double
  private let mirroring: Mirroring?
  /// Of the slices, the newest first.
  private let names: [String]
  /// Numbers of a reading.
  private let count: Int
  /// One row a reading, in a ring.
  private var values: [Double]
  /// The row of the newest.
  private var newest = 0

  /// - Parameters:
  ///   - name: of the slices, which go on with how many steps ago each reading was taken.
  ///   - count: numbers of a reading.
  ///   - length: readings that are observed, the newest included.
  ///   - unit, scale, noise, mirroring: of each reading; see `ObservationCursor`.
  public init(
    _ name: String, count: Int, length: Int, unit: String = "", scale: Double = 1, noise: Double = 0,
    mirroring: Mirroring? = nil
  ) {
    self.unit = unit
    self.scale = scale
    self.noise = noise
    self.mirroring = mirroring
    self.count = max(1, count)
    let length = max(1, length)
    names = (0..<length).map { $0 == 0 ? name : "\(name), \($0) step\($0 == 1 ? "" : "s") ago" }
    values = Array(repeating: 0, count: self.count * length)
  }

  /// Forgets the last episode: all readings are as this one.
  public mutating func begin(_ reading: (Int) -> Double) {
    newest = 0
    for i in values.indices { values[i] = reading(i % count) }
  }

  /// Takes in a new reading in place of the oldest.
  public mutating func add(_ reading: (Int) -> Double) {
    newest = (newest + names.count - 1) % names.count
    for i in 0..<count { values[newest * count + i] = reading(i) }
  }

  /// Number `index` of the reading of so many steps ago; not-a-number where there is none.
  public func value(_ index: Int, stepsAgo steps: Int = 0) -> Double {
    guard (0..<count).contains(index), names.indices.contains(steps) else { return .nan }
    return values[(newest + steps) % names.count * count + index]
  }

  /// Writes a slice for each reading, the newest first.
  public func observe(_ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    for (steps, name) in names.enumerated() {
      cursor.write(
        name, count: count, unit: unit, scale: scale, noise: noise, mirroring: mirroring, into: &row
      ) { value($0, stepsAgo: steps) }
    }
  }

  /// Turns it into its mirror image, as its mirroring says.
  public mutating func mirror(for model: RobotModel) {
    guard let mirroring, let sources = model.sources(mirroring, count: count), sources.count == count else { return }
    for row in names.indices {
      let reading = Array(values[row * count..<(row + 1) * count])
      for i in 0..<count { values[row * count + i] = Double(sources[i].sign) * reading[sources[i].index] }
    }
  }
}

extension ObservationHistory: Savable {
  public func save(to writer: inout StateWriter) {
    writer.write(newest)
    writer.write(values)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    newest = try reader.readInt(in: names.indices.lowerBound...names.indices.upperBound - 1)
    values = try reader.readFiniteDoubles(count: values.count)
  }
}
