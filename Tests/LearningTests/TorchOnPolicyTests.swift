import Environments
import Learning
import Networks
import Testing

/// Updates as PyTorch makes them.
@Suite struct TorchOnPolicyTests {
  /// What the policy gives: numbers or choices.
  enum Kind: String, Sendable, CaseIterable {
    case gaussian, categorical

    var space: ActionSpace {
      switch self {
      case .gaussian: .continuous([ActionChannel("a"), ActionChannel("b")])
      case .categorical:
        .discrete(
          TorchOnPolicy.choices.enumerated().map { i, count in
            ChoiceChannel("c\(i)", choices: (0..<count).map { "choice\($0)" })
          })
      }
    }
    var actions: [Float] { self == .gaussian ? TorchOnPolicy.gaussianActions : TorchOnPolicy.categoricalActions }
    var outputs: [Float] { self == .gaussian ? TorchOnPolicy.gaussianOutputs : TorchOnPolicy.categoricalOutputs }
    var logProbabilities: [Double] {
      self == .gaussian ? TorchOnPolicy.gaussianLogProbabilities : TorchOnPolicy.categoricalLogProbabilities
    }
    var before: [Float] { self == .gaussian ? TorchOnPolicy.gaussianBefore : TorchOnPolicy.categoricalBefore }
  }

  /// A learner with PyTorch's networks, whose samples are spread over its shards.
  private func make<L: OnPolicyLearner & ~Copyable>(
    _ learner: L.Type, _ kind: Kind, advantages: [Float] = TorchOnPolicy.advantages,
    targets: [Float] = TorchOnPolicy.targets, _ change: (inout L.Settings) -> Void
  ) throws -> L {
    let spec = try EnvSpec(
      observations: [ObservationSlice("x", count: TorchOnPolicy.inputs)], actionSpace: kind.space, controlInterval: 1,
      episodeSteps: 10)
    var settings = L.Settings()
    settings.hiddenLayers = [TorchOnPolicy.hidden]
    settings.valueLayers = [TorchOnPolicy.hidden]
    settings.activation = .tanh
    settings.entropyCoefficient = TorchOnPolicy.entropyCoefficient
    settings.maxGradientNorm = TorchOnPolicy.maxGradientNorm
    settings.learningRate = TorchOnPolicy.learningRate
    settings.minStd = TorchOnPolicy.minStd
    change(&settings)
    var learner = try L(spec: spec, settings: settings, seed: 1)
    learner.core.model.parameters.values = kind.before
    let (rows, shards) = (advantages.count, learner.core.shards.count)
    for (i, shard) in learner.core.shards.enumerated() {
      let range = i * rows / shards..<(i + 1) * rows / shards
      func part<Value>(_ values: [Value]) -> [Value] {
        let width = values.count / rows
        return Array(values[range.lowerBound * width..<range.upperBound * width])
      }
      shard.state.withLock { state in
        state.batch.observations = part(TorchOnPolicy.observations)
        state.batch.actions = part(kind.actions)
        state.batch.outputs = part(kind.outputs)
        state.batch.logProbabilities = part(kind.logProbabilities)
        state.batch.advantages = part(advantages)
        state.batch.targets = part(targets)
        state.batch.values = part(TorchOnPolicy.values)
      }
    }
    return learner
  }

  /// Compares `updates` updates, and the means of their figures, with PyTorch's.
  private func expectSame<L: OnPolicyLearner & ~Copyable>(
    _ learner: inout L, _ kind: Kind, as name: String, updates: Int
  ) throws {
    let (after, figures) = try #require(TorchOnPolicy.updates["\(name) \(kind.rawValue)"])
    let workers = Workers(threads: 2)
    var sums: [String: Double] = [:]
    for _ in 0..<updates {
      var report = IterationReport()
      learner.update(on: workers, &report)
      for figure in report.figures { sums[figure.name, default: 0] += figure.value }
    }
    let found = learner.core.model.parameters.values
    try #require(found.count == after.count && kind.before.count == after.count)
    var (worst, moved): (Float, Float) = (0, 0)
    for i in after.indices {
      worst = max(worst, abs(found[i] - after[i]))
      moved = max(moved, abs(after[i] - kind.before[i]))
    }
    #expect(worst < 1e-5 && moved > 0.01, "off by \(worst) of \(moved)")
    for (key, value) in figures {
      let mean = sums[key, default: .nan] / Double(updates)
      #expect(abs(mean - value) < 1e-5 * max(1, abs(value)), "\(key): \(mean), not \(value)")
    }
  }

  /// Three epochs over one minibatch, values clipped.
  @Test(arguments: PPOSettings.Objective.allCases, Kind.allCases)
  func ppo(_ objective: PPOSettings.Objective, _ kind: Kind) throws {
    var learner = try make(PPO.self, kind) {
      $0.objective = objective
      $0.epochs = TorchOnPolicy.steps
      $0.clip = TorchOnPolicy.clip
      $0.penalty = TorchOnPolicy.penalty
      $0.valueClip = TorchOnPolicy.valueClip
      $0.valueCoefficient = TorchOnPolicy.valueCoefficient
      $0.schedule = .constant
    }
    try expectSame(&learner, kind, as: "ppo \(objective.rawValue)", updates: 1)
  }

  @Test(arguments: Adam.Rule.allCases, Kind.allCases) func a2c(_ rule: Adam.Rule, _ kind: Kind) throws {
    var learner = try make(A2C.self, kind) {
      $0.optimizer = rule
      $0.valueCoefficient = TorchOnPolicy.valueCoefficient
    }
    try expectSame(&learner, kind, as: "a2c \(rule.rawValue)", updates: TorchOnPolicy.steps)
  }

  /// Whole episodes of one env, one after the other; with a baseline and without.
  @Test(arguments: REINFORCESettings.Baseline.allCases, Kind.allCases)
  func reinforce(_ baseline: REINFORCESettings.Baseline, _ kind: Kind) throws {
    let rewards = TorchOnPolicy.rewards
    let rows = rewards.count
    let values = baseline == .value ? TorchOnPolicy.values : Array(repeating: 0, count: rows)
    var endings = Array(repeating: Ending.running, count: rows)
    for row in stride(from: TorchOnPolicy.episode - 1, to: rows, by: TorchOnPolicy.episode) {
      endings[row] = .terminated(reason: 0)
    }
    let finals = Array(repeating: 0 as Float, count: rows / TorchOnPolicy.episode)
    let shown = values + [0]
    var advantages = values
    var span = advantages.mutableSpan
    Advantage.estimate(
      rewards: rewards.span, endings: endings.span, values: shown.span, finalValues: finals.span,
      envCount: 1, discount: TorchOnPolicy.discount, lambda: REINFORCESettings().lambda, into: &span)
    let targets = advantages.indices.map { advantages[$0] + values[$0] }
    var learner = try make(REINFORCE.self, kind, advantages: advantages, targets: targets) {
      $0.baseline = baseline
      $0.valueCoefficient = TorchOnPolicy.valueCoefficient
    }
    try expectSame(&learner, kind, as: "reinforce \(baseline.rawValue)", updates: TorchOnPolicy.steps)
    let critic = learner.valueNetwork.parameters
    #expect((critic[...] == kind.before.suffix(critic.count)) == (baseline == .none))
  }

  /// The Gaussian's line search shortens the step once; the choices' takes it whole.
  @Test(arguments: Kind.allCases) func trpo(_ kind: Kind) throws {
    var learner = try make(TRPO.self, kind) {
      $0.targetKL = TorchOnPolicy.targetKL
      $0.cgIterations = TorchOnPolicy.cgIterations
      $0.damping = TorchOnPolicy.damping
      $0.backtracking = TorchOnPolicy.backtracking
      $0.valueEpochs = TorchOnPolicy.valueEpochs
      $0.maxGradientNorm = 0
    }
    try expectSame(&learner, kind, as: "trpo", updates: 1)
    let share = try #require(TorchOnPolicy.updates["trpo \(kind.rawValue)"]?.figures["step_share"])
    #expect((share < 1) == (kind == .gaussian))
  }
}
