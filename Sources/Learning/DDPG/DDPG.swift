import Environments

/// Deep deterministic policy gradient (Lillicrap et al., "Continuous control with deep reinforcement learning", 2015): a
/// critic learns the value of actions from a replay buffer, a policy follows its slope, and slow copies of both give the
/// critic its targets.
public struct DDPG: ~Copyable, OffPolicyLearner {
  public static let summary = "deep deterministic policy gradient: one critic, replayed transitions, noisy actions"

  public static let diagnoses: [Diagnosis<DDPGSettings>] = OffPolicyDiagnoses.all(\.common)

  public let settings: DDPGSettings
  public var core: OffPolicyCore

  public init(settings: DDPGSettings, core: OffPolicyCore) {
    self.settings = settings
    self.core = core
  }

  /// Floating-point operations for the gradients of one row of a minibatch.
  public var operationsOfASample: Int { core.operations.critics + core.operations.policy }

  /// Makes the iteration's gradient steps, each on a minibatch of its own.
  public mutating func update(on workers: Workers, _ report: inout IterationReport) {
    for _ in 0..<core.beginUpdate() {
      guard core.updateCritics(DDPGObjective(), on: workers) else { continue }
      _ = core.updatePolicy(DDPGObjective(), on: workers)
      core.followTargets(on: workers)
    }
    core.describe(in: &report)
  }
}

/// The critic's target is r + γ Q′(s′, π′(s′)), Q′ and π′ being the target networks; its loss is half the mean squared error,
/// the policy's −Q(s, π(s)).
package struct DDPGObjective: DeterministicObjective {
  package init() {}
}
