import Environments
import Networks

/// Settings of all off-policy learners.
public struct OffPolicySettings: Sendable, Equatable {
  /// Control steps that each env takes in an iteration.
  public var horizon = 16
  /// Gradient steps in an iteration; 0 makes as many as env steps.
  public var updates = 0
  /// Env steps at first in which actions are drawn uniformly and nothing is learned.
  public var learningStarts = 1_000
  /// Transitions in a minibatch.
  public var minibatchSize = 256
  /// Transitions that the replay buffer holds.
  public var bufferCapacity = 1_000_000
  /// γ, the weight of a reward one step later.
  public var discount = 0.99
  /// Steps whose rewards a transition sums before the critics' values take over.
  public var returnSteps = 1
  /// τ, the share by which target networks follow in a gradient step.
  public var targetRate = 0.005
  public var learningRate = 1e-3
  /// What `learningRate` moves to, in proportion to the steps taken of `totalSteps`; 0 lets it stay.
  public var finalLearningRate = 0.0
  /// The norm to which the critics' gradient and the policy's are each cut; 0 sets no limit.
  public var maxGradientNorm = 0.0
  public var normalizeObservations = false
  /// Where normalized observations are cut off.
  public var observationClip = 10.0
  /// What rewards are multiplied by before anything is learned from them.
  public var rewardScale = 1.0
  /// Env steps at first in which the policy keeps still and only the critics learn.
  public var frozenSteps = 0
  /// Widths of the policy's hidden layers.
  public var hiddenLayers = [256, 256]
  /// Widths of each critic's hidden layers.
  public var valueLayers = [256, 256]
  public var activation = Activation.relu
  /// The scale of the policy's first output weights.
  public var outputGain = 0.01
  /// The env steps over which the learning rate moves.
  public var totalSteps = 1_000_000

  public init() {}

  /// The learning rate after `steps` env steps.
  func learningRate(after steps: Int) -> Double {
    guard finalLearningRate > 0, totalSteps > 0 else { return learningRate }
    return learningRate + (finalLearningRate - learningRate) * min(Double(steps) / Double(totalSteps), 1)
  }
}

// MARK: Names, ranges and help

extension OffPolicySettings {
  /// The settings as a learner's, in its section.
  static func keys<Settings>(
    _ section: String, in path: WritableKeyPath<Settings, OffPolicySettings> & Sendable
  ) -> [SettingKey<Settings>] {
    keys(section).map { $0.lifted({ $0[keyPath: path] }, { $0[keyPath: path] = $1 }) }
  }

  private static func keys(_ section: String) -> [SettingKey<OffPolicySettings>] {
    [
      .whole("\(section).horizon", \.horizon, 1...1_000_000, "steps each env takes in an iteration"),
      .whole(
        "\(section).updates", \.updates, 0...1_000_000,
        "gradient steps in an iteration; 0: as many as it has env steps"),
      .whole(
        "\(section).learning_starts", \.learningStarts, 0...mostSteps,
        "env steps at the start with uniformly random actions and no gradient steps"),
      .whole("\(section).minibatch", \.minibatchSize, 1...65_536, "transitions in a minibatch"),
      .whole("\(section).buffer", \.bufferCapacity, 1...1_000_000_000, "transitions that the replay buffer holds"),
      .number("\(section).gamma", \.discount, .from(0, to: 1), "discount factor γ of a control step"),
      .whole(
        "\(section).return_steps", \.returnSteps, 1...1_000,
        "steps whose rewards a transition sums before the critics' values take over"),
      .number(
        "\(section).tau", \.targetRate, .above(0, upTo: 1),
        "share τ by which target networks follow the present ones in a gradient step"),
      .number("\(section).learning_rate", \.learningRate, .from(0, to: 1), "initial learning rate of Adam"),
      .number(
        "\(section).final_learning_rate", \.finalLearningRate, .from(0, to: 1),
        "learning rate in the end; 0: learning_rate"),
      .number(
        "\(section).max_gradient_norm", \.maxGradientNorm, .from(0, to: 1e9),
        "norm that gradients are clipped to; 0: no limit"),
      .flag("\(section).normalize_observations", \.normalizeObservations, "whether observations are normalized"),
      .number(
        "\(section).observation_clip", \.observationClip, .from(1, to: 1e6),
        "bound that normalized observations are clipped to"),
      .number("\(section).reward_scale", \.rewardScale, .from(1e-9, to: 1e9), "factor of the rewards in learning"),
      .whole(
        "\(section).frozen_steps", \.frozenSteps, 0...mostSteps,
        "env steps at the start in which only the critics learn; --init sets it"),
      .list("\(section).hidden_layers", \.hiddenLayers, of: widths, upTo: 16, "widths of the policy's hidden layers"),
      .list("\(section).value_layers", \.valueLayers, of: widths, upTo: 16, "widths of each critic's hidden layers"),
      .choice("\(section).activation", \.activation, "activation function of the hidden layers"),
      .number(
        "\(section).output_gain", \.outputGain, .from(0, to: 100), "scale of the policy's initial output weights"),
      .whole(
        "\(section).total_steps", \.totalSteps, 0...mostSteps,
        "env steps over which the learning rate changes; 0: the steps of the robot's preset"),
    ]
  }

  private static let widths = 1...MLP.widest
  private static let mostSteps = 1_000_000_000_000

  func note(ofTraining steps: Int, _ section: String) -> String? {
    guard finalLearningRate > 0, finalLearningRate != learningRate, totalSteps != steps else { return nil }
    return "the learning rate moves over \(section).total_steps, \(NumberText.grouped(totalSteps)) steps, and the "
      + "training over \(NumberText.grouped(steps))"
  }

  func smallerSteps(_ section: String) -> String { SettingHint.set("\(section).learning_rate", learningRate / 2) }
}

// MARK: Starting from a policy

extension OffPolicySettings {
  /// Settings that a policy determines.
  static func policyKeys(_ section: String) -> [String] {
    ["hidden_layers", "activation", "normalize_observations", "observation_clip"].map { "\(section).\($0)" }
  }

  static func freshPolicyKeys(_ section: String) -> [String] { ["\(section).output_gain"] }

  /// Env steps, for each transition of a minibatch, in which fresh critics get to know a policy before it moves.
  private static let freshSteps = 20

  mutating func adopt(_ policy: NetworkPolicy) {
    hiddenLayers = Array(policy.network.sizes.dropFirst().dropLast())
    activation = policy.network.activation
    normalizeObservations = policy.observationClip > 0
    if policy.observationClip > 0 { observationClip = max(1, policy.observationClip) }
  }

  mutating func goOn(from start: LearnerStart, _ section: String, isAsked: (String) -> Bool) {
    if !isAsked("\(section).value_layers"), let layers = start.criticLayers { valueLayers = layers }
    if !isAsked("\(section).frozen_steps") {
      frozenSteps = learningStarts + (start.criticLayers == valueLayers ? 0 : Self.freshSteps * minibatchSize)
    }
  }
}
