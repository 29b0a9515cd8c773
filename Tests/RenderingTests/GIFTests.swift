import Environments
import Rendering
import Testing

@Suite struct GIFTests {
  /// A square that wanders over two fields, in few colors.
  private func frame(_ number: Int) -> Image {
    var image = Image(width: 60, height: 40)
    for y in 0..<40 {
      for x in 0..<60 {
        let isSquare = (number * 5..<number * 5 + 8).contains(x) && (10..<18).contains(y)
        image[x, y] = isSquare ? SIMD3(200, 30, 10) : x < 30 ? SIMD3(250, 250, 250) : SIMD3(90, 140, 200)
      }
    }
    return image
  }

  private func file(_ frames: [Image], framesPerSecond: Double = 25) -> [UInt8] {
    var gif = GIF(paletteFrom: frames, framesPerSecond: framesPerSecond)
    for frame in frames { gif.append(frame) }
    return gif.file
  }

  @Test func fewColorsComeBackExactly() throws {
    let frames = (0..<10).map(frame) + [frame(9)]
    let reader = try GIFReader(file(frames))
    #expect(reader.frames == frames)
    #expect(reader.loopsForEver)
    #expect(reader.delays == Array(repeating: 4, count: 11))
    // Only where the square was and is; and next to nothing where it stood still.
    #expect(reader.areas == [2400] + Array(repeating: 13 * 8, count: 9) + [1])
    #expect(file(frames) == file(frames))
  }

  @Test func timeIsKeptAtOddRates() throws {
    let reader = try GIFReader(file((0..<30).map { frame($0 % 10) }, framesPerSecond: 30))
    #expect(reader.delays.reduce(0, +) == 100)
    #expect(Set(reader.delays) == [3, 4])
  }

  @Test func manyColorsComeBackClosely() throws {
    let frames = (0..<3).map { number in
      var image = Image(width: 96, height: 64)
      for y in 0..<64 { for x in 0..<96 { image[x, y] = SIMD3(UInt8(2 * x), UInt8(3 * y), UInt8(40 * number)) } }
      return image
    }
    for (shown, frame) in zip(try GIFReader(file(frames)).frames, frames) {
      var squares = 0.0
      for (a, b) in zip(shown.pixels, frame.pixels) { squares += (Double(a) - Double(b)) * (Double(a) - Double(b)) }
      #expect((squares / Double(frame.pixels.count)).squareRoot() < 8)
    }
  }

  @Test(arguments: [0, 1, 2, 300, 50_000])
  func lzwComesBack(_ count: Int) throws {
    var random = Random(seed: 1)
    // Noise fills the table again and again; runs make its strings long.
    let noise = (0..<count).map { _ in UInt8(random.index(below: 256)) }
    let runs = (0..<count).map { UInt8($0 / 700 % 3) }
    let small = (0..<count).map { _ in UInt8(random.index(below: 4)) }
    for (values, bits) in [(noise, 8), (runs, 8), (runs, 2), (small, 2), (small, 5)] {
      #expect(try GIFReader.expand(LZW.compress(values, bits: bits), bits: bits) == values)
    }
  }

  @Test func everyColorHasItsPlaceWhileThereIsRoom() {
    var palette = Palette(count: 255, for: [frame(2)])
    #expect(palette.colors.count == 3)
    for color in [SIMD3<UInt8>(200, 30, 10), SIMD3(250, 250, 250), SIMD3(90, 140, 200)] {
      #expect(palette.colors[palette.index(of: color)] == color)
    }
  }
}
