import Environments
import Networks

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Soft actor-critic (Haarnoja et al., "Soft actor-critic algorithms and applications", 2018): a policy that draws its actions
/// from a squashed Gaussian is rewarded for its entropy, at a temperature that is learned so that the entropy stays at a
/// target; two critics, of which the lesser value counts, learn from a replay buffer.
public struct SAC: ~Copyable, OffPolicyLearner {
  public static let summary =
    "soft actor-critic: draws from a squashed Gaussian, entropy at a learned temperature, two critics"

  public let settings: SACSettings
  public var core: OffPolicyCore

  public init(settings: SACSettings, core: OffPolicyCore) {
    self.settings = settings
    self.core = core
  }

  /// α, the weight of the entropy.
  public var temperature: Float { exp(core.extra) }

  /// Floating-point operations for the gradients of one row of a minibatch.
  public var operationsOfASample: Int { core.operations.critics + core.operations.policy }

  /// Makes the iteration's gradient steps, each on a minibatch of its own.
  public mutating func update(on workers: Workers, _ report: inout IterationReport) {
    for _ in 0..<core.beginUpdate() {
      let objective = SACObjective(actionCount: policy.spec.actionCount, temperature: temperature)
      guard core.updateCritics(objective, on: workers) else { continue }
      if let sums = core.updatePolicy(objective, on: workers), settings.learnsTemperature {
        core.updateExtra(gradient: temperatureGradient(sums))
      }
      core.followTargets(on: workers)
    }
    let entropy = -core.sums.logProbability / Double(core.sums.policyRows)
    core.describe(in: &report)
    report.figures += [LearnerFigure("entropy", entropy), LearnerFigure("temperature", Double(temperature))]
  }

  /// The gradient of the temperature's loss, ln α · (entropy − target), by ln α.
  private func temperatureGradient(_ sums: OffPolicySums) -> Float {
    let target = settings.targetEntropy * Double(policy.spec.actionCount)
    return Float(-sums.logProbability / Double(sums.policyRows) - target)
  }
}

/// The critics' target is r + γ (min Q′(s′, a′) − α ln π(a′ | s′)), a′ being a draw of the present policy; their loss is half
/// the sum of the mean squared errors, the policy's α ln π(a | s) − min Q(s, a), differentiated through the draw a.
///
/// With u = mean + std · ε, a = tanh u and ln π(a) = Σ ln N(u) − ln(1 − a²), where 1 − a² = 4 e / (1 + e)² for
/// e = exp(−2 |u|).
package struct SACObjective: OffPolicyObjective {
  /// Components of an action.
  package var actionCount: Int
  /// α
  package var temperature: Float

  package init(actionCount: Int, temperature: Float) {
    self.actionCount = actionCount
    self.temperature = temperature
  }

  package var usesTargetPolicy: Bool { false }
  package var policyCritics: Int { 2 }

  package func chooseNext(
    from outputs: Span<Float>, using random: inout Random, into actions: inout MutableSpan<Float>,
    bonuses: inout MutableSpan<Float>
  ) {
    for row in bonuses.indices {
      var logProbability: Float = 0
      for i in 0..<actionCount {
        let draw = draw(row, i, from: outputs, using: &random)
        actions[row * actionCount + i] = draw.action
        logProbability += draw.logProbability
      }
      bonuses[row] = -temperature * logProbability
    }
  }

  package func choose(
    from outputs: Span<Float>, using random: inout Random, into actions: inout MutableSpan<Float>,
    noise: inout MutableSpan<Float>
  ) -> (loss: Double, logProbability: Double) {
    var sum = 0.0
    for row in 0..<actions.count / actionCount {
      for i in 0..<actionCount {
        let draw = draw(row, i, from: outputs, using: &random)
        actions[row * actionCount + i] = draw.action
        noise[row * actionCount + i] = draw.deviation
        sum += Double(draw.logProbability)
      }
    }
    return (Double(temperature) * sum, sum)
  }

  package func writeGradient(
    outputs: Span<Float>, actions: Span<Float>, noise: Span<Float>, slopes: Span<Float>, share: Float,
    into gradient: inout MutableSpan<Float>
  ) {
    let weight = temperature * share
    for row in 0..<actions.count / actionCount {
      for i in 0..<actionCount {
        let k = row * actionCount + i
        let action = actions[k]
        // d (−ln(1 − tanh² u)) / du = 2 tanh u.
        let byU = slopes[k] * (1 - action * action) + 2 * weight * action
        let (mean, logStd) = (row * 2 * actionCount + i, (row * 2 + 1) * actionCount + i)
        gradient[mean] = byU
        gradient[logStd] = Self.limits.contains(outputs[logStd]) ? byU * noise[k] - weight : 0
      }
    }
  }

  private static let limits = ActionDistribution.squashedLogStd

  /// A component of an action.
  private struct Draw {
    var action: Float
    /// std · ε
    var deviation: Float
    var logProbability: Float
  }

  private func draw(_ row: Int, _ i: Int, from outputs: Span<Float>, using random: inout Random) -> Draw {
    let logStd = min(max(outputs[(row * 2 + 1) * actionCount + i], Self.limits.lowerBound), Self.limits.upperBound)
    let noise = Float(random.normal())
    let deviation = exp(logStd) * noise
    let u = outputs[row * 2 * actionCount + i] + deviation
    let e = exp(-2 * abs(u))
    let size = (1 - e) / (1 + e)
    let logSlope = 2 * (Self.logTwo - abs(u) - log1p(e))
    return Draw(
      action: u < 0 ? -size : size, deviation: deviation,
      logProbability: -0.5 * noise * noise - logStd - Float(Gaussian.halfLogTau) - logSlope)
  }

  private static let logTwo: Float = 0.69314718
}

// MARK: Diagnoses

extension SAC {
  public static let diagnoses: [Diagnosis<SACSettings>] = OffPolicyDiagnoses.all(\.common) + [temperatureGone]

  /// Without entropy in its reward, the policy explores no more than its critics ask for.
  private static let temperatureGone = Diagnosis<SACSettings>(
    id: "temperature_gone", isWarning: false,
    figure: { report, context in context.settings.learnsTemperature ? report["temperature"] : .nan },
    isBad: { $0 < 1e-6 },
    words: { evidence, context in
      (
        "the temperature has fallen to \(NumberText.short(evidence.median)): the entropy stays above its target by itself",
        "try \(SettingHint.set("sac.target_entropy", context.settings.targetEntropy + 0.5)) or "
          + SettingHint.set("sac.reward_scale", context.settings.rewardScale * 10)
      )
    })
}
