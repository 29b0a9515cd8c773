/// Settings of DDPG. The defaults are those of `TD3Settings` where both have them.
@dynamicMemberLookup
public struct DDPGSettings: Sendable, Equatable {
  /// The process that the noise of actions comes from.
  public enum Noise: String, Sendable, Equatable, CaseIterable {
    /// Drawn at every step.
    case gaussian
    /// Lasting for a few steps, as in the paper.
    case ornsteinUhlenbeck = "ornstein_uhlenbeck"
  }

  /// What it shares with other off-policy learners.
  public var common = OffPolicySettings()
  public var noise = Noise.gaussian
  /// The standard deviation of what is added to the noise, or of the noise itself where it is Gaussian, in normalized units.
  public var noiseStd = 0.1
  /// The share of the Ornstein–Uhlenbeck noise that is gone after a step.
  public var noiseDecay = 0.15

  public init() {}

  public subscript<Value>(dynamicMember path: WritableKeyPath<OffPolicySettings, Value>) -> Value {
    get { common[keyPath: path] }
    set { common[keyPath: path] = newValue }
  }
}

extension DDPGSettings: OffPolicyLearnerSettings {
  public static let section = "ddpg"

  public static let keys: [SettingKey<DDPGSettings>] =
    OffPolicySettings.keys(section, in: \.common) + [
      .choice("ddpg.noise", \.noise, "process that the noise of actions comes from"),
      .number(
        "ddpg.noise_std", \.noiseStd, .from(0, to: 10),
        "standard deviation of the noise, or of what is added to it in a step; 1: half an action's range"),
      .number(
        "ddpg.noise_decay", \.noiseDecay, .from(0, to: 1),
        "share of the Ornstein-Uhlenbeck noise that is lost in a step"),
    ]

  public var networks: OffPolicyNetworks {
    OffPolicyNetworks(
      critics: 1, isStochastic: false, hasTargetPolicy: true,
      exploration: noise == .gaussian
        ? .gaussian(std: noiseStd) : .ornsteinUhlenbeck(decay: noiseDecay, std: noiseStd))
  }

  public var otherExploration: String? { SettingHint.set("ddpg.noise_std", max(0.1, noiseStd * 2)) }
  public var lessExploration: String? { noiseStd > 0 ? SettingHint.set("ddpg.noise_std", noiseStd / 2) : nil }
}
