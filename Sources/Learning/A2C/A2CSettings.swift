import Environments
import Networks

/// Settings of A2C. The defaults follow the common practice of many envs and few steps.
public struct A2CSettings: ScheduledLearnerSettings, RecurrentLearnerSettings {
  /// The estimator of advantages.
  public enum AdvantageRule: String, Sendable, Equatable, CaseIterable {
    /// Generalized advantage estimation with `lambda`.
    case gae
    /// The whole return up to the end of the rollout, less the value: λ = 1.
    case monteCarlo = "monte_carlo"
    /// One step's temporal difference: λ = 0.
    case td
    /// A value network of actions, as in the Q actor-critic (QAC): how much better it values what was done than the
    /// likeliest action. It learns from the λ-returns of what was done (SARSA).
    case q
  }

  public var horizon = 16
  public var discount = 0.99
  /// λ of the generalized advantage estimate, or of the returns that action values learn from.
  public var gaeLambda = 0.9
  public var advantage = AdvantageRule.gae
  public var entropyCoefficient = 0.0
  /// The weight of the mean squared error of the values.
  public var valueCoefficient = 0.5
  public var maxGradientNorm = 0.5
  public var learningRate = 1.5e-3
  public var schedule = RateSchedule.linear
  public var optimizer = Adam.Rule.rmsProp
  public var normalizeObservations = true
  public var observationClip = 10.0
  public var normalizeValues = true
  public var normalizeAdvantages = true
  public var mirrorSamples = false
  public var rewardScale = 1.0
  public var initialStd = 1.0
  public var minStd = 0.05
  public var hiddenLayers = [64, 64]
  public var valueLayers = [64, 64]
  public var activation = Activation.elu
  public var outputGain = 0.01
  public var memory = NetworkMemory.none
  public var memoryWidth = 64
  public var sequenceLength = 32
  public var gradientShards = 4
  public var totalSteps = 1_000_000

  public init() {}

  public var lambda: Double {
    switch advantage {
    case .gae, .q: gaeLambda
    case .monteCarlo: 1
    case .td: 0
    }
  }

  public var valuesActions: Bool { advantage == .q }

  public var conflict: String? {
    advantage == .q && memory != .none
      ? "setting 'a2c.memory' must be 'none' where 'a2c.advantage' is 'q': action values have no memory"
      : commonConflict
  }
}

// MARK: Names, ranges and help

extension A2CSettings {
  public static let section = "a2c"

  public static let keys: [SettingKey<A2CSettings>] =
    [
      horizonKey, discountKey,
      .choice("a2c.advantage", \.advantage, "estimator of advantages"),
      .number(
        "a2c.lambda", \.gaeLambda, .from(0, to: 1), "λ of the generalized advantage estimate and of action values"),
      entropyKey,
      .number("a2c.value_coefficient", \.valueCoefficient, .from(0, to: 1e3), "weight of the value loss"),
      maxGradientNormKey, learningRateKey,
      scheduleKey,
      .choice("a2c.optimizer", \.optimizer, "how gradients become steps"),
    ] + normalizationKeys + networkKeys + memoryKeys + [gradientShardsKey, totalStepsKey]
}
