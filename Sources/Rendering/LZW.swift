/// The compression of GIF: Lempel, Ziv and Welch's, with codes that grow from `bits` + 1 to 12 bits (CompuServe,
/// "Graphics Interchange Format", version 89a, appendix F).
package enum LZW {
  private static let mostCodes = 4096

  /// - Parameter bits: of a value, 2…8.
  package static func compress(_ values: [UInt8], bits: Int) -> [UInt8] {
    let clear = 1 << bits
    var writer = BitWriter()
    var width = bits + 1
    var next = clear + 2
    // For each known string and value that follows it, the code of both together; 0 for none, which is never such a code.
    var codes = [UInt16](repeating: 0, count: mostCodes << bits)
    writer.write(clear, bits: width)
    guard let first = values.first else {
      writer.write(clear + 1, bits: width)
      return writer.finished
    }
    var code = Int(first)
    for value in values.dropFirst() {
      let place = code << bits | Int(value)
      if codes[place] != 0 {
        code = Int(codes[place])
        continue
      }
      writer.write(code, bits: width)
      code = Int(value)
      if next < mostCodes {
        codes[place] = UInt16(next)
        // The reader learns each code one step later than the writer.
        if next == 1 << width { width += 1 }
        next += 1
      } else {
        writer.write(clear, bits: width)
        for i in codes.indices { codes[i] = 0 }
        width = bits + 1
        next = clear + 2
      }
    }
    writer.write(code, bits: width)
    if next == 1 << width, width < 12 { width += 1 }
    writer.write(clear + 1, bits: width)
    return writer.finished
  }
}

/// Codes of any width in bytes, lowest bit first.
private struct BitWriter {
  private var bytes: [UInt8] = []
  private var pending = 0
  private var pendingBits = 0

  mutating func write(_ code: Int, bits: Int) {
    pending |= code << pendingBits
    pendingBits += bits
    while pendingBits >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingBits -= 8
    }
  }

  var finished: [UInt8] { pendingBits > 0 ? bytes + [UInt8(truncatingIfNeeded: pending)] : bytes }
}
