import Rendering
import Testing

@Suite struct CanvasTests {
  private let black = SIMD3<UInt8>(0, 0, 0)

  private func canvas(_ width: Int = 40, _ height: Int = 30) -> Canvas {
    Canvas(width: width, height: height, background: SIMD3(255, 255, 255))
  }

  /// How many pixels are covered, parts of them as parts.
  private func covered(_ canvas: Canvas) -> Double {
    let pixels = canvas.image.pixels
    return stride(from: 0, to: pixels.count, by: 3).reduce(0) { $0 + Double(255 - pixels[$1]) / 255 }
  }

  @Test func areasAreCoveredByWhatTheyHold() {
    var canvas = canvas()
    canvas.fill([[3.25, 2.5], [13.75, 2.5], [13.75, 9], [3.25, 9]], color: black, in: canvas.whole)
    #expect(abs(covered(canvas) - 10.5 * 6.5) < 0.2)
    var triangle = self.canvas()
    triangle.fill([[2, 2], [30, 6], [10, 28]], color: black, in: triangle.whole)
    #expect(abs(covered(triangle) - 0.5 * (28 * 26 - 8 * 4)) < 2)
    // Half of it lies outside.
    var half = self.canvas()
    half.fill([[-10, 5], [10, 5], [10, 15], [-10, 15]], color: black, in: half.whole)
    #expect(abs(covered(half) - 100) < 0.5)
    var light = self.canvas()
    light.fill([[0, 0], [10, 0], [10, 10], [0, 10]], color: black, opacity: 0.2, in: light.whole)
    #expect(light.image[5, 5] == SIMD3(204, 204, 204))
  }

  @Test func linesHaveTheirWidthAndAreNoDenserWhereTheyCross() {
    var canvas = canvas()
    canvas.stroke([[[5, 15], [35, 15]]], width: 3, color: black, in: canvas.whole)
    #expect(abs(covered(canvas) - (90 + .pi * 1.5 * 1.5)) < 3)
    var crossed = self.canvas()
    crossed.stroke(
      [[[5, 15], [35, 15], [20, 15], [20, 5]]], width: 3, color: black, opacity: 0.5, in: crossed.whole)
    #expect(crossed.image[25, 14] == crossed.image[10, 14])
    // A point is a dot.
    var dot = self.canvas()
    dot.stroke([[[20, 15]]], width: 8, color: black, in: dot.whole)
    #expect(abs(covered(dot) - .pi * 16) < 2)
  }

  @Test func nothingIsPaintedOutsideAClip() {
    var canvas = canvas()
    let clip = Canvas.Clip(left: 10, top: 10, right: 20, bottom: 20, in: canvas.whole)
    canvas.fill([[0, 0], [40, 0], [40, 30], [0, 30]], color: black, in: clip)
    #expect(abs(covered(canvas) - 100) < 0.5)
    canvas.stroke([[[0, 0], [40, 30]]], width: 4, color: SIMD3(255, 0, 0), in: clip)
    #expect(canvas.image[14, 11] == SIMD3(255, 0, 0))
    for (x, y) in [(9, 15), (20, 15), (15, 9), (15, 20)] { #expect(canvas.image[x, y] == SIMD3(255, 255, 255)) }
    // A clip beyond the canvas holds nothing.
    let nowhere = Canvas.Clip(left: 50, top: -20, right: 60, bottom: -10, in: canvas.whole)
    let before = canvas.image
    canvas.fill([[0, 0], [90, 0], [90, 30]], color: black, in: nowhere)
    #expect(canvas.image == before)
  }

  @Test func dashesHaveTheirLengths() {
    let strokes = Canvas.dashed([[0, 0], [6, 0], [6, 10]], [4, 3])
    #expect(strokes == [[[0, 0], [4, 0]], [[6, 1], [6, 5]], [[6, 8], [6, 10]]])
    #expect(Canvas.dashed([[0, 0], [9, 0]], []) == [[[0, 0], [9, 0]]])
    #expect(Canvas.dashed([], [1, 1]) == [[]])
  }

  @Test func allOfASCIIHasLetters() {
    let missing = StrokeFont.lines(of: "\u{4E00}", at: .zero, size: 20)
    var seen: [String: Character] = [:]
    for code in UInt8(33)...126 {
      let letter = Character(UnicodeScalar(code))
      let lines = StrokeFont.lines(of: String(letter), at: .zero, size: 20)
      #expect(!lines.isEmpty && lines != missing, "\(letter)")
      #expect(lines.joined().allSatisfy { (-16...5).contains($0.y) && (-0.5...20).contains($0.x) }, "\(letter)")
      let twin = seen.updateValue(letter, forKey: "\(lines)")
      #expect(twin == nil, "\(letter) looks like \(twin ?? " ")")
      #expect(StrokeFont.width(of: String(letter), size: 20) >= (lines.joined().map(\.x).max() ?? 0))
    }
    #expect(StrokeFont.lines(of: "–·×▲▼…−", at: .zero, size: 20).count >= 11)
  }

  @Test func textsGrowWithTheirSize() {
    let (small, large) = (
      StrokeFont.width(of: "Return 1,234", size: 10), StrokeFont.width(of: "Return 1,234", size: 20)
    )
    #expect(abs(2 * small - large) < 1e-9)
    let parts = ["Return", " ", "1,234"].map { StrokeFont.width(of: $0, size: 10) }.reduce(0, +)
    #expect(abs(parts - small) < 1e-9)
  }
}
