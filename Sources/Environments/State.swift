/// Why saved state cannot be read back.
public enum StateError: Error, Equatable, CustomStringConvertible {
  /// Fewer bytes are left than the next value needs.
  case truncated
  /// A value that was read contradicts what the reader holds; the text says which.
  case mismatch(String)

  public var description: String {
    switch self {
    case .truncated: "the saved state ends too early"
    case .mismatch(let what): "the saved state does not fit: \(what)"
    }
  }
}

/// Collects the state of an env, a task or a random stream as little-endian bytes, bit for bit.
public struct StateWriter: Sendable {
  /// Everything written so far.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// Forgets everything but keeps the room.
  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  public mutating func write(_ value: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value &>> shift)) }
  }

  public mutating func write(_ value: Int) { write(UInt64(bitPattern: Int64(value))) }
  public mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }
  public mutating func write(_ value: Double) { write(value.bitPattern) }

  public mutating func write(_ value: Float) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern &>> shift))
    }
  }

  /// Writes the number of values, then the values.
  public mutating func write(_ values: [Float]) {
    write(values.count)
    for value in values { write(value) }
  }

  /// Writes the number of values, then the values.
  public mutating func write(_ values: [Double]) {
    write(values.count)
    for value in values { write(value) }
  }
}

/// Reads what a `StateWriter` wrote, in the same order. Damaged input throws; it never traps.
///
/// The bytes may come from a file that was edited or damaged, so read with the range that a number can lie in: counters with
/// `readInt(in:)`, shares and the like with `readDouble(in:)`, all that is ever computed with by the finite variants.
public struct StateReader: Sendable {
  private let bytes: [UInt8]
  private var position = 0
  /// Whether the finite variants take numbers that are not: the state of an env after a fault is not used any more.
  package var permitsNonFinite = false

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether every byte has been read.
  public var isAtEnd: Bool { position == bytes.count }

  public mutating func readUInt64() throws(StateError) -> UInt64 {
    guard bytes.count - position >= 8 else { throw .truncated }
    var value: UInt64 = 0
    for i in 0..<8 { value |= UInt64(bytes[position + i]) &<< UInt64(8 * i) }
    position += 8
    return value
  }

  public mutating func readInt() throws(StateError) -> Int { Int(Int64(bitPattern: try readUInt64())) }

  /// Reads a whole number and checks that it lies in `range`, so that counters cannot start where they overflow.
  public mutating func readInt(in range: ClosedRange<Int>) throws(StateError) -> Int {
    let value = try readInt()
    guard range.contains(value) else { throw .mismatch("\(value) where \(range) is possible") }
    return value
  }

  public mutating func readDouble() throws(StateError) -> Double { Double(bitPattern: try readUInt64()) }

  /// Reads a number and checks that it lies in `range`; not-a-number lies in none.
  public mutating func readDouble(in range: ClosedRange<Double>) throws(StateError) -> Double {
    let value = try readDouble()
    guard range.contains(value) else { throw .mismatch("\(value) where \(range) is possible") }
    return value
  }

  /// Reads a number and checks that it is finite.
  public mutating func readFiniteDouble() throws(StateError) -> Double {
    let value = try readDouble()
    try require(value.isFinite, value)
    return value
  }

  public mutating func readBool() throws(StateError) -> Bool {
    guard position < bytes.count else { throw .truncated }
    defer { position += 1 }
    return bytes[position] != 0
  }

  public mutating func readFloat() throws(StateError) -> Float {
    guard bytes.count - position >= 4 else { throw .truncated }
    var value: UInt32 = 0
    for i in 0..<4 { value |= UInt32(bytes[position + i]) &<< UInt32(8 * i) }
    position += 4
    return Float(bitPattern: value)
  }

  /// Reads a number and checks that it is finite.
  public mutating func readFiniteFloat() throws(StateError) -> Float {
    let value = try readFloat()
    try require(value.isFinite, Double(value))
    return value
  }

  /// Reads an array of exactly `count` values.
  public mutating func readFloats(count: Int) throws(StateError) -> [Float] {
    try readCount(count, size: 4)
    var values: [Float] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try readFloat()) }
    return values
  }

  /// Reads an array of exactly `count` values.
  public mutating func readDoubles(count: Int) throws(StateError) -> [Double] {
    try readCount(count, size: 8)
    var values: [Double] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try readDouble()) }
    return values
  }

  /// Reads an array of exactly `count` values and checks that all are finite.
  public mutating func readFiniteFloats(count: Int) throws(StateError) -> [Float] {
    let values = try readFloats(count: count)
    for value in values { try require(value.isFinite, Double(value)) }
    return values
  }

  /// Reads an array of exactly `count` values and checks that all are finite.
  public mutating func readFiniteDoubles(count: Int) throws(StateError) -> [Double] {
    let values = try readDoubles(count: count)
    for value in values { try require(value.isFinite, value) }
    return values
  }

  private func require(_ isFinite: Bool, _ value: Double) throws(StateError) {
    guard isFinite || permitsNonFinite else { throw .mismatch("\(value) where a finite number belongs") }
  }

  private mutating func readCount(_ expected: Int, size: Int) throws(StateError) {
    let count = try readInt()
    guard count == expected, count >= 0 else { throw .mismatch("\(count) values where \(expected) belong") }
    guard count <= (bytes.count - position) / size else { throw .truncated }
  }
}
