import Environments
import Learning
import Networks
import Storage
import TestEnvs
import Testing

/// Shows a sign in the first of four steps and asks for it in the last: what is shown then does not tell it.
private struct RecallEnv: Env {
  let spec: EnvSpec
  private var sign: Float = 0
  private var steps = 0

  init() throws {
    spec = try EnvSpec(
      observations: [ObservationSlice("sign", count: 1), ObservationSlice("isAsked", count: 1)],
      actions: [ActionChannel("answer")], controlInterval: 1, episodeSteps: 4, endings: ["answered"])
  }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    sign = random.unit() < 0.5 ? -1 : 1
    steps = 0
    observation[0] = sign
    observation[1] = 0
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    steps += 1
    observation[0] = 0
    observation[1] = steps == 3 ? 1 : 0
    guard steps == 4 else { return Transition(reward: 0, ending: .running) }
    let error = action[0] - 0.5 * sign
    return Transition(reward: -error * error, ending: .terminated(reason: 0))
  }

  func save(to writer: inout StateWriter) {
    writer.write(sign)
    writer.write(steps)
  }

  mutating func restore(from reader: inout StateReader) throws {
    sign = try reader.readFloat()
    steps = try reader.readInt()
  }
}

@Suite struct RecurrentLearnerTests {
  private func learner(_ name: String, for spec: EnvSpec, _ changes: [String: String]) throws -> any AnyLearner {
    let kind = try #require(LearnerKind.named(name))
    var settings = kind.settings
    for (key, text) in changes {
      let found = try #require(kind.keys.first { $0.name == "\(name).\(key)" })
      #expect(found.write(&settings, text), "\(key)")
    }
    return try kind.makeLearner(spec: spec, settings: settings, seed: 1)
  }

  /// Mean squared error of the answers of a policy, which half of a sign is right for.
  private func error(of policy: NetworkPolicy) throws -> Float {
    var sum: Float = 0
    for seed in 0..<8 as Range<UInt64> {
      var env = try RecallEnv()
      var random = Random(seed: 0)
      var memory = [Float](repeating: 0, count: policy.memoryCount)
      var (shown, action): ([Float], [Float]) = ([0, 0], [0])
      do {
        var span = shown.mutableSpan
        env.reset(seed: seed, observation: &span)
      }
      for _ in 0..<4 {
        do {
          var span = action.mutableSpan
          var state = memory.mutableSpan
          policy.act(on: shown.span, memory: &state, random: &random, into: &span)
        }
        var span = shown.mutableSpan
        sum -= env.step(action.span, observation: &span).reward
      }
    }
    return sum / 8
  }

  /// Without a memory nothing is better than the mean of both answers, whose squared error is 0.25.
  @Test(arguments: [
    ("ppo", "none", 30), ("ppo", "gru", 60), ("a2c", "gru", 300),
  ]) func aMemoryIsWhatItTakes(name: String, memory: String, iterations: Int) throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try RecallEnv() }
    let learner = try learner(
      name, for: envs.spec, ["horizon": "32", "entropy_coefficient": "0", "memory": memory, "memory_width": "16"])
    let workers = Workers(threads: 2)
    for _ in 0..<iterations { _ = try learner.improve(in: envs, on: workers) }
    let error = try error(of: learner.policy)
    if memory == "none" { #expect(error > 0.2) } else { #expect(error < 0.05) }
  }

  /// A rollout of five envs, whose episodes start within sequences, and the gradient of one minibatch of it.
  @Test(arguments: [(0, true), (6, false), (6, true)])
  func gradientIsThatOfFiniteDifferences(memoryWidth: Int, sharesTrunk: Bool) throws {
    let envs = try VectorEnv(count: 5, shards: 2, seed: 4) { _ in try RecallEnv() }
    var settings = PPOSettings()
    (settings.horizon, settings.sequenceLength, settings.gradientShards) = (11, 6, 2)
    (settings.hiddenLayers, settings.valueLayers, settings.outputGain) = ([5, 4], [4], 1)
    (settings.memory, settings.memoryWidth) = (memoryWidth > 0 ? .gru : .none, max(1, memoryWidth))
    (settings.sharesTrunk, settings.activation) = (sharesTrunk, .tanh)
    var ppo = try PPO(spec: envs.spec, settings: settings, seed: 4)
    let workers = Workers(threads: 1)
    // Two iterations, so that memories last from one rollout to the next and statistics are known.
    for _ in 0..<2 { _ = try ppo.improve(in: envs, on: workers) }
    var report = IterationReport()
    _ = try ppo.core.collect(in: envs, on: workers, &report)
    ppo.core.beginUpdate(minibatches: 2)
    ppo.core.shuffle(on: workers)

    let objective = ClippedObjective(clip: 10, entropyCoefficient: 0.1)
    let valueLoss = ValueLoss(coefficient: 0.7)
    let terms = MinibatchTerms(normalizing: ppo.core.advantages(ofMinibatch: 0, of: 2))
    #expect(terms.samples > 20 && terms.samples < 55)
    func loss() -> Double {
      let sums = ppo.core.computeGradient(ofMinibatch: 0, of: 2, terms, objective, valueLoss, on: workers)
      return (sums.policy - 0.1 * sums.entropy + 0.7 * sums.value) / Double(sums.samples)
    }
    _ = loss()
    let gradient = ppo.core.lastGradient
    #expect(gradient.count == ppo.core.model.parameters.count)
    for i in gradient.indices {
      let step: Float = 4e-3
      let here = ppo.core.model.parameters.values[i]
      ppo.core.model.parameters.values[i] = here + step
      let above = loss()
      ppo.core.model.parameters.values[i] = here - step
      let below = loss()
      ppo.core.model.parameters.values[i] = here
      let slope = (above - below) / Double(2 * step)
      #expect(abs(slope - Double(gradient[i])) < 2e-3 * max(0.2, abs(slope)), "parameter \(i)")
    }
  }

  @Test func aSharedTrunkIsHandedOn() throws {
    let envs = try VectorEnv(count: 8, seed: 1) { _ in try RecallEnv() }
    let first = try learner("ppo", for: envs.spec, ["shared_trunk": "true", "memory": "gru"])
    let workers = Workers(threads: 1)
    for _ in 0..<2 { _ = try first.improve(in: envs, on: workers) }
    let start = try LearnerStart(from: TensorFile(decoding: first.policyFile(robot: "recall").encoded()))
    var settings = PPOSettings()
    settings.adopt(start.policy)
    settings.goOn(from: start, pace: nil, envs: 8) { _ in false }
    #expect(settings.sharesTrunk && settings.memory == .gru && settings.frozenSteps == 2 * 8 * settings.horizon)
    let second = try PPO(spec: envs.spec, from: start, settings: settings, seed: 2)
    #expect(
      second.core.model.parameters.values.count == second.policy.network.parameters.count
        + (second.policy.memory?.parameters.count ?? 0) + 1 + 65)
    #expect(second.policy.memory == first.policy.memory)
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    var settings = PPOSettings()
    (settings.memory, settings.mirrorSamples) = (.gru, true)
    #expect(throws: LearningError.self) { try settings.validate() }

    let envs = try VectorEnv(count: 2, seed: 1) { _ in try PointEnv() }
    settings = PPOSettings()
    settings.sharesTrunk = true
    #expect(settings.misfit(with: envs)?.contains("ppo.shared_trunk") ?? false)

    let recurrent = try learner("ppo", for: envs.spec, ["memory": "gru"])
    #expect(throws: LearningError.self) {
      _ = try TRPO(spec: envs.spec, from: LearnerStart(recurrent.policy), seed: 1)
    }
  }
}
