import Environments
import Learning
import Networks
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Values that have moved on since the rollout, some beyond a clip range.
private struct Samples {
  let count = 40
  var batch = Batch()
  var outputs: [Float] = []
  let order: [Int32]

  init() {
    var random = Random(seed: 11)
    order = (0..<Int32(40)).reversed()
    for _ in 0..<count {
      batch.values.append(Float(random.normal()))
      batch.targets.append(Float(random.normal()))
    }
    for sample in order { outputs.append(batch.values[Int(sample)] + Float(0.3 * random.normal())) }
  }

  func valueLoss(outputs: [Float], clip: Double) -> (loss: Double, gradient: [Float]) {
    var sums = LossSums()
    var gradient = [Float](repeating: 0, count: outputs.count)
    ValueLoss(coefficient: 0.5, clip: clip).evaluate(
      order.span, of: batch, samples: count, outputs: outputs, outputGradient: &gradient, sums: &sums)
    return (0.5 * sums.value / Double(count), gradient)
  }
}

@Suite struct LossTests {
  @Test(arguments: [0, 0.1]) func valueGradientIsThatOfFiniteDifferences(clip: Double) {
    let samples = Samples()
    let here = samples.valueLoss(outputs: samples.outputs, clip: clip)
    #expect(here.gradient.contains(0) == (clip > 0))
    for i in samples.outputs.indices {
      var (above, below) = (samples.outputs, samples.outputs)
      above[i] += 0x1p-12
      below[i] -= 0x1p-12
      let rise =
        samples.valueLoss(outputs: above, clip: clip).loss - samples.valueLoss(outputs: below, clip: clip).loss
      #expect(abs(rise / Double(above[i] - below[i]) - Double(here.gradient[i])) < 1e-5)
    }
  }

  @Test func entropySlopePassesTheFloor() {
    // d entropy / d raw = d logStd / d raw, as entropy is logStd and a constant.
    let floor = StdFloor(minStd: 0.1)
    for raw: Float in [-5, -2, 0] {
      let rise =
        Gaussian.entropy(logStd: floor.logStd(raw: raw + 0x1p-8))
        - Gaussian.entropy(logStd: floor.logStd(raw: raw - 0x1p-8))
      #expect(abs(rise / 0x1p-7 - floor.slope(raw: raw)) < 1e-5)
    }
  }

  @Test func advantagesAreNormalized() {
    let advantages: [Float] = [1, 2, 3, 10]
    let order: [Int32] = [0, 1, 2, 3]
    let terms = MinibatchTerms(normalizing: Moments(advantages.span, of: order.span.extracting(0..<3)))
    #expect(terms.advantageMean == 2 && abs(terms.advantageScale - 1) < 1e-7)
  }

  /// One sample, its mirror image, or equals: brought to a mean of 0, nothing would be left of them.
  @Test func advantagesThatDoNotDifferAreNotNormalized() {
    let advantages: [Float] = [1, 2, 3, 10, 10, 0.1, 0.1, 0.1, 0, 0]
    let order = advantages.indices.map { Int32($0) }
    func moments(_ range: Range<Int>) -> Moments { Moments(advantages.span, of: order.span.extracting(range)) }
    for range in [3..<4, 3..<5, 5..<8, 8..<10] {
      let own = MinibatchTerms(normalizing: moments(range))
      #expect(own.samples == range.count && own.advantageMean == 0 && own.advantageScale == 1)
      let others = MinibatchTerms(normalizing: moments(0..<10))
      let terms = MinibatchTerms(normalizing: moments(range), orAs: others)
      #expect(terms.samples == range.count)
      #expect(terms.advantageMean == others.advantageMean && terms.advantageScale == others.advantageScale)
    }
    // However small a difference is, as long as it is one.
    let small: [Float] = [1e-9, 2e-9, 3e-9]
    let terms = MinibatchTerms(normalizing: Moments(small.span, of: order.span.extracting(0..<3)))
    #expect(abs(terms.advantageScale * 1e-9 - 1) < 1e-5)
    let damaged: [Float] = [.nan, 1]
    let found = MinibatchTerms(normalizing: Moments(damaged.span, of: order.span.extracting(0..<2)))
    #expect(found.advantageScale.isNaN)
  }

  /// Moments of parts add up to those of the whole.
  @Test func momentsAddUp() {
    var random = Random(seed: 3)
    let values = (0..<50).map { _ in Float(random.normal() + 3) }
    let order = values.indices.map { Int32($0) }
    let whole = Moments(values.span, of: order.span)
    let none = Moments(values.span, of: order.span.extracting(0..<0))
    let sum =
      Moments(values.span, of: order.span.extracting(0..<7)) + none
      + Moments(values.span, of: order.span.extracting(7...))
    #expect(sum.count == 50 && abs(sum.mean - whole.mean) < 1e-12 && abs(sum.squares - whole.squares) < 1e-10)
  }
}
