/// 64 bits of FNV-1a (Fowler, Noll and Vo): detects damage by accident, not by intent.
package struct Digest: Sendable {
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  /// Continues from an earlier digest's value.
  package init(after value: UInt64) { self.value = value }

  package init(_ bytes: [UInt8]) { add(bytes) }

  private mutating func add(word: UInt64) { value = (value ^ word) &* 0x0000_0100_0000_01B3 }

  package mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { add(word: UInt64(byte)) }
  }

  package mutating func add(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes { add(word: UInt64(byte)) }
  }

  package mutating func add(_ text: String) {
    for byte in text.utf8 { add(word: UInt64(byte)) }
  }

  /// Adds the bits of a number, byte by byte, the lowest first.
  package mutating func add(_ number: Double) {
    for shift in stride(from: 0, to: 64, by: 8) {
      add(word: UInt64(UInt8(truncatingIfNeeded: number.bitPattern >> shift)))
    }
  }

  /// Adds the bits of numbers, each as one word.
  package mutating func add(_ numbers: Span<Float>) {
    for i in numbers.indices { add(word: UInt64(numbers[i].bitPattern)) }
  }

  /// Hexadecimal.
  package var text: String { String(value, radix: 16) }
}
