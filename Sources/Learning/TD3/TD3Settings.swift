/// Settings of TD3. The defaults are the paper's, except wider minibatches and networks, as its authors later used.
@dynamicMemberLookup
public struct TD3Settings: Sendable, Equatable {
  /// What it shares with other off-policy learners.
  public var common = OffPolicySettings()
  /// The standard deviation of the noise on actions, in normalized units.
  public var noiseStd = 0.1
  /// The standard deviation of the noise on the actions that targets are made of, in normalized units.
  public var targetNoise = 0.2
  /// Where that noise is cut off.
  public var targetNoiseClip = 0.5
  /// Gradient steps of the critics for one of the policy.
  public var policyDelay = 2

  public init() {}

  public subscript<Value>(dynamicMember path: WritableKeyPath<OffPolicySettings, Value>) -> Value {
    get { common[keyPath: path] }
    set { common[keyPath: path] = newValue }
  }
}

extension TD3Settings: OffPolicyLearnerSettings {
  public static let section = "td3"

  public static let keys: [SettingKey<TD3Settings>] =
    OffPolicySettings.keys(section, in: \.common) + [
      .number(
        "td3.noise_std", \.noiseStd, .from(0, to: 10),
        "standard deviation of the noise of actions; 1: half an action's range"),
      .number(
        "td3.target_noise", \.targetNoise, .from(0, to: 10),
        "standard deviation of the noise on the actions that targets are made of"),
      .number("td3.target_noise_clip", \.targetNoiseClip, .from(0, to: 10), "bound that this noise is clipped to"),
      .whole(
        "td3.policy_delay", \.policyDelay, 1...1_000, "gradient steps of the critics for one of policy and targets"),
    ]

  public var networks: OffPolicyNetworks {
    OffPolicyNetworks(
      critics: 2, isStochastic: false, hasTargetPolicy: true, exploration: .gaussian(std: noiseStd))
  }

  public var otherExploration: String? { SettingHint.set("td3.noise_std", max(0.1, noiseStd * 2)) }
  public var lessExploration: String? { noiseStd > 0 ? SettingHint.set("td3.noise_std", noiseStd / 2) : nil }
}
