#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Curves in little space: each value in whole quanta, as the difference from the one before, zigzag, seven bits a byte
/// with the eighth set while more follow (as Protocol Buffers write an `sint64`). Smooth curves take a byte or two a
/// value, and no difference adds to another's error.
package struct ChannelCoding {
  /// The value of a step of one, for each channel.
  package private(set) var quanta: [Double] = []
  private var bytes: [UInt8] = []

  /// A quantum for meters, radians and the parts of a quaternion: a sixteenth of a millimeter.
  static let fine = 0x1p-14

  package init() {}

  /// Appends a channel.
  ///
  /// - Parameter quantum: what values are rounded to; by default at most 1/4096 of the greatest. What is not finite, or
  ///   beyond 2⁵² quanta, becomes 0.
  package mutating func append(_ values: some Sequence<Double>, quantum: Double? = nil) {
    let quantum = quantum ?? Self.quantum(for: values)
    quanta.append(quantum)
    var last: Int64 = 0
    for value in values {
      let count = (value / quantum).rounded()
      let whole = abs(count) < 0x1p52 ? Int64(count) : 0
      append(whole - last)
      last = whole
    }
  }

  private static func quantum(for values: some Sequence<Double>) -> Double {
    let greatest = values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    return greatest > 0x1p-500 ? exp2(log2(greatest).rounded(.up) - 12) : 1
  }

  private mutating func append(_ difference: Int64) {
    var rest = UInt64(bitPattern: (difference << 1) ^ (difference >> 63))
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// All channels in base64 (RFC 4648).
  package var base64: String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 3 * 4 + 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group = 0
      for i in 0..<3 { group = group << 8 | (i < count ? Int(bytes[start + i]) : 0) }
      for i in 0..<4 { text.append(i <= count ? letters[group >> (18 - 6 * i) & 63] : UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
