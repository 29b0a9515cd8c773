import Foundation
import Testing
import Training

@Suite struct TensorBoardTests {
  /// RFC 3720, appendix B.4, and the check value of the catalog of parametrised CRC algorithms.
  @Test(
    arguments: [
      (Array(repeating: 0, count: 32), 0x8A91_36AA), (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C),
      (Array("123456789".utf8), 0xE306_9283), ([], 0),
    ] as [([UInt8], UInt32)])
  func checksums(_ bytes: [UInt8], _ sum: UInt32) {
    #expect(CRC32C.checksum(of: bytes) == sum)
  }

  /// The first twelve bytes are the same in every file that TensorFlow has written.
  @Test func theFirstEvent() {
    let bytes = TensorBoardEvent.version(at: 1.5)
    #expect(bytes.prefix(12) == [0x18, 0, 0, 0, 0, 0, 0, 0, 0xA3, 0x7F, 0x4B, 0x22])
    #expect(Array(bytes[12..<36]) == [0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0x1A, 13] + Array("brain.Event:2".utf8))
    #expect(bytes.count == 40)
    #expect(bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) } == CRC32C.masked(bytes[12..<36]))
  }

  @Test func scalars() {
    var record = MetricRow()
    record.add("kl", 0.5, in: "train")
    record.add("undefined", .nan)
    record.add("boundless", .infinity)
    record.add("n", 3)
    let bytes = TensorBoardEvent.scalars(of: record, step: 300, at: 0)
    let kl = [0x0A, 8] + Array("train/kl".utf8) + [0x15, 0, 0, 0, 0x3F]
    let n = [0x0A, 1] + Array("n".utf8) + [0x15, 0, 0, 0x40, 0x40]
    let summary = [0x0A, UInt8(kl.count)] + kl + [0x0A, UInt8(n.count)] + n
    let event = [0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0xAC, 0x02, 0x2A, UInt8(summary.count)] + summary
    #expect(Array(bytes.dropFirst(12).dropLast(4)) == event)
  }

  /// One table of names serves both, so that no column can lack its tag.
  @Test func tagsFollowTheColumns() {
    var record = MetricRow(under: "evaluation")
    record.add("return", 1)
    record.add("loss", 1, in: "losses")
    record.add("ending/fell", 1)
    #expect(record.members.map(\.tag) == ["evaluation/return", "evaluation/losses/loss", "evaluation/ending/fell"])
    #expect(record.header == "return,loss,ending/fell")
  }
}
