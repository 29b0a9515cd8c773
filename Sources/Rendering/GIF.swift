/// An animated GIF that plays for ever, written picture by picture; of each picture only what has changed is stored.
public struct GIF: Sendable {
  /// Colors of the palette; one more number says that a pixel stays as it is.
  private static let colorCount = 255
  private static let unchanged = UInt8(colorCount)

  private let width: Int
  private let height: Int
  private let framesPerSecond: Double
  private var palette: Palette
  private var bytes: [UInt8]
  /// A pixel stays as it is where no channel would change by more than this; it cannot be seen, and saves much.
  private static let tolerance: Int16 = 4
  /// What has been shown so far, in numbers of the palette.
  private var shown: [UInt8]
  private var frames = 0

  /// - Parameters:
  ///   - samples: pictures from which the palette is taken, all of one size.
  ///   - framesPerSecond: at most 50; viewers slow down what is faster.
  public init(paletteFrom samples: [Image], framesPerSecond: Double) {
    width = samples[0].width
    height = samples[0].height
    self.framesPerSecond = framesPerSecond
    palette = Palette(count: Self.colorCount, for: samples)
    shown = Array(repeating: Self.unchanged, count: width * height)
    bytes = Array("GIF89a".utf8)
    // The screen: a palette of 256 colors of 8 bits a channel.
    bytes += Self.word(width) + Self.word(height) + [0xF7, 0, 0]
    for index in 0...Self.colorCount {
      let color = index < palette.colors.count ? palette.colors[index] : .zero
      bytes += [color.x, color.y, color.z]
    }
    // Loop for ever.
    bytes += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
  }

  /// Adds the next picture.
  public mutating func append(_ image: Image) {
    var (x, y) = ((low: width, high: -1), (low: height, high: -1))
    var next = shown
    for row in 0..<height {
      for column in 0..<width {
        let place = row * width + column
        let color = image[column, row]
        if frames > 0, isClose(color, palette.colors[Int(shown[place])]) { continue }
        let index = UInt8(palette.index(of: color))
        guard index != shown[place] else { continue }
        next[place] = index
        x = (min(x.low, column), max(x.high, column))
        y = (min(y.low, row), max(y.high, row))
      }
    }
    // A picture that changes nothing still takes its time: one pixel that stays.
    if x.high < 0 { (x, y) = ((0, 0), (0, 0)) }
    var values: [UInt8] = []
    values.reserveCapacity((x.high - x.low + 1) * (y.high - y.low + 1))
    for row in y.low...y.high {
      for place in row * width + x.low...row * width + x.high {
        values.append(next[place] == shown[place] ? Self.unchanged : next[place])
      }
    }
    shown = next
    // The pixels stay when the next picture comes; time is in hundredths of a second, with no rounding adding up.
    bytes += [0x21, 0xF9, 4, 0x05] + Self.word(ticks(at: frames + 1) - ticks(at: frames)) + [Self.unchanged, 0]
    bytes += [0x2C] + Self.word(x.low) + Self.word(y.low)
    bytes += Self.word(x.high - x.low + 1) + Self.word(y.high - y.low + 1) + [0]
    appendBlocks(of: LZW.compress(values, bits: 8), bits: 8)
    frames += 1
  }

  /// The whole file.
  public var file: [UInt8] { bytes + [0x3B] }

  private func isClose(_ a: SIMD3<UInt8>, _ b: SIMD3<UInt8>) -> Bool {
    let difference = SIMD3<Int16>(truncatingIfNeeded: a) &- SIMD3<Int16>(truncatingIfNeeded: b)
    return difference.max() <= Self.tolerance && difference.min() >= -Self.tolerance
  }

  private func ticks(at frame: Int) -> Int { Int((100 * Double(frame) / framesPerSecond).rounded()) }

  private mutating func appendBlocks(of data: [UInt8], bits: UInt8) {
    bytes.append(bits)
    for start in stride(from: 0, to: data.count, by: 255) {
      let block = data[start..<min(start + 255, data.count)]
      bytes.append(UInt8(block.count))
      bytes += block
    }
    bytes.append(0)
  }

  private static func word(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
}
