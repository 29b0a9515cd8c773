import Environments
import Learning
import Networks
import TestEnvs
import Testing

/// Shows a number and rewards the choice that has its sign.
private struct SignEnv: Env {
  let spec: EnvSpec
  private var shown: Float = 0

  init() throws {
    spec = try EnvSpec(
      observations: [ObservationSlice("shown", count: 1)],
      actionSpace: .discrete([ChoiceChannel("sign", choices: ["negative", "zero", "positive"])]), controlInterval: 1,
      episodeSteps: 1, endings: ["answered"])
  }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    shown = Float(random.uniform(-1...1))
    observation[0] = shown
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    observation[0] = shown
    return Transition(reward: (shown < 0) == (action[0] == 0) && action[0] != 1 ? 1 : 0, ending: .terminated(reason: 0))
  }

  func save(to writer: inout StateWriter) { writer.write(shown) }
  mutating func restore(from reader: inout StateReader) throws { shown = try reader.readFloat() }
}

@Suite struct OnPolicyLearnerTests {
  /// Iterations after which each learner, some with settings of their own, has solved a task of one step.
  private static let iterations = [
    "ppo": 60, "ppo shared_trunk=true": 60, "a2c": 400, "a2c advantage=q": 400, "a3c": 400, "reinforce": 250,
    "trpo": 80,
  ]
  static let variants = iterations.keys.sorted()

  private func make(_ variant: String, for spec: EnvSpec, _ changes: [String: String]) throws -> any AnyLearner {
    let parts = variant.split(separator: " ").map(String.init)
    let name = parts[0]
    var changes = changes
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=").map(String.init)
      changes[pair[0]] = pair[1]
    }
    let kind = try #require(LearnerKind.named(name))
    var settings = kind.settings
    for (key, text) in changes {
      let found = try #require(kind.keys.first { $0.name == "\(name).\(key)" })
      #expect(found.write(&settings, text), "\(key)")
    }
    return try kind.makeLearner(spec: spec, settings: settings, seed: 1)
  }

  private func answers(_ policy: NetworkPolicy, to shown: [Float]) -> [Float] {
    var actions = shown
    var none: [Float] = []
    var random = Random(seed: 0)
    var span = actions.mutableSpan
    var memory = none.mutableSpan
    policy.act(on: shown.span, memory: &memory, random: &random, into: &span)
    return actions
  }

  /// The smallest of problems with a known optimum, in numbers and in choices.
  @Test(arguments: variants) func learnsTheKnownOptimum(_ name: String) throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try HalfEnv() }
    let learner = try make(name, for: envs.spec, ["horizon": "32", "entropy_coefficient": "0"])
    let workers = Workers(threads: 2)
    for _ in 0..<Self.iterations[name, default: 0] { _ = try learner.improve(in: envs, on: workers) }
    let shown: [Float] = [-0.9, -0.5, 0, 0.4, 0.8]
    for (shown, answer) in zip(shown, answers(learner.policy, to: shown)) {
      #expect(abs(answer - shown / 2) < 0.1, "\(answer) for \(shown)")
    }
  }

  @Test(arguments: variants) func learnsToChoose(_ name: String) throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try SignEnv() }
    let learner = try make(name, for: envs.spec, ["horizon": "32", "entropy_coefficient": "0"])
    let workers = Workers(threads: 2)
    for _ in 0..<Self.iterations[name, default: 0] { _ = try learner.improve(in: envs, on: workers) }
    #expect(answers(learner.policy, to: [-0.9, -0.3, 0.3, 0.9]) == [0, 0, 2, 2])
    #expect(learner.policy.std.isEmpty && learner.policy.distribution == .categorical(choices: [3]))
    // And through a file.
    let back = try NetworkPolicy(from: learner.policyFile(robot: "sign"))
    #expect(back.spec == envs.spec && answers(back, to: [-0.4, 0.4]) == [0, 2])
  }

  /// Without a baseline only whole episodes are samples.
  @Test func reinforceLearnsWithoutABaseline() throws {
    let envs = try VectorEnv(count: 16, seed: 1) { _ in try PointEnv() }
    let learner = try make("reinforce", for: envs.spec, ["horizon": "100", "baseline": "none"])
    let workers = Workers(threads: 2)
    var returns: [Double] = []
    for _ in 0..<150 {
      let report = try learner.improve(in: envs, on: workers)
      #expect(report["value_loss"].isFinite)
      if let mean = report.meanReturn { returns.append(mean) }
    }
    let (first, last) = (returns.prefix(3).reduce(0, +) / 3, returns.suffix(5).reduce(0, +) / 5)
    #expect(last > 0.6 * first, "\(returns)")
  }

  @Test func reinforceEndsAtARunningMean() throws {
    let envs = try VectorEnv(count: 16, seed: 1) { _ in try HalfEnv() }
    let learner = try make("reinforce", for: envs.spec, ["horizon": "8", "stop_return": "-0.05"])
    let workers = Workers(threads: 1)
    #expect(!learner.isFinished)
    var iterations = 0
    while !learner.isFinished, iterations < 2_000 {
      _ = try learner.improve(in: envs, on: workers)
      iterations += 1
    }
    #expect(learner.isFinished && iterations > 3, "\(iterations)")
  }

  /// The bound on the divergence is held, and most of it is used.
  @Test func trpoKeepsItsBound() throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try PointEnv() }
    let learner = try make("trpo", for: envs.spec, ["target_kl": "0.01"])
    let workers = Workers(threads: 2)
    var used: [Double] = []
    for _ in 0..<30 {
      let report = try learner.improve(in: envs, on: workers)
      #expect(report["kl"] <= 0.01 && report["step_share"] > 0)
      used.append(report["kl"])
    }
    #expect(used.sorted()[15] > 0.003, "\(used)")
  }
}
