import Foundation
import Reporting
import Testing

/// Curves as pages carry them, against a reader of its own.
@Suite struct ChannelCodingTests {
  /// Reads `count` values a channel back.
  private func decoded(_ coding: ChannelCoding, count: Int) throws -> [[Double]] {
    var bytes = [UInt8](try #require(Data(base64Encoded: coding.base64)))[...]
    return try coding.quanta.map { quantum in
      var sum: Int64 = 0
      return try (0..<count).map { _ in
        var (number, shift): (UInt64, UInt64) = (0, 0)
        while let byte = bytes.popFirst() {
          number |= UInt64(byte & 127) << shift
          shift += 7
          if byte < 128 { break }
        }
        try #require(shift > 0)
        sum += Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
        return Double(sum) * quantum
      }
    }
  }

  @Test func valuesComeBackToHalfAQuantum() throws {
    var coding = ChannelCoding()
    let wave = (0..<500).map { 3 * sin(Double($0) / 7) }
    let far = (0..<500).map { 350 + 7.3 * Double($0) }
    coding.append(wave)
    coding.append(far, quantum: 0x1p-14)
    coding.append(Array(repeating: 0.0, count: 500))
    let read = try decoded(coding, count: 500)
    // 3 needs 4, and 4 / 4096 is the quantum.
    #expect(coding.quanta == [0x1p-10, 0x1p-14, 1])
    for (value, wanted) in zip(read[0], wave) { #expect(abs(value - wanted) <= 0x1p-11) }
    for (value, wanted) in zip(read[1], far) { #expect(abs(value - wanted) <= 0x1p-15) }
    #expect(read[2].allSatisfy { $0 == 0 })
  }

  @Test(arguments: 0...4) func anyNumberOfBytesIsSoundBase64(_ count: Int) throws {
    var coding = ChannelCoding()
    let values = (0..<count).map { Double($0 % 2) }
    coding.append(values, quantum: 1)
    #expect(try decoded(coding, count: count) == [values])
  }

  @Test func whatCannotBeWrittenIsZero() throws {
    var coding = ChannelCoding()
    coding.append([1, .nan, .infinity, -2, 1e300], quantum: 1)
    #expect(try decoded(coding, count: 5) == [[1, 0, 0, -2, 0]])
    coding = ChannelCoding()
    coding.append([.nan, 0.5])
    #expect(try decoded(coding, count: 2) == [[0, 0.5]])
  }
}
