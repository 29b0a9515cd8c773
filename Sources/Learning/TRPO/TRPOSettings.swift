import Environments
import Networks

/// Settings of TRPO.
public struct TRPOSettings: OnPolicyLearnerSettings {
  public var horizon = 64
  public var discount = 0.99
  public var lambda = 0.95
  /// The greatest mean divergence of an update.
  public var targetKL = 0.01
  /// Conjugate gradient iterations of an update.
  public var cgIterations = 10
  /// What is added to the Fisher matrix' diagonal.
  public var damping = 0.1
  /// Steps that the line search tries, each `backtracking` of the one before.
  public var lineSearchSteps = 10
  public var backtracking = 0.7
  public var entropyCoefficient = 0.0
  /// Passes of the value network over the samples, in minibatches of `minibatchSize`.
  public var valueEpochs = 5
  public var minibatchSize = 128
  public var maxGradientNorm = 0.0
  /// Of the value network.
  public var learningRate = 1e-3
  public var normalizeObservations = true
  public var observationClip = 10.0
  public var normalizeValues = true
  public var normalizeAdvantages = true
  public var mirrorSamples = false
  public var rewardScale = 1.0
  public var initialStd = 0.5
  public var minStd = 0.05
  public var hiddenLayers = [64, 64]
  public var valueLayers = [64, 64]
  public var activation = Activation.tanh
  public var outputGain = 0.01
  public var gradientShards = 4
  public var totalSteps = 1_000_000

  public init() {}

  public var smallerSteps: String { SettingHint.set("trpo.target_kl", targetKL / 2) }
}

// MARK: Names, ranges and help

extension TRPOSettings {
  public static let section = "trpo"

  public static let keys: [SettingKey<TRPOSettings>] =
    [
      horizonKey, discountKey,
      .number("trpo.lambda", \.lambda, .from(0, to: 1), "λ of the generalized advantage estimate"),
      .number("trpo.target_kl", \.targetKL, .from(1e-9, to: 1e3), "greatest mean KL divergence of an update"),
      .whole("trpo.cg_iterations", \.cgIterations, 1...1_000, "conjugate gradient iterations of an update"),
      .number("trpo.damping", \.damping, .from(0, to: 1e6), "what is added to the Fisher matrix' diagonal"),
      .whole("trpo.line_search_steps", \.lineSearchSteps, 1...1_000, "steps that the line search tries"),
      .number("trpo.backtracking", \.backtracking, .from(0.01, to: 0.99), "factor between two of those steps"),
      entropyKey,
      .whole("trpo.value_epochs", \.valueEpochs, 1...1_000, "passes of the value network over the samples"),
      .whole("trpo.minibatch", \.minibatchSize, 1...10_000_000, "samples in a minibatch of the value network"),
      maxGradientNormKey, learningRateKey,
    ] + normalizationKeys + networkKeys + [gradientShardsKey, totalStepsKey]
}
