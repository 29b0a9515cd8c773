/// At most so many colors that stand for all those of some pictures, found by cutting the box that holds most in two,
/// again and again, at its median (Heckbert, "Color Image Quantization for Frame Buffer Display", 1982).
package struct Palette: Sendable {
  /// Bits of each channel that are distinguished.
  private static let bits = 6
  private static let cells = 1 << (3 * bits)

  package private(set) var colors: [SIMD3<UInt8>]
  /// For each cell of the color cube, the number of the nearest color; −1 where it is not computed yet.
  private var nearest: [Int16]

  /// - Precondition: `count` is 2…256, and there is a pixel.
  package init(count: Int, for images: [Image]) {
    var tallies: [Int: Tally] = [:]
    for image in images {
      for i in stride(from: 0, to: image.pixels.count, by: 3) {
        let color = SIMD3(image.pixels[i], image.pixels[i + 1], image.pixels[i + 2])
        tallies[Self.cell(of: color), default: Tally()].add(color)
      }
    }
    // Sorted, because a dictionary has no order of its own.
    var boxes = [ColorBox(tallies.sorted { $0.key < $1.key }.map(\.value))]
    while boxes.count < count, let widest = boxes.indices.max(by: { boxes[$0].weight < boxes[$1].weight }),
      boxes[widest].weight > 0
    {
      let (low, high) = boxes[widest].halves
      boxes[widest] = low
      boxes.append(high)
    }
    colors = boxes.map(\.mean)
    nearest = Array(repeating: -1, count: Self.cells)
  }

  private static func cell(of color: SIMD3<UInt8>) -> Int {
    let part = color &>> SIMD3(repeating: UInt8(8 - bits))
    return Int(part.x) << (2 * bits) | Int(part.y) << bits | Int(part.z)
  }

  /// The number of the color that stands for `color`.
  package mutating func index(of color: SIMD3<UInt8>) -> Int {
    let cell = Self.cell(of: color)
    if nearest[cell] >= 0 { return Int(nearest[cell]) }
    // The cell's middle decides, so that the answer does not depend on the order of requests.
    let half: Int32 = 1 << (7 - Int32(Self.bits))
    let mask = ~UInt8((1 << (8 - Self.bits)) - 1)
    let middle = SIMD3<Int32>(truncatingIfNeeded: color & SIMD3(repeating: mask)) &+ half
    var best = (index: 0, distance: Int32.max)
    for (index, other) in colors.enumerated() {
      let difference = middle &- SIMD3<Int32>(truncatingIfNeeded: other)
      let distance = (difference &* difference).wrappedSum()
      if distance < best.distance { best = (index, distance) }
    }
    nearest[cell] = Int16(best.index)
    return best.index
  }
}

/// The pixels in one cell of the color cube.
private struct Tally {
  var count = 0
  var sum = SIMD3<Int>.zero

  mutating func add(_ color: SIMD3<UInt8>) {
    count += 1
    sum &+= SIMD3<Int>(truncatingIfNeeded: color)
  }

  var mean: SIMD3<Double> { SIMD3<Double>(sum) / Double(count) }
}

private struct ColorBox {
  let tallies: [Tally]
  private let channel: Int
  /// How much is lost by showing all of the box in one color; 0 where nothing is.
  let weight: Double

  init(_ tallies: [Tally]) {
    self.tallies = tallies
    let count = Double(tallies.reduce(0) { $0 + $1.count })
    let mean = tallies.reduce(SIMD3<Double>.zero) { $0 + $1.mean * Double($1.count) } / max(count, 1)
    let spread = tallies.reduce(SIMD3<Double>.zero) { sum, tally in
      let difference = tally.mean - mean
      return sum + difference * difference * Double(tally.count)
    }
    channel = (0..<3).max { spread[$0] < spread[$1] } ?? 0
    weight = tallies.count > 1 ? spread[channel] : 0
  }

  var mean: SIMD3<UInt8> {
    let count = tallies.reduce(0) { $0 + $1.count }
    let sum = tallies.reduce(SIMD3<Int>.zero) { $0 &+ $1.sum }
    return SIMD3<UInt8>(truncatingIfNeeded: (sum &+ SIMD3(repeating: count / 2)) / SIMD3(repeating: max(count, 1)))
  }

  /// The box cut across the channel that spreads most, where its mean lies: what is rare and far off then gets a color
  /// of its own sooner than by the median of pixels.
  var halves: (ColorBox, ColorBox) {
    let count = tallies.reduce(0) { $0 + $1.count }
    let middle = tallies.reduce(0.0) { $0 + Double($1.sum[channel]) } / Double(max(count, 1))
    let low = tallies.filter { $0.mean[channel] <= middle }
    let high = tallies.filter { $0.mean[channel] > middle }
    return (ColorBox(low), ColorBox(high))
  }
}
