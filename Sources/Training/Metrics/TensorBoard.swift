/// A run's figures in a file that TensorBoard reads, an event for each row of the tables.
struct TensorBoardEvents {
  /// How the file's name begins, by which tools find it.
  static let namePrefix = "events.out.tfevents."

  /// A name for a new file, as is usual: when it began and on which machine.
  static func newName() -> String { "\(namePrefix)\(Int(Host.secondsSince1970)).\(Host.name)" }

  private let file: GrowingFile

  /// - Parameter file: empty, or one to go on with.
  init(_ file: GrowingFile) throws {
    self.file = file
    if file.length == 0 { try file.append(TensorBoardEvent.version(at: Host.secondsSince1970)) }
  }

  /// - Parameter step: env steps, TensorBoard's horizontal axis.
  func append(_ record: MetricRow, step: Int) throws {
    try file.append(TensorBoardEvent.scalars(of: record, step: step, at: Host.secondsSince1970))
  }
}

/// Events as TensorBoard's files hold them: sealed records, in each an `Event` in the encoding of Protocol Buffers.
///
/// Formats: TensorFlow's `record_writer.h`, `event.proto` and `summary.proto`.
package enum TensorBoardEvent {
  /// The event that every file begins with.
  ///
  /// - Parameter time: seconds since 1970.
  package static func version(at time: Double) -> [UInt8] {
    var event = Message()
    event.add(.wallTime, time)
    event.add(.fileVersion, text: "brain.Event:2")
    return sealed(event)
  }

  /// A record's figures; what is undefined is left out.
  ///
  /// - Parameter time: seconds since 1970.
  package static func scalars(of record: MetricRow, step: Int, at time: Double) -> [UInt8] {
    var summary = Message()
    for member in record.members {
      guard let number = member.number else { continue }
      var value = Message()
      value.add(.tag, text: member.tag)
      value.add(.simpleValue, Float(number))
      summary.add(.value, value)
    }
    var event = Message()
    event.add(.wallTime, time)
    event.add(.step, step)
    event.add(.summary, summary)
    return sealed(event)
  }

  private static func sealed(_ event: Message) -> [UInt8] {
    let length = UInt64(event.bytes.count).littleEndianBytes
    return length + CRC32C.masked(length).littleEndianBytes + event.bytes + CRC32C.masked(event.bytes).littleEndianBytes
  }
}

/// The fields that are written: number and, in the last three bits, what follows.
private enum Field: UInt8 {
  // Event
  case wallTime = 0b1_001
  case step = 0b10_000
  case fileVersion = 0b11_010
  case summary = 0b101_010
  // Summary
  case value = 0b1_010
  // Summary.Value: `tag` has the number and the kind of `value`.
  static let tag = Field.value
  case simpleValue = 0b10_101
}

/// A message of Protocol Buffers that grows field by field.
private struct Message {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ field: Field, _ value: Double) {
    bytes.append(field.rawValue)
    bytes += value.bitPattern.littleEndianBytes
  }

  mutating func add(_ field: Field, _ value: Float) {
    bytes.append(field.rawValue)
    bytes += value.bitPattern.littleEndianBytes
  }

  mutating func add(_ field: Field, _ value: Int) {
    bytes.append(field.rawValue)
    addVarint(UInt64(bitPattern: Int64(value)))
  }

  mutating func add(_ field: Field, text: String) { add(field, Array(text.utf8)) }

  mutating func add(_ field: Field, _ message: Message) { add(field, message.bytes) }

  private mutating func add(_ field: Field, _ contents: [UInt8]) {
    bytes.append(field.rawValue)
    addVarint(UInt64(contents.count))
    bytes += contents
  }

  /// Seven bits a byte, the lowest first; all bytes but the last have their top bit set.
  private mutating func addVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension FixedWidthInteger {
  fileprivate var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
  }
}

/// Castagnoli's cyclic redundancy check, with which TensorBoard's files are sealed (RFC 3720, appendix B.4).
package enum CRC32C {
  /// The remainder that each byte leaves, bits reflected.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1 }
  }

  package static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { rest, byte in table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] ^ rest >> 8 }
  }

  /// The checksum as a record holds it: turned and moved, so that one taken over data that hold checksums means
  /// something too.
  package static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = checksum(of: bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
