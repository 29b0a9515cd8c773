/// 64 bits of FNV-1a: against accidents, not against malice.
struct Digest {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  init(_ bytes: [UInt8] = []) { add(bytes) }

  mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  }

  /// Takes in the bits of a number.
  mutating func add(_ number: Double) {
    add((0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) })
  }

  var text: String { String(hash, radix: 16) }
}
