import Environments
import Learning
import Networks
import TestEnvs
import Testing

@Suite struct CriticTests {
  @Test func valuesSurviveNewStatistics() throws {
    var random = Random(seed: 1)
    let network = try MLP(sizes: [3, 8, 1], activation: .elu, outputGain: 1, using: &random)
    var parameters = network.parameters
    var critic = Critic(shape: network.shape, scaling: .identity(columns: 3))
    let x: [Float] = [0.3, -1, 2]
    func value() -> Float {
      var output: [Float] = [0]
      do {
        var span = output.mutableSpan
        critic.shape.evaluate(
          x.span, rowLength: 3, firstColumn: 0, scaling: .identity(columns: 3), parameters: parameters.span,
          into: &span)
      }
      return critic.mean + critic.std * output[0]
    }
    func merge(_ returns: Normalizer) {
      var span = parameters.mutableSpan
      critic.merge(returns, rescaling: &span)
    }
    // The first units leave the network as it is.
    #expect(value() == 0)
    var first = Normalizer(columns: 1)
    let returnsAtFirst: [Float] = [1, 3]
    first.merge(rows: returnsAtFirst.span)
    merge(first)
    #expect(parameters == network.parameters && critic.mean == 2 && abs(critic.std - 1) < 1e-5)
    let before = value()
    for returns: [Float] in [[5, 7, 9], [-100, 300, 50, 2]] {
      var statistics = Normalizer(columns: 1)
      statistics.merge(rows: returns.span)
      merge(statistics)
      #expect(abs(value() - before) < 1e-4 * max(1, critic.std))
    }
    #expect(critic.std > 50)
  }

  /// A policy whose file names no rule for its normalizer keeps the old one when training goes on from it.
  @Test func earlierPoliciesKeepTheirRule() throws {
    let spec = try HalfEnv().spec
    var policy = try NetworkPolicy(spec: spec, network: MLP(sizes: [1, 1], activation: .tanh))
    var normalizer = Normalizer(columns: 1)
    let rows: [Float] = [0.01, 0.03]
    normalizer.merge(rows: rows.span)
    policy.setNormalizer(normalizer)
    var file = Checkpoint.policyFile(policy, robot: "half")
    file.metadata["normalizer"] = nil
    let earlier = try NetworkPolicy(from: file)
    let ppo = try PPO(policy: earlier, settings: PPOSettings(), seed: 1)
    let again = try NetworkPolicy(from: Checkpoint.policyFile(ppo.policy, robot: "half"))
    #expect(again.normalizer == earlier.normalizer && again.normalizer != policy.normalizer)
  }
}
