import Environments
import Learning
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A few samples whose ratios lie inside and outside the clip range, with advantages of both signs.
private struct Samples {
  let count = 40
  let actions = 3
  var batch = Batch()
  var means: [Float] = []
  var outputs: [Float] = []
  let oldLogStd = [-0.7, -0.4, -1.1]
  let logStd = [-0.75, -0.35, -1.0]
  let order: [Int32]

  init() {
    var random = Random(seed: 11)
    order = (0..<Int32(40)).reversed()
    for _ in 0..<count {
      var logProbability = 0.0
      for i in 0..<actions {
        let mean = random.normal()
        let action = mean + exp(oldLogStd[i]) * random.normal()
        batch.means.append(Float(mean))
        batch.actions.append(Float(action))
        logProbability += Gaussian.logProbability(action, mean: mean, logStd: oldLogStd[i])
      }
      batch.logProbabilities.append(logProbability)
      batch.advantages.append(Float(random.normal()))
      batch.values.append(Float(random.normal()))
      batch.targets.append(Float(random.normal()))
    }
    for sample in order {
      for i in 0..<actions {
        means.append(batch.means[Int(sample) * actions + i] + Float(0.15 * random.normal() * exp(oldLogStd[i])))
      }
      outputs.append(batch.values[Int(sample)] + Float(0.3 * random.normal()))
    }
  }

  /// −Σ surrogate / samples, with its gradients.
  func policyLoss(means: [Float], logStd: [Double]) -> (loss: Double, means: [Float], logStd: [Double], LossSums) {
    var sums = LossSums()
    var meanGradient = [Float](repeating: 0, count: means.count)
    var logStdGradient = [0.0, 0, 0]
    Losses.policy(
      order.span, of: batch, MinibatchTerms(normalizing: batch.advantages.span, of: order.span), means: means,
      logStd: logStd, inverseStd: logStd.map { exp(-$0) }, oldLogStd: oldLogStd, clip: 0.2, meanGradient: &meanGradient,
      logStdGradient: &logStdGradient,
      sums: &sums)
    return (-sums.surrogate / Double(count), meanGradient, logStdGradient, sums)
  }

  func valueLoss(outputs: [Float], clip: Double) -> (loss: Double, gradient: [Float]) {
    var sums = LossSums()
    var gradient = [Float](repeating: 0, count: outputs.count)
    Losses.value(
      order.span, of: batch, MinibatchTerms(samples: count), outputs: outputs, clip: clip, coefficient: 0.5,
      outputGradient: &gradient, sums: &sums)
    return (0.5 * sums.value / Double(count), gradient)
  }
}

@Suite struct LossTests {
  @Test func surrogateGradientIsThatOfFiniteDifferences() {
    let samples = Samples()
    let here = samples.policyLoss(means: samples.means, logStd: samples.logStd)
    // The test is worth something only if some samples are clipped and some are not.
    #expect(here.3.clipped > 4 && here.3.clipped < samples.count - 4)
    #expect(here.means.contains(0))
    for i in samples.means.indices {
      var (above, below) = (samples.means, samples.means)
      above[i] += 0x1p-12
      below[i] -= 0x1p-12
      let rise =
        samples.policyLoss(means: above, logStd: samples.logStd).loss
        - samples.policyLoss(means: below, logStd: samples.logStd).loss
      #expect(abs(rise / Double(above[i] - below[i]) - Double(here.means[i])) < 1e-5)
    }
    for i in samples.logStd.indices {
      var (above, below) = (samples.logStd, samples.logStd)
      above[i] += 1e-6
      below[i] -= 1e-6
      let rise =
        samples.policyLoss(means: samples.means, logStd: above).loss
        - samples.policyLoss(means: samples.means, logStd: below).loss
      #expect(abs(rise / 2e-6 - here.logStd[i]) < 1e-6)
    }
  }

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

  @Test func advantagesAreNormalised() {
    let advantages: [Float] = [1, 2, 3, 10]
    let order: [Int32] = [0, 1, 2, 3]
    let terms = MinibatchTerms(normalizing: advantages.span, of: order.span.extracting(0..<3))
    #expect(terms.advantageMean == 2 && abs(terms.advantageScale - 1) < 1e-7)
  }

  /// One sample, its mirror image, or equals: brought to a mean of 0, nothing would be left of them.
  @Test func advantagesThatDoNotDifferAreNotNormalized() {
    let advantages: [Float] = [1, 2, 3, 10, 10, 0.1, 0.1, 0.1, 0, 0]
    let order = advantages.indices.map { Int32($0) }
    for range in [3..<4, 3..<5, 5..<8, 8..<10] {
      let own = MinibatchTerms(normalizing: advantages.span, of: order.span.extracting(range))
      #expect(own.samples == range.count && own.advantageMean == 0 && own.advantageScale == 1)
      let others = MinibatchTerms(normalizing: advantages.span, of: order.span)
      let terms = MinibatchTerms(normalizing: advantages.span, of: order.span.extracting(range), orAs: others)
      #expect(terms.samples == range.count)
      #expect(terms.advantageMean == others.advantageMean && terms.advantageScale == others.advantageScale)
    }
    // However small a difference is, as long as it is one.
    let small: [Float] = [1e-9, 2e-9, 3e-9]
    let terms = MinibatchTerms(normalizing: small.span, of: order.span.extracting(0..<3))
    #expect(abs(terms.advantageScale * 1e-9 - 1) < 1e-5)
    let damaged: [Float] = [.nan, 1]
    #expect(MinibatchTerms(normalizing: damaged.span, of: order.span.extracting(0..<2)).advantageScale.isNaN)
  }

  @Test func notANumberReachesTheGradient() {
    var samples = Samples()
    samples.batch.advantages[3] = .nan
    let gradient = samples.policyLoss(means: samples.means, logStd: samples.logStd).means
    #expect(gradient.contains { $0.isNaN })
  }
}
