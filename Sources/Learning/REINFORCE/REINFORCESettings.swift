import Environments
import Networks

/// Settings of REINFORCE.
public struct REINFORCESettings: ScheduledLearnerSettings {
  /// What returns are compared with.
  public enum Baseline: String, Sendable, Equatable, CaseIterable {
    /// Nothing but, where they are standardized, their own mean.
    case none
    /// A learned value of the state, which also stands for what follows a rollout.
    case value
  }

  public var horizon = 256
  public var discount = 0.99
  public var baseline = Baseline.value
  public var entropyCoefficient = 0.0
  /// The weight of the mean squared error of the values.
  public var valueCoefficient = 0.5
  public var maxGradientNorm = 0.5
  public var learningRate = 3e-3
  public var schedule = RateSchedule.linear
  /// A mean return of the last hundred episodes that ends the training.
  public var stopReturn = 1e9
  /// A mean length of the last hundred episodes, in control steps, that ends the training; 0 for none.
  public var stopLength = 0
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
  public var activation = Activation.elu
  public var outputGain = 0.01
  public var gradientShards = 4
  public var totalSteps = 1_000_000

  public init() {}

  public var lambda: Double { 1 }
  public var usesValues: Bool { baseline == .value }
}

// MARK: Names, ranges and help

extension REINFORCESettings {
  public static let section = "reinforce"

  public static let keys: [SettingKey<REINFORCESettings>] =
    [
      horizonKey, discountKey,
      .choice("reinforce.baseline", \.baseline, "what returns are compared with"),
      entropyKey,
      .number("reinforce.value_coefficient", \.valueCoefficient, .from(0, to: 1e3), "weight of the value loss"),
      maxGradientNormKey, learningRateKey,
      scheduleKey,
      .number(
        "reinforce.stop_return", \.stopReturn, .from(-1e9, to: 1e9),
        "mean return of 100 episodes that ends the training; 1e9: none"),
      .whole(
        "reinforce.stop_length", \.stopLength, 0...1_000_000_000,
        "mean length of 100 episodes, in steps, that ends the training; 0: none"),
    ] + normalizationKeys + networkKeys + [gradientShardsKey, totalStepsKey]
}
