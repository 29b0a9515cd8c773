import Environments
import Learning
import Networks
import TestEnvs
import Testing

@Suite struct ExplorationTests {
  /// A policy that always asks for the middle.
  private func still() throws -> NetworkPolicy {
    let spec = try PointEnv().spec
    return try NetworkPolicy(
      spec: spec, network: try MLP(sizes: [3, 2], activation: .relu), distribution: .deterministic(actions: 2),
      normalizer: Normalizer(columns: 3), observationClip: 0)
  }

  /// The pushes of 20,000 steps in units of half their range, env by env.
  private func pushes(_ exploration: Exploration) throws -> [[Float]] {
    let envs = try VectorEnv(count: 500, shards: 1, seed: 1, start: .together) { _ in try PointEnv() }
    exploration.collect(steps: 40, in: envs, with: try still(), on: Workers(threads: 1))
    let actions = envs.rollout(ofShard: 0).actions
    return (0..<500).map { env in (0..<40).map { actions[($0 * 500 + env) * 2] / 2 } }
  }

  private func product(_ pushes: [[Float]], lag: Int, from first: Int) -> Double {
    var (sum, count) = (0.0, 0.0)
    for series in pushes {
      for t in first..<series.count - lag {
        sum += Double(series[t] * series[t + lag])
        count += 1
      }
    }
    return sum / count
  }

  @Test func gaussianNoiseIsOfTheStdAskedForAndIndependent() throws {
    let pushes = try pushes(.gaussian(std: 0.2))
    #expect(abs(product(pushes, lag: 0, from: 0) - 0.04) < 0.002)
    #expect(abs(product(pushes, lag: 1, from: 0)) < 0.002)
  }

  /// Noise stays within the limits.
  @Test func actionsAreClipped() throws {
    for exploration in [Exploration.gaussian(std: 2), .ornsteinUhlenbeck(decay: 0.1, std: 2)] {
      let pushes = try pushes(exploration).flatMap { $0 }
      #expect(pushes.allSatisfy { abs($0) <= 1 } && pushes.contains(1) && pushes.contains(-1))
    }
  }

  /// x ← (1 − θ) x + σ ε has the variance σ² / (1 − (1 − θ)²) and the autocorrelation (1 − θ)ᵏ; it starts at rest.
  @Test func ornsteinUhlenbeckNoiseLasts() throws {
    let pushes = try pushes(.ornsteinUhlenbeck(decay: 0.25, std: 0.15))
    let variance = 0.0225 / (1 - 0.5625)
    #expect(abs(product(pushes, lag: 0, from: 15) / variance - 1) < 0.05)
    #expect(abs(product(pushes, lag: 2, from: 15) / variance - 0.5625) < 0.05)
    #expect(abs(product(pushes.map { [$0[0]] }, lag: 0, from: 0) - 0.0225) < 0.005)
  }
}
