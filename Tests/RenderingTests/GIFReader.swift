import Rendering

/// What a viewer makes of an animated GIF, by the format's own words (CompuServe, "Graphics Interchange Format", 89a).
struct GIFReader {
  struct Damage: Error {}

  private(set) var frames: [Image] = []
  /// Of each frame, hundredths of a second.
  private(set) var delays: [Int] = []
  /// The area of each frame that is stored, in pixels.
  private(set) var areas: [Int] = []
  private(set) var loopsForEver = false
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    guard try take(6) == Array("GIF89a".utf8) else { throw Damage() }
    let (width, height) = (try word(), try word())
    let flags = try byte()
    _ = try take(2)
    guard flags & 0x80 != 0 else { throw Damage() }
    let palette = try take(3 << ((flags & 7) + 1))
    var screen = Image(width: width, height: height)
    var (delay, transparent) = (0, -1)
    while true {
      switch try byte() {
      case 0x3B:
        guard place == bytes.count else { throw Damage() }
        return
      case 0x21:
        let label = try byte()
        let data = try blocks()
        if label == 0xF9 {
          guard data.count == 4, data[0] & 0x1C == 0x04 else { throw Damage() }
          delay = Int(data[1]) | Int(data[2]) << 8
          transparent = data[0] & 1 != 0 ? Int(data[3]) : -1
        } else if label == 0xFF, data.starts(with: Array("NETSCAPE2.0".utf8)) {
          loopsForEver = data.suffix(3) == [1, 0, 0]
        }
      case 0x2C:
        let (left, top, columns, rows) = (try word(), try word(), try word(), try word())
        guard try byte() == 0, left + columns <= width, top + rows <= height else { throw Damage() }
        let bits = Int(try byte())
        let values = try Self.expand(try blocks(), bits: bits)
        guard values.count == columns * rows else { throw Damage() }
        for (i, value) in values.enumerated() where Int(value) != transparent {
          let color = 3 * Int(value)
          screen[left + i % columns, top + i / columns] = SIMD3(palette[color], palette[color + 1], palette[color + 2])
        }
        frames.append(screen)
        delays.append(delay)
        areas.append(columns * rows)
      default: throw Damage()
      }
    }
  }

  private mutating func take(_ count: Int) throws -> [UInt8] {
    guard place + count <= bytes.count else { throw Damage() }
    defer { place += count }
    return Array(bytes[place..<place + count])
  }

  private mutating func byte() throws -> UInt8 { try take(1)[0] }
  private mutating func word() throws -> Int { try take(2).enumerated().reduce(0) { $0 | Int($1.1) << (8 * $1.0) } }

  private mutating func blocks() throws -> [UInt8] {
    var data: [UInt8] = []
    while true {
      let count = Int(try byte())
      if count == 0 { return data }
      data += try take(count)
    }
  }

  /// The values that were compressed.
  static func expand(_ data: [UInt8], bits: Int) throws -> [UInt8] {
    let (clear, end) = (1 << bits, (1 << bits) + 1)
    var place = 0
    var width = bits + 1
    var table: [[UInt8]] = []
    var previous: [UInt8]?
    var values: [UInt8] = []
    while true {
      var code = 0
      for bit in 0..<width {
        guard place < 8 * data.count else { throw Damage() }
        code |= Int(data[place / 8] >> (place % 8) & 1) << bit
        place += 1
      }
      if code == clear {
        table = (0..<clear).map { [UInt8($0)] } + [[], []]
        width = bits + 1
        previous = nil
        continue
      }
      if code == end { return values }
      guard let last = previous else {
        guard code < clear else { throw Damage() }
        previous = table[code]
        values += table[code]
        continue
      }
      guard code <= table.count else { throw Damage() }
      let string = code < table.count ? table[code] : last + [last[0]]
      values += string
      if table.count < 4096 { table.append(last + [string[0]]) }
      if table.count == 1 << width, width < 12 { width += 1 }
      previous = string
    }
  }
}
