/// A point of a canvas, in pixels from its upper left corner, x to the right and y down.
package typealias CanvasPoint = SIMD2<Double>

/// A flat picture that lines and areas are painted on, with smooth edges.
package struct Canvas: Sendable {
  /// The part of a canvas that may be painted, in whole pixels.
  package struct Clip: Sendable {
    package var x: Range<Int>
    package var y: Range<Int>

    /// The pixels that a rectangle touches, as far as they lie in `outer`.
    package init(left: Double, top: Double, right: Double, bottom: Double, in outer: Clip) {
      x = Self.pixels(left, right).clamped(to: outer.x)
      y = Self.pixels(top, bottom).clamped(to: outer.y)
    }

    init(x: Range<Int>, y: Range<Int>) { (self.x, self.y) = (x, y) }

    private static func pixels(_ low: Double, _ high: Double) -> Range<Int> {
      let bounded = { (value: Double) in Int(min(max(value, -1e6), 1e6)) }
      let start = bounded(low.rounded(.down))
      return start..<max(start, bounded(high.rounded(.up)))
    }
  }

  package let width: Int
  package let height: Int
  /// Red, green and blue in sRGB, 0…255, as which colors are mixed in web pages too.
  private var pixels: [SIMD3<Float>]

  package init(width: Int, height: Int, background: SIMD3<UInt8>) {
    (self.width, self.height) = (width, height)
    pixels = Array(repeating: SIMD3<Float>(background), count: width * height)
  }

  /// All of it.
  package var whole: Clip { Clip(x: 0..<width, y: 0..<height) }

  package var image: Image {
    var image = Image(width: width, height: height)
    for (i, pixel) in pixels.enumerated() {
      for channel in 0..<3 { image.pixels[3 * i + channel] = UInt8(min(max(pixel[channel].rounded(), 0), 255)) }
    }
    return image
  }

  // MARK: Lines

  /// Paints lines with round ends and corners; where they overlap they are no denser.
  package mutating func stroke(
    _ lines: [[CanvasPoint]], width: Double, color: SIMD3<UInt8>, opacity: Double = 1, in clip: Clip
  ) {
    let reach = width / 2 + 1
    var mask = Mask(around: lines.joined(), reach: reach, in: clip)
    for line in lines {
      for (a, b) in zip(line, line.count > 1 ? line.dropFirst() : line[...]) { mask.add(from: a, to: b, width: width) }
    }
    blend(mask, color, opacity)
  }

  /// Lines cut into strokes and gaps of the given lengths, in turn.
  package static func dashed(_ line: [CanvasPoint], _ lengths: [Double]) -> [[CanvasPoint]] {
    guard !lengths.isEmpty, lengths.allSatisfy({ $0 > 0 }), let first = line.first else { return [line] }
    var (strokes, stroke) = ([[CanvasPoint]](), [first])
    var (number, left) = (0, lengths[0])
    for (a, b) in zip(line, line.dropFirst()) {
      let length = ((b - a) * (b - a)).sum().squareRoot()
      var done = 0.0
      while length - done > left {
        done += left
        let point = a + (b - a) * (done / length)
        if number % 2 == 0 { strokes.append(stroke + [point]) }
        stroke = [point]
        number += 1
        left = lengths[number % lengths.count]
      }
      left -= length - done
      stroke.append(b)
    }
    if number % 2 == 0 { strokes.append(stroke) }
    return strokes
  }

  // MARK: Areas

  /// Paints the inside of a polygon.
  package mutating func fill(
    _ polygon: [CanvasPoint], color: SIMD3<UInt8>, opacity: Double = 1, in clip: Clip
  ) {
    var mask = Mask(around: polygon, reach: 1, in: clip)
    mask.add(polygon)
    blend(mask, color, opacity)
  }

  private mutating func blend(_ mask: Mask, _ color: SIMD3<UInt8>, _ opacity: Double) {
    let color = SIMD3<Float>(color)
    for y in mask.clip.y {
      for x in mask.clip.x {
        let share = Float(opacity) * mask[x, y]
        if share > 0 { pixels[y * width + x] += (color - pixels[y * width + x]) * share }
      }
    }
  }
}

/// How much of each pixel something covers, 0…1.
private struct Mask {
  let clip: Canvas.Clip
  private var shares: [Float]

  /// Room for what lies around some points.
  init(around points: some Sequence<CanvasPoint>, reach: Double, in clip: Canvas.Clip) {
    var (low, high) = (CanvasPoint(repeating: .infinity), CanvasPoint(repeating: -.infinity))
    for point in points { (low, high) = (pointwiseMin(low, point), pointwiseMax(high, point)) }
    self.clip =
      low.x <= high.x
      ? Canvas.Clip(left: low.x - reach, top: low.y - reach, right: high.x + reach, bottom: high.y + reach, in: clip)
      : Canvas.Clip(x: clip.x.lowerBound..<clip.x.lowerBound, y: clip.y.lowerBound..<clip.y.lowerBound)
    shares = Array(repeating: 0, count: self.clip.x.count * self.clip.y.count)
  }

  subscript(x: Int, y: Int) -> Float {
    get { shares[(y - clip.y.lowerBound) * clip.x.count + x - clip.x.lowerBound] }
    set { shares[(y - clip.y.lowerBound) * clip.x.count + x - clip.x.lowerBound] = newValue }
  }

  /// Adds a straight line with round ends.
  mutating func add(from a: CanvasPoint, to b: CanvasPoint, width: Double) {
    let reach = width / 2 + 1
    let box = Canvas.Clip(
      left: min(a.x, b.x) - reach, top: min(a.y, b.y) - reach, right: max(a.x, b.x) + reach,
      bottom: max(a.y, b.y) + reach, in: clip)
    let along = b - a
    let square = (along * along).sum()
    for y in box.y {
      for x in box.x {
        let offset = CanvasPoint(Double(x) + 0.5, Double(y) + 0.5) - a
        let share = square > 0 ? min(max((offset * along).sum() / square, 0), 1) : 0
        let beside = offset - along * share
        let covered = Float(min(max(width / 2 + 0.5 - (beside * beside).sum().squareRoot(), 0), 1))
        if covered > self[x, y] { self[x, y] = covered }
      }
    }
  }

  /// Rows of a pixel that are sampled one by one.
  private static let rows = 4

  /// Adds the inside of a polygon: what it goes around at least once.
  mutating func add(_ polygon: [CanvasPoint]) {
    guard let last = polygon.last else { return }
    let edges = zip([last] + polygon.dropLast(), polygon).filter { $0.y != $1.y }
    for y in clip.y {
      for row in 0..<Self.rows {
        let level = Double(y) + (Double(row) + 0.5) / Double(Self.rows)
        var crossings = edges.compactMap { a, b -> (x: Double, turn: Int)? in
          guard min(a.y, b.y) <= level, level < max(a.y, b.y) else { return nil }
          return (a.x + (b.x - a.x) * ((level - a.y) / (b.y - a.y)), a.y < b.y ? 1 : -1)
        }
        crossings.sort { $0.x < $1.x }
        var turns = 0
        for (here, next) in zip(crossings, crossings.dropFirst()) {
          turns += here.turn
          if turns != 0 { addRow(y, from: here.x, to: next.x) }
        }
      }
    }
  }

  private mutating func addRow(_ y: Int, from left: Double, to right: Double) {
    let (left, right) = (max(left, Double(clip.x.lowerBound)), min(right, Double(clip.x.upperBound)))
    guard left < right else { return }
    for x in Int(left)..<min(Int(right.rounded(.up)), clip.x.upperBound) {
      let covered = min(Double(x + 1), right) - max(Double(x), left)
      self[x, y] += Float(covered) / Float(Self.rows)
    }
  }
}
