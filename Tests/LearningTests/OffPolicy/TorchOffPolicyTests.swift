import Environments
import Learning
import Networks
import Testing

/// Gradient steps as PyTorch makes them, targets and all.
@Suite struct TorchOffPolicyTests {
  private func spec() throws -> EnvSpec {
    try EnvSpec(
      observations: [ObservationSlice("x", count: TorchOffPolicy.inputs)],
      actions: [ActionChannel("a"), ActionChannel("b")], controlInterval: 1, episodeSteps: 10)
  }

  private func fill(_ settings: inout OffPolicySettings) {
    settings.hiddenLayers = [TorchOffPolicy.hidden]
    settings.valueLayers = [TorchOffPolicy.hidden]
    settings.minibatchSize = TorchOffPolicy.rows
    settings.updates = TorchOffPolicy.steps
    settings.learningStarts = 0
    settings.learningRate = TorchOffPolicy.learningRate
    settings.targetRate = TorchOffPolicy.targetRate
    settings.rewardScale = TorchOffPolicy.rewardScale
  }

  private func expectSame<L: OffPolicyLearner & ~Copyable>(
    _ learner: inout L, before: [Float], after: [Float], criticLoss: Double, policyLoss: Double
  ) throws {
    let networks = L.Settings().networks
    let policy = learner.core.model.policyNetwork.range
    let critics = learner.core.model.criticRange
    let targets = (networks.hasTargetPolicy ? Array(before[policy]) : []) + before[critics]
    let count = before.count + targets.count
    try #require(learner.core.model.parameters.count == count && after.count == count)
    learner.core.model.parameters.values = before + targets
    learner.core.refresh()
    let length = learner.core.buffer.rowLength
    for start in stride(from: 0, to: TorchOffPolicy.transitions.count, by: length) {
      let row = Array(TorchOffPolicy.transitions[start..<start + length])
      learner.core.buffer.append(row.span)
    }
    var report = IterationReport()
    learner.update(on: Workers(threads: 2), &report)
    let found = learner.core.model.parameters.values
    var worst: Float = 0
    for i in after.indices { worst = max(worst, abs(found[i] - after[i])) }
    // Each trained parameter moved by up to four times the rate, 0.04.
    #expect(worst < 1e-5 && found != before + targets, "off by \(worst)")
    #expect(abs(report["critic_loss"] / criticLoss - 1) < 1e-5 && abs(report["policy_loss"] - policyLoss) < 1e-5)
  }

  @Test func ddpg() throws {
    var settings = DDPGSettings()
    fill(&settings.common)
    var learner = try DDPG(spec: try spec(), settings: settings, seed: UInt64(TorchOffPolicy.seed))
    try expectSame(
      &learner, before: TorchOffPolicy.ddpgBefore, after: TorchOffPolicy.ddpgAfter,
      criticLoss: TorchOffPolicy.ddpgCriticLoss, policyLoss: TorchOffPolicy.ddpgPolicyLoss)
  }

  @Test func td3() throws {
    var settings = TD3Settings()
    fill(&settings.common)
    settings.targetNoise = TorchOffPolicy.targetNoise
    settings.targetNoiseClip = TorchOffPolicy.targetNoiseClip
    settings.policyDelay = TorchOffPolicy.policyDelay
    var learner = try TD3(spec: try spec(), settings: settings, seed: UInt64(TorchOffPolicy.seed))
    try expectSame(
      &learner, before: TorchOffPolicy.td3Before, after: TorchOffPolicy.td3After,
      criticLoss: TorchOffPolicy.td3CriticLoss, policyLoss: TorchOffPolicy.td3PolicyLoss)
  }

  @Test func sac() throws {
    var settings = SACSettings()
    fill(&settings.common)
    settings.initialTemperature = TorchOffPolicy.temperature
    settings.targetEntropy = TorchOffPolicy.targetEntropy
    var learner = try SAC(spec: try spec(), settings: settings, seed: UInt64(TorchOffPolicy.seed))
    try expectSame(
      &learner, before: TorchOffPolicy.sacBefore, after: TorchOffPolicy.sacAfter,
      criticLoss: TorchOffPolicy.sacCriticLoss, policyLoss: TorchOffPolicy.sacPolicyLoss)
  }
}
