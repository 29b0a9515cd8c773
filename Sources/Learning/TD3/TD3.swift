import Environments

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Twin delayed deep deterministic policy gradient (Fujimoto et al., "Addressing function approximation error in actor-critic
/// methods", 2018): DDPG with two critics of which the lesser value counts, noise on the actions that targets are made of,
/// and a policy that moves every other gradient step.
public struct TD3: ~Copyable, OffPolicyLearner {
  public static let summary =
    "twin delayed DDPG: two critics, smoothed targets, a policy that moves every other gradient step"

  public static let diagnoses: [Diagnosis<TD3Settings>] = OffPolicyDiagnoses.all(\.common)

  public let settings: TD3Settings
  public var core: OffPolicyCore

  public init(settings: TD3Settings, core: OffPolicyCore) {
    self.settings = settings
    self.core = core
  }

  /// Floating-point operations for the gradients of one row of a minibatch, a mean over gradient steps.
  public var operationsOfASample: Int { core.operations.critics + core.operations.policy / settings.policyDelay }

  /// Makes the iteration's gradient steps, each on a minibatch of its own.
  public mutating func update(on workers: Workers, _ report: inout IterationReport) {
    let objective = TD3Objective(noiseStd: Float(settings.targetNoise), noiseClip: Float(settings.targetNoiseClip))
    for _ in 0..<core.beginUpdate() {
      guard core.updateCritics(objective, on: workers) else { continue }
      guard core.updates % settings.policyDelay == 0 else { continue }
      _ = core.updatePolicy(objective, on: workers)
      core.followTargets(on: workers)
    }
    core.describe(in: &report)
  }
}

/// The critics' target is r + γ min Q′(s′, clamp(π′(s′) + clamp(ε))), Q′ and π′ being the target networks and ε noise; their
/// loss is half the sum of the mean squared errors, the policy's −Q₁(s, π(s)).
package struct TD3Objective: DeterministicObjective {
  /// The standard deviation of ε, in normalized units.
  package var noiseStd: Float
  /// Where ε is cut off.
  package var noiseClip: Float

  package init(noiseStd: Float, noiseClip: Float) {
    self.noiseStd = noiseStd
    self.noiseClip = noiseClip
  }

  package func chooseNext(
    from outputs: Span<Float>, using random: inout Random, into actions: inout MutableSpan<Float>,
    bonuses: inout MutableSpan<Float>
  ) {
    for i in outputs.indices {
      let noise = min(max(noiseStd * Float(random.normal()), -noiseClip), noiseClip)
      actions[i] = min(max(tanh(outputs[i]) + noise, -1), 1)
    }
    for row in bonuses.indices { bonuses[row] = 0 }
  }
}
