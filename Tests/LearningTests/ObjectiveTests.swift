import Environments
import Learning
import Networks
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Samples of one distribution whose ratios lie inside and outside the clip range, with advantages of both signs, and a
/// policy that has moved on since.
private struct Samples {
  let distribution: ActionDistribution
  let count = 40
  var actions: [Float] = []
  var old: [Float] = []
  var outputs: [Float] = []
  var oldLogProbabilities: [Double] = []
  var advantages: [Double] = []
  let oldLogStd: [Double]
  var logStd: [Double]

  init(_ distribution: ActionDistribution) {
    self.distribution = distribution
    oldLogStd = Array([-0.7, -0.4, -1.1].prefix(distribution.parameterCount))
    logStd = Array([-0.75, -0.35, -1.0].prefix(distribution.parameterCount))
    var random = Random(seed: 11)
    let std = oldLogStd.map { Float(exp($0)) }
    for _ in 0..<count {
      let given = (0..<distribution.outputCount).map { _ in Float(random.normal()) }
      var action = [Float](repeating: 0, count: distribution.actionCount)
      var span = action.mutableSpan
      distribution.writeSample(of: given.span, std: std, using: &random, into: &span)
      let terms = DistributionTerms(logStd: oldLogStd)
      oldLogProbabilities.append(
        distribution.figures(of: action.span, outputs: given.span, old: given.span, terms).logProbability)
      actions += action
      old += given
      // Choices move less with their outputs than Gaussians.
      let distance = distribution.parameterCount > 0 ? 0.1 : 0.4
      outputs += given.map { $0 + Float(distance * random.normal()) }
      advantages.append(random.normal())
    }
  }

  /// The loss with its gradients by outputs and deviations.
  func loss(_ objective: some PolicyObjective) -> (loss: Double, outputs: [Float], logStd: [Double], clipped: Int) {
    var terms = DistributionTerms(logStd: oldLogStd)
    terms.setOld(oldLogStd)
    terms.set(logStd)
    var (loss, clipped) = (0.0, 0)
    var outputGradient = [Float](repeating: 0, count: outputs.count)
    var logStdGradient = [Double](repeating: 0, count: logStd.count)
    let (width, actionCount) = (distribution.outputCount, distribution.actionCount)
    for row in 0..<count {
      let new = outputs.span.extracting(row * width..<(row + 1) * width)
      let given = old.span.extracting(row * width..<(row + 1) * width)
      let action = actions.span.extracting(row * actionCount..<(row + 1) * actionCount)
      let figures = distribution.figures(of: action, outputs: new, old: given, terms)
      let value = objective.evaluate(
        figures, oldLogProbability: oldLogProbabilities[row], advantage: advantages[row])
      loss += value.loss + value.slopes.entropy * figures.entropy
      if value.isClipped { clipped += 1 }
      var all = outputGradient.mutableSpan
      var part = all._mutatingExtracting(row * width..<(row + 1) * width)
      var byLogStd = logStdGradient.mutableSpan
      distribution.writeGradient(
        value.slopes, of: action, outputs: new, old: given, terms, into: &part, logStdGradient: &byLogStd)
    }
    return (loss, outputGradient, logStdGradient, clipped)
  }
}

/// The divergence alone.
private struct DivergenceObjective: PolicyObjective {
  func evaluate(_ figures: ActionFigures, oldLogProbability: Double, advantage: Double) -> ObjectiveValue {
    ObjectiveValue(loss: figures.divergence, slopes: ActionSlopes(divergence: 1))
  }
}

@Suite struct ObjectiveTests {
  static let distributions: [ActionDistribution] = [
    .gaussian(actions: 3, minStd: 0.05), .categorical(choices: [2]), .categorical(choices: [3, 5]),
  ]

  private func expectGradient(_ samples: Samples, of objective: some PolicyObjective) {
    let here = samples.loss(objective)
    for i in samples.outputs.indices {
      var (above, below) = (samples, samples)
      above.outputs[i] += 0x1p-13
      below.outputs[i] -= 0x1p-13
      let (high, low) = (above.loss(objective), below.loss(objective))
      // Across the corner of a limit a difference is no slope.
      guard high.clipped == here.clipped, low.clipped == here.clipped else { continue }
      #expect(abs((high.loss - low.loss) / 0x1p-12 - Double(here.outputs[i])) < 2e-4, "output \(i)")
    }
    for i in samples.logStd.indices {
      var (above, below) = (samples, samples)
      above.logStd[i] += 1e-6
      below.logStd[i] -= 1e-6
      let rise = above.loss(objective).loss - below.loss(objective).loss
      #expect(abs(rise / 2e-6 - here.logStd[i]) < 1e-5, "deviation \(i)")
    }
  }

  @Test(arguments: distributions) func surrogateGradientIsThatOfFiniteDifferences(_ distribution: ActionDistribution) {
    let samples = Samples(distribution)
    let objective = ClippedObjective(clip: 0.1, entropyCoefficient: 0.1)
    // The test is worth something only if some samples are clipped and some are not.
    let clipped = samples.loss(objective).clipped
    #expect(clipped > 4 && clipped < samples.count - 4, "\(clipped)")
    expectGradient(samples, of: objective)
  }

  @Test(arguments: distributions) func penalizedGradientIsThatOfFiniteDifferences(_ distribution: ActionDistribution) {
    let samples = Samples(distribution)
    expectGradient(samples, of: PenalizedObjective(penalty: 3, entropyCoefficient: 0.1))
    // Ratio and divergence both weigh in.
    let without = samples.loss(PenalizedObjective(penalty: 0, entropyCoefficient: 0.1))
    let with = samples.loss(PenalizedObjective(penalty: 3, entropyCoefficient: 0.1))
    #expect(with.loss > without.loss + 0.1 && with.clipped == 0)
  }

  @Test(arguments: distributions) func policyGradientIsThatOfFiniteDifferences(_ distribution: ActionDistribution) {
    expectGradient(Samples(distribution), of: PolicyGradientObjective(entropyCoefficient: 0.1))
  }

  @Test(arguments: distributions) func divergenceGradientIsThatOfFiniteDifferences(_ distribution: ActionDistribution) {
    expectGradient(Samples(distribution), of: DivergenceObjective())
  }

  /// Frequencies of draws are probabilities.
  @Test func choicesAreDrawnByTheirOdds() {
    let distribution = ActionDistribution.categorical(choices: [3])
    let logits: [Float] = [0, 1, -1]
    let total = logits.reduce(0.0) { $0 + exp(Double($1)) }
    var counts = [0, 0, 0]
    var random = Random(seed: 2)
    let draws = 30_000
    for _ in 0..<draws {
      var action: [Float] = [0]
      var span = action.mutableSpan
      distribution.writeSample(of: logits.span, std: [], using: &random, into: &span)
      counts[Int(action[0])] += 1
    }
    for choice in 0..<3 {
      let share = exp(Double(logits[choice])) / total
      let deviation = (share * (1 - share) / Double(draws)).squareRoot()
      #expect(abs(Double(counts[choice]) / Double(draws) - share) < 5 * deviation)
    }
  }
}
