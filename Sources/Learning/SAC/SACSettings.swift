#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Settings of SAC. The defaults are the paper's.
@dynamicMemberLookup
public struct SACSettings: Sendable, Equatable {
  /// What it shares with other off-policy learners.
  public var common = OffPolicySettings()
  /// α at first.
  public var initialTemperature = 1.0
  /// Whether α is learned; it keeps its first value otherwise.
  public var learnsTemperature = true
  /// The entropy that α is to hold, for each component of an action in normalized units, in nats.
  public var targetEntropy = -1.0

  public init() { common.learningRate = 3e-4 }

  public subscript<Value>(dynamicMember path: WritableKeyPath<OffPolicySettings, Value>) -> Value {
    get { common[keyPath: path] }
    set { common[keyPath: path] = newValue }
  }
}

extension SACSettings: OffPolicyLearnerSettings {
  public static let section = "sac"

  public static let keys: [SettingKey<SACSettings>] =
    OffPolicySettings.keys(section, in: \.common) + [
      .number(
        "sac.initial_temperature", \.initialTemperature, .from(1e-6, to: 1e6), "initial weight α of the entropy"),
      .flag("sac.learn_temperature", \.learnsTemperature, "whether α is learned"),
      .number(
        "sac.target_entropy", \.targetEntropy, .from(-100, to: 100),
        "entropy that α is to hold, for each component of an action"),
    ]

  public var networks: OffPolicyNetworks {
    OffPolicyNetworks(
      critics: 2, isStochastic: true, hasTargetPolicy: false,
      extra: (name: "log_temperature", value: Float(log(initialTemperature))), exploration: .draws)
  }

  public var otherExploration: String? { SettingHint.set("sac.target_entropy", targetEntropy + 0.5) }
  public var lessExploration: String? { SettingHint.set("sac.target_entropy", targetEntropy - 0.5) }
}
