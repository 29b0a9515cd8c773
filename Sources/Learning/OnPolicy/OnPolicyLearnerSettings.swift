import Environments
import Networks

/// The settings that all on-policy learners have, each with its name, range and help.
public protocol OnPolicyLearnerSettings: LearnerSettings {
  /// Control steps that each env takes in an iteration.
  var horizon: Int { get set }
  /// γ, the weight of a reward one step later.
  var discount: Double { get set }
  /// What rewards are multiplied by before anything is learned from them.
  var rewardScale: Double { get set }
  var entropyCoefficient: Double { get set }
  /// The joint norm that gradients are clipped to; 0 sets no limit.
  var maxGradientNorm: Double { get set }
  var learningRate: Double { get set }
  var normalizeObservations: Bool { get set }
  /// Where normalized observations are clipped.
  var observationClip: Double { get set }
  /// Whether returns are normalized for the value network.
  var normalizeValues: Bool { get set }
  /// Whether advantages are brought to mean 0 and standard deviation 1.
  var normalizeAdvantages: Bool { get set }
  /// Whether every sample is learned from a second time as its mirror image; the envs must declare a symmetry.
  var mirrorSamples: Bool { get set }
  /// The policy's first standard deviation; 1 is half an action's range.
  var initialStd: Double { get set }
  /// The standard deviation below which the policy cannot fall.
  var minStd: Double { get set }
  /// Widths of the policy's hidden layers.
  var hiddenLayers: [Int] { get set }
  /// Widths of the value network's hidden layers.
  var valueLayers: [Int] { get set }
  var activation: Activation { get set }
  /// The scale of the policy's first output weights.
  var outputGain: Double { get set }
  /// Parts that minibatches are drawn from and gradients summed over. Part of the result, unlike the number of threads.
  var gradientShards: Int { get set }
  /// λ of the generalized advantage estimate.
  var lambda: Double { get }
  /// Whether a value network is used; see `AdvantageSettings.usesValues`.
  var usesValues: Bool { get }
  /// Env steps at the start in which the policy does not change.
  var frozenSteps: Int { get }
  var optimizer: Adam.Rule { get }
  /// What networks remember with.
  var memory: NetworkMemory { get }
  /// Numbers in each network's memory.
  var memoryWidth: Int { get }
  /// Steps that gradients go back through at most.
  var sequenceLength: Int { get }
  /// Whether the value network is one more output of the policy's hidden layers.
  var sharesTrunk: Bool { get }
  /// Whether the value network reads the action as well, so that it is one of action values.
  var valuesActions: Bool { get }
}

/// What a network remembers with.
public enum NetworkMemory: String, Sendable, Equatable, CaseIterable {
  case none
  /// A gated recurrent unit in front of the layers.
  case gru
}

extension OnPolicyLearnerSettings {
  public var usesValues: Bool { true }
  public var frozenSteps: Int { 0 }
  public var optimizer: Adam.Rule { .adam }
  public var memory: NetworkMemory { .none }
  public var memoryWidth: Int { 64 }
  public var sequenceLength: Int { 1 }
  public var sharesTrunk: Bool { false }
  public var valuesActions: Bool { false }
}

// MARK: Names, ranges and help

extension OnPolicyLearnerSettings {
  private static func name(_ name: String) -> String { "\(section).\(name)" }
  private static var mostSteps: Int { 1_000_000_000_000 }
  private static var widths: ClosedRange<Int> { 1...MLP.widest }

  static var horizonKey: SettingKey<Self> {
    .whole(name("horizon"), \.horizon, 1...1_000_000, "steps each env takes in an iteration")
  }
  static var discountKey: SettingKey<Self> {
    .number(name("gamma"), \.discount, .from(0, to: 1), "discount factor γ of a control step")
  }
  static var entropyKey: SettingKey<Self> {
    .number(name("entropy_coefficient"), \.entropyCoefficient, .from(0, to: 1e3), "weight of the entropy bonus")
  }
  static var maxGradientNormKey: SettingKey<Self> {
    .number(
      name("max_gradient_norm"), \.maxGradientNorm, .from(0, to: 1e9), "norm that gradients are clipped to; 0: no limit"
    )
  }
  static var learningRateKey: SettingKey<Self> {
    .number(name("learning_rate"), \.learningRate, .from(0, to: 1), "initial learning rate")
  }
  static var normalizationKeys: [SettingKey<Self>] {
    [
      .flag(name("normalize_observations"), \.normalizeObservations, "whether observations are normalized"),
      .number(
        name("observation_clip"), \.observationClip, .from(1e-3, to: 1e6),
        "bound that normalized observations are clipped to"),
      .flag(name("normalize_values"), \.normalizeValues, "whether returns are normalized for the value network"),
      .flag(
        name("normalize_advantages"), \.normalizeAdvantages,
        "whether advantages are brought to mean 0 and standard deviation 1"),
      .flag(name("mirror_samples"), \.mirrorSamples, "whether each sample is also learned from mirrored"),
      .number(name("reward_scale"), \.rewardScale, .from(1e-9, to: 1e9), "factor of the rewards in learning"),
    ]
  }
  static var networkKeys: [SettingKey<Self>] {
    [
      .number(name("initial_std"), \.initialStd, .above(0, upTo: 100), "initial standard deviation of the actions"),
      .number(name("min_std"), \.minStd, .from(1e-6, to: 10), "lower bound of the standard deviation of the actions"),
      .list(name("hidden_layers"), \.hiddenLayers, of: widths, upTo: 16, "widths of the policy's hidden layers"),
      .list(name("value_layers"), \.valueLayers, of: widths, upTo: 16, "widths of the value network's hidden layers"),
      .choice(name("activation"), \.activation, "activation function of the hidden layers"),
      .number(name("output_gain"), \.outputGain, .from(0, to: 100), "scale of the policy's initial output weights"),
    ]
  }
  static var gradientShardsKey: SettingKey<Self> {
    .whole(
      name("gradient_shards"), \.gradientShards, 1...1_024,
      "parts that minibatches are drawn from; results depend on it, as on shards")
  }
  static var totalStepsKey: SettingKey<Self> {
    .whole(
      name("total_steps"), \.totalSteps, 0...mostSteps,
      "env steps over which schedules run; 0: the steps of the robot's preset")
  }

  public func misfit(with envs: VectorEnv) -> String? {
    if mirrorSamples && envs.symmetry == nil {
      return "declares no symmetry; '\(Self.name("mirror_samples"))' must be false for it"
    }
    if sharesTrunk && envs.spec.policyColumns != envs.spec.criticColumns {
      return "shows the critic more than the policy; '\(Self.name("shared_trunk"))' must be false for it"
    }
    return nil
  }

  /// What is wrong with settings that all on-policy learners have; nil if nothing is.
  var commonConflict: String? {
    if initialStd <= minStd {
      return
        "setting '\(Self.name("initial_std"))' is \(initialStd); it must be above '\(Self.name("min_std"))', \(minStd)"
    }
    if mirrorSamples && memory != .none {
      return "setting '\(Self.name("mirror_samples"))' must be false where '\(Self.name("memory"))' is "
        + "'\(memory.rawValue)': what a policy would remember of a mirrored episode is not known"
    }
    return nil
  }

  public var conflict: String? { commonConflict }

  // MARK: Starting from a policy

  /// Names of the settings about a policy without memory.
  static var onPolicyKeys: [String] {
    ["hidden_layers", "activation", "min_std", "normalize_observations", "observation_clip"].map(name)
  }
  public static var policyKeys: [String] { onPolicyKeys }
  public static var freshPolicyKeys: [String] { ["initial_std", "output_gain"].map(name) }
  public var startingStd: Double? { initialStd }

  public mutating func adopt(_ policy: NetworkPolicy) { adoptLayers(of: policy) }

  mutating func adoptLayers(of policy: NetworkPolicy) {
    hiddenLayers = Array(policy.network.sizes.dropFirst().dropLast())
    activation = policy.network.activation
    if case .gaussian(_, let minStd) = policy.distribution { self.minStd = minStd }
    normalizeObservations = policy.observationClip > 0
    if policy.observationClip > 0 { observationClip = policy.observationClip }
    // Something that is possible, for it must not contradict the floor.
    initialStd = max(Self().initialStd, 2 * minStd)
  }

  public mutating func goOn(from start: LearnerStart, pace: Double?, envs: Int, isAsked: (String) -> Bool) {
    if !isAsked(Self.name("value_layers")), let layers = start.valueLayers { valueLayers = layers }
  }

  // MARK: Advice

  public var smallerSteps: String { SettingHint.set(Self.name("learning_rate"), learningRate / 2) }

  public var otherExploration: String? {
    SettingHint.set(Self.name("initial_std"), initialStd < 1 ? min(1, initialStd * 2) : initialStd / 2)
  }

  public var lessExploration: String? {
    initialStd > 2 * minStd
      ? SettingHint.set(Self.name("initial_std"), initialStd / 2) : SettingHint.set(Self.name("min_std"), minStd / 2)
  }
}

// MARK: Networks that remember

/// The settings of an on-policy learner whose networks may remember.
public protocol RecurrentLearnerSettings: OnPolicyLearnerSettings {
  var memory: NetworkMemory { get set }
  var memoryWidth: Int { get set }
  var sequenceLength: Int { get set }
}

extension RecurrentLearnerSettings {
  static var memoryKeys: [SettingKey<Self>] {
    [
      .choice("\(section).memory", \.memory, "what the networks remember earlier observations with"),
      .whole("\(section).memory_width", \.memoryWidth, 1...MLP.widest, "numbers in each network's memory"),
      .whole(
        "\(section).sequence_length", \.sequenceLength, 1...1_000_000,
        "steps that gradients of networks with a memory go back through"),
    ]
  }

  public static var policyKeys: [String] { onPolicyKeys + ["\(section).memory", "\(section).memory_width"] }

  public mutating func adopt(_ policy: NetworkPolicy) {
    adoptLayers(of: policy)
    memory = policy.memory == nil ? .none : .gru
    if let width = policy.memory?.shape.width { memoryWidth = width }
  }
}

// MARK: What the shared part needs

extension OnPolicyLearnerSettings {
  package var networks: OnPolicyNetworks {
    OnPolicyNetworks(
      hiddenLayers: hiddenLayers, valueLayers: valueLayers, activation: activation, outputGain: outputGain,
      initialStd: initialStd, minStd: minStd, observationClip: normalizeObservations ? observationClip : 0,
      memoryWidth: memory == .none ? 0 : memoryWidth, sharesTrunk: sharesTrunk,
      valuesActions: valuesActions)
  }

  package var core: OnPolicySettings {
    OnPolicySettings(
      horizon: horizon,
      advantages: AdvantageSettings(
        discount: discount, lambda: lambda, rewardScale: rewardScale, usesValues: usesValues),
      normalizesObservations: normalizeObservations, normalizesValues: normalizeValues, mirrorsSamples: mirrorSamples,
      sampleShards: gradientShards, frozenSteps: frozenSteps, maxGradientNorm: maxGradientNorm,
      optimizer: optimizer, sequenceLength: sequenceLength)
  }
}
