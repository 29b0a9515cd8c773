import Environments
import Learning
import Networks
import TestEnvs
import Testing

@Suite struct ConjugateGradientsTests {
  /// A positive definite matrix, made as Bᵀ B.
  @Test func solvesALinearSystem() {
    var random = Random(seed: 1)
    let n = 6
    let b = (0..<n * n).map { _ in random.normal() }
    func product(_ x: [Float]) -> [Float] {
      let y = (0..<n).map { row in (0..<n).reduce(0) { $0 + b[row * n + $1] * Double(x[$1]) } }
      return (0..<n).map { column in Float((0..<n).reduce(0) { $0 + b[$1 * n + column] * y[$1] }) }
    }
    let wanted = (0..<n).map { _ in Float(random.normal()) }
    let solution = ConjugateGradients(iterations: 30, damping: 0).solve(product(wanted), in: 0..<n, product)
    for i in 0..<n {
      let error = abs(solution.vector[i] - Double(wanted[i]))
      #expect(error < 1e-2)
    }
    let curvature = zip(wanted, product(wanted)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(solution.curvature / curvature - 1) < 1e-3)
  }

  @Test func dampingIsAddedToTheDiagonal() {
    let solution = ConjugateGradients(iterations: 5, damping: 1).solve([2, 4, 9], in: 0..<2) { $0 }
    #expect(solution.vector == [1, 2, 0])
  }

  /// A Fisher-vector product is the change of the divergence's gradient along the vector, as finite differences find it.
  @Test func fisherProductsAreSecondDerivativesOfTheDivergence() throws {
    let envs = try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() }
    var settings = TRPOSettings()
    settings.hiddenLayers = [5]
    settings.valueLayers = [4]
    settings.horizon = 8
    settings.outputGain = 1
    var trpo = try TRPO(spec: envs.spec, settings: settings, seed: 1)
    let workers = Workers(threads: 2)
    var report = IterationReport()
    _ = try trpo.core.collect(in: envs, on: workers, &report)
    trpo.core.beginUpdate(minibatches: 1)
    let terms = MinibatchTerms(samples: trpo.core.rows)
    func divergenceGradient() -> [Float] {
      _ = trpo.core.computeGradient(
        ofMinibatch: 0, of: 1, terms, DivergenceObjective(), ValueLoss(coefficient: 0), parts: .policy, on: workers)
      return trpo.core.lastGradient
    }
    let here = trpo.core.model.parameters.values
    let count = trpo.core.model.policy.network.parameters.count + 2
    var random = Random(seed: 2)
    let direction = here.indices.map { $0 < count ? Float(random.normal()) : 0 }
    #expect(divergenceGradient().allSatisfy { abs($0) < 1e-6 })
    let product = trpo.core.fisherProduct(with: direction, samples: terms.samples, on: workers)
    let step: Float = 1e-3
    for i in here.indices { trpo.core.model.parameters.values[i] = here[i] + step * direction[i] }
    let above = divergenceGradient()
    for i in here.indices { trpo.core.model.parameters.values[i] = here[i] - step * direction[i] }
    let below = divergenceGradient()
    let largest = product.map(abs).max() ?? 0
    #expect(largest > 0.1)
    for i in 0..<count {
      let slope = (above[i] - below[i]) / (2 * step)
      #expect(abs(slope - product[i]) < 0.01 * largest, "parameter \(i)")
    }
  }
}

/// The divergence alone.
private struct DivergenceObjective: PolicyObjective {
  func evaluate(_ figures: ActionFigures, oldLogProbability: Double, advantage: Double) -> ObjectiveValue {
    ObjectiveValue(loss: figures.divergence, slopes: ActionSlopes(divergence: 1))
  }
}
