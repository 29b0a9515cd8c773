import Environments
import Networks

/// Advantage actor-critic, the synchronous form of Mnih et al., "Asynchronous methods for deep reinforcement learning"
/// (2016): after each short rollout one step along the policy gradient and the value loss.
public struct A2C: ~Copyable, OnPolicyLearner {
  public static let summary = "advantage actor-critic: one gradient step after each short rollout"

  public let settings: A2CSettings
  public var core: OnPolicyCore

  public init(settings: A2CSettings, core: OnPolicyCore) {
    self.settings = settings
    self.core = core
  }

  public mutating func update(on workers: Workers, _ report: inout IterationReport) {
    core.takePolicyGradientStep(
      entropyCoefficient: settings.entropyCoefficient, valueCoefficient: settings.valueCoefficient,
      normalizesAdvantages: settings.normalizeAdvantages, on: workers, &report)
  }

  public static let diagnoses: [Diagnosis<A2CSettings>] = [
    OnPolicyDiagnoses.explainedVariance, OnPolicyDiagnoses.stdAtFloor,
  ]
}
