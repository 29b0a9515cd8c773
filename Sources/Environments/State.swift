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
public struct StateReader: Sendable {
  private let bytes: [UInt8]
  private var position = 0

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

  private mutating func readCount(_ expected: Int, size: Int) throws(StateError) {
    let count = try readInt()
    guard count == expected, count >= 0 else { throw .mismatch("\(count) values where \(expected) belong") }
    guard count <= (bytes.count - position) / size else { throw .truncated }
  }
}
