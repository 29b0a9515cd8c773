import Environments
import Networks

/// Asynchronous advantage actor-critic (Mnih et al., "Asynchronous methods for deep reinforcement learning", 2016), in a
/// form whose delays follow a fixed schedule.
///
/// In the original, actors compute gradients at parameters that others change meanwhile, and the delay depends on who is
/// fast. Here `gradient_shards` actors compute theirs at the same parameters and apply them one after another, so that the
/// delays are 0, 1, 2, … steps, and no bit depends on threads.
public struct A3C: ~Copyable, OnPolicyLearner {
  public static let summary =
    "asynchronous advantage actor-critic, its delays on a fixed schedule: one step for each group of envs"

  public let settings: A3CSettings
  public var core: OnPolicyCore

  public init(settings: A3CSettings, core: OnPolicyCore) {
    self.settings = settings
    self.core = core
  }

  public mutating func update(on workers: Workers, _ report: inout IterationReport) {
    core.takeDelayedSteps(
      entropyCoefficient: settings.entropyCoefficient, valueCoefficient: settings.valueCoefficient,
      normalizesAdvantages: settings.normalizeAdvantages, on: workers, &report)
  }

  public static let diagnoses: [Diagnosis<A3CSettings>] = [
    OnPolicyDiagnoses.explainedVariance, OnPolicyDiagnoses.stdAtFloor,
  ]
}

/// Settings of A3C.
public struct A3CSettings: ScheduledLearnerSettings {
  public var horizon = 32
  public var discount = 0.99
  public var lambda = 0.9
  public var entropyCoefficient = 0.0
  /// The weight of the mean squared error of the values.
  public var valueCoefficient = 0.5
  public var maxGradientNorm = 0.5
  public var learningRate = 1e-3
  public var schedule = RateSchedule.linear
  public var optimizer = Adam.Rule.adam
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
  /// The actors, each with its own envs and its own delay.
  public var gradientShards = 4
  public var totalSteps = 1_000_000

  public init() {}

  public static let section = "a3c"

  public static let keys: [SettingKey<A3CSettings>] =
    [
      horizonKey, discountKey,
      .number("a3c.lambda", \.lambda, .from(0, to: 1), "λ of the generalized advantage estimate"),
      entropyKey,
      .number("a3c.value_coefficient", \.valueCoefficient, .from(0, to: 1e3), "weight of the value loss"),
      maxGradientNormKey, learningRateKey,
      scheduleKey,
      .choice("a3c.optimizer", \.optimizer, "how gradients become steps"),
    ] + normalizationKeys + networkKeys + [gradientShardsKey, totalStepsKey]
}
