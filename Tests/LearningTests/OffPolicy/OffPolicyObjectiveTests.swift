import Environments
import Learning
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Gradients of the policies' losses against finite differences, with a value that is a known function of the actions.
@Suite struct OffPolicyObjectiveTests {
  private let rows = 30
  private let actions = 2

  /// −Σ (value of each row), for values Σ w a − ½ a², and its gradient by the actions.
  private func negativeValue(_ actions: [Float]) -> (sum: Double, slopes: [Float]) {
    var (sum, slopes) = (0.0, [Float]())
    for (i, action) in actions.enumerated() {
      let weight = sin(Float(i))
      sum -= Double(weight * action) - 0.5 * Double(action) * Double(action)
      slopes.append((action - weight) / Float(rows))
    }
    return (sum / Double(rows), slopes)
  }

  /// The loss for `outputs`, with the same draws every time, and its gradient.
  private func loss(_ objective: some OffPolicyObjective, _ outputs: [Float]) -> (loss: Double, gradient: [Float]) {
    var random = Random(seed: 4)
    var (actions, noise) = ([Float](repeating: 0, count: rows * actions), [Float](repeating: 0, count: rows * actions))
    let added: Double
    do {
      var actions = actions.mutableSpan
      var noise = noise.mutableSpan
      added = objective.choose(from: outputs.span, using: &random, into: &actions, noise: &noise).loss
    }
    let value = negativeValue(actions)
    var gradient = outputs
    var span = gradient.mutableSpan
    objective.writeGradient(
      outputs: outputs.span, actions: actions.span, noise: noise.span, slopes: value.slopes.span,
      share: 1 / Float(rows), into: &span)
    return (added / Double(rows) + value.sum, gradient)
  }

  private func expectGradient(_ objective: some OffPolicyObjective, outputs: [Float]) {
    let here = loss(objective, outputs)
    for i in outputs.indices {
      var (above, below) = (outputs, outputs)
      above[i] += 0x1p-9
      below[i] -= 0x1p-9
      let slope = (loss(objective, above).loss - loss(objective, below).loss) / Double(above[i] - below[i])
      #expect(abs(slope - Double(here.gradient[i])) < 2e-4, "\(i): \(slope) \(here.gradient[i])")
    }
  }

  private func outputs(_ count: Int, scale: Double) -> [Float] {
    var random = Random(seed: 8)
    return (0..<count).map { _ in Float(scale * random.normal()) }
  }

  @Test func deterministicGradientsAreThoseOfFiniteDifferences() {
    expectGradient(DDPGObjective(), outputs: outputs(rows * actions, scale: 1))
    expectGradient(TD3Objective(noiseStd: 0.2, noiseClip: 0.5), outputs: outputs(rows * actions, scale: 1))
  }

  @Test(arguments: [0, 0.3, 2] as [Float]) func softGradientsAreThoseOfFiniteDifferences(temperature: Float) {
    let objective = SACObjective(actionCount: actions, temperature: temperature)
    expectGradient(objective, outputs: outputs(2 * rows * actions, scale: 1))
  }

  /// Beyond its bounds the logarithm of a deviation has no gradient.
  @Test func deviationsAreBounded() {
    var outputs = outputs(2 * rows * actions, scale: 0.5)
    for row in 0..<rows { (outputs[row * 4 + 2], outputs[row * 4 + 3]) = (3, -21) }
    let objective = SACObjective(actionCount: actions, temperature: 0.3)
    let gradient = loss(objective, outputs).gradient
    for row in 0..<rows { #expect(gradient[row * 4 + 2] == 0 && gradient[row * 4 + 3] == 0) }
    #expect(gradient.contains { $0 != 0 } && gradient.allSatisfy(\.isFinite))
  }

  /// ln π by numbers: the density of tanh of a Gaussian, which integrates to 1, has the entropy that the mean tells.
  @Test func entropyIsThatOfTheDensity() {
    let (mean, logStd) = (0.4 as Float, -0.5 as Float)
    let count = 200_000
    let outputs = (0..<count).flatMap { _ in [mean, logStd] }
    var random = Random(seed: 2)
    var (actions, noise) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    var actionSpan = actions.mutableSpan
    var noiseSpan = noise.mutableSpan
    let objective = SACObjective(actionCount: 1, temperature: 1)
    let sums = objective.choose(from: outputs.span, using: &random, into: &actionSpan, noise: &noiseSpan)
    // ∫ p ln p over −1…1, by the midpoint rule.
    var integral = 0.0
    let steps = 100_000
    for k in 0..<steps {
      let action = -1 + (Double(k) + 0.5) * 2 / Double(steps)
      let z = (atanh(action) - Double(mean)) * exp(-Double(logStd))
      let density = exp(-0.5 * z * z - Double(logStd)) / (2 * Double.pi).squareRoot() / (1 - action * action)
      if density > 0 { integral += density * log(density) * 2 / Double(steps) }
    }
    #expect(abs(sums.logProbability / Double(count) - integral) < 0.01)
    #expect(sums.loss == sums.logProbability)
  }

  /// The noise on the actions that targets are made of is cut off, and so are the actions.
  @Test func targetActionsAreSmoothed() {
    let outputs = (0..<20_000).map { $0 % 2 == 0 ? 0 : 1.5 as Float }
    var (actions, bonuses) = (outputs, [Float](repeating: 1, count: 10_000))
    var random = Random(seed: 3)
    var actionSpan = actions.mutableSpan
    var bonusSpan = bonuses.mutableSpan
    TD3Objective(noiseStd: 0.2, noiseClip: 0.3).chooseNext(
      from: outputs.span, using: &random, into: &actionSpan, bonuses: &bonusSpan)
    let middle = stride(from: 0, to: 20_000, by: 2).map { actions[$0] }
    let squares = middle.reduce(0) { $0 + Double($1 * $1) } / 10_000
    // The variance of a Gaussian whose tails beyond 1.5 deviations are put there: 0.7785 of its own.
    #expect(abs(squares / 0.04 - 0.7785) < 0.03)
    #expect(middle.allSatisfy { abs($0) <= 0.3 } && middle.contains(0.3))
    let upper = stride(from: 1, to: 20_000, by: 2).map { actions[$0] }
    #expect(upper.allSatisfy { $0 <= 1 && $0 >= tanh(1.5) - 0.3001 } && upper.contains(1))
    #expect(bonuses.allSatisfy { $0 == 0 })
  }
}
