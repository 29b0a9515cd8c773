import Environments
import Networks

/// What can be wrong with PPO's updates, and what to try.
extension PPO {
  public static let diagnoses: [Diagnosis<PPOSettings>] = [
    divergence, learningRateAtMinimum, learningRateAtMaximum, standstill,
    OnPolicyDiagnoses.explainedVariance, OnPolicyDiagnoses.stdAtFloor,
  ]

  /// The adaptive schedule answers from 2 on, so what lasts above 3 is out of its hands.
  private static let divergence = Diagnosis<PPOSettings>(
    id: "kl_above_target",
    figure: { report, context in report["kl"] / context.targetKL },
    isBad: { $0 > 3 },
    words: { evidence, context in
      let (ratio, ppo) = (evidence.median, context.settings)
      // The divergence grows with the square of the rate, until the policy is far from where it was.
      let rate = ppo.learningRate / min(ratio.squareRoot(), 10)
      return (
        "the KL divergence is \(short(ratio * context.targetKL)) an update, \(short(ratio)) times the "
          + "\(short(context.targetKL)) aimed at (ppo.target_kl)",
        ppo.schedule == .adaptive
          ? "try \(gentlerUpdates(ppo))"
          : "try \(SettingHint.set("ppo.learning_rate", rate)) or \(SettingHint.set("ppo.schedule", "adaptive"))"
      )
    })

  private static let learningRateAtMinimum = Diagnosis<PPOSettings>(
    id: "learning_rate_at_minimum",
    figure: { report, context in ratioToTarget(report, context, at: context.settings.minLearningRate) },
    isBad: { $0 > 2 },
    words: { evidence, context in
      let ppo = context.settings
      return (
        "the learning rate is at ppo.min_learning_rate = \(short(ppo.minLearningRate)), and the KL divergence is "
          + "still \(short(evidence.median)) times what is aimed at",
        "try \(gentlerUpdates(ppo)) or \(SettingHint.set("ppo.min_learning_rate", ppo.minLearningRate / 10))"
      )
    })

  private static let learningRateAtMaximum = Diagnosis<PPOSettings>(
    id: "learning_rate_at_maximum", isWarning: false,
    figure: { report, context in ratioToTarget(report, context, at: context.settings.maxLearningRate) },
    isBad: { $0 < 0.5 && $0 > standstillShare },
    words: { evidence, context in
      let ppo = context.settings
      return (
        "the learning rate is at ppo.max_learning_rate = \(short(ppo.maxLearningRate)), and the KL divergence is "
          + "only \(short(evidence.median)) times what is aimed at, so it could learn faster",
        "try \(SettingHint.set("ppo.max_learning_rate", min(1, ppo.maxLearningRate * 3)))"
      )
    })

  /// The divergence in units of its target where the adaptive schedule's rate is at a bound, else 1: at rest.
  private static func ratioToTarget(
    _ report: IterationReport, _ context: DiagnosisContext<PPOSettings>, at bound: Double
  ) -> Double {
    guard context.settings.schedule == .adaptive, !context.isFrozen(in: report) else { return .nan }
    return report.learningRate == bound ? report["kl"] / context.targetKL : 1
  }

  /// The share of the divergence aimed at up to which a policy does not move.
  private static let standstillShare = 0.01
  /// Gradients that are clipped to less than a thousandth leave nothing to the part that is small.
  private static let greatestCut = 1_000.0

  /// A policy that has no gradient: a higher rate would change nothing.
  private static let standstill = Diagnosis<PPOSettings>(
    id: "policy_stands_still",
    figure: { report, context in
      let ppo = context.settings
      guard !context.isFrozen(in: report) else { return .nan }
      let isPushed = ppo.schedule == .adaptive && report.learningRate == ppo.maxLearningRate
      return isPushed || context.gradientCut > greatestCut ? report["kl"] / context.targetKL : 1
    },
    isBad: { $0 <= standstillShare },
    words: { _, context in
      let ppo = context.settings
      guard context.gradientCut > greatestCut else {
        return (
          "the policy stands still at the highest learning rate: the advantages of its actions do not differ",
          "look whether the reward depends on the actions, and whether the observations show what it depends on"
        )
      }
      return (
        "the policy stands still: gradients of norm \(short(context.gradientNorm)) are clipped to ppo.max_gradient_norm "
          + "= \(short(ppo.maxGradientNorm)), and nearly all of that is the value network's",
        "try "
          + (ppo.normalizeValues
            ? SettingHint.set("ppo.value_coefficient", ppo.valueCoefficient / 10)
            : SettingHint.set("ppo.normalize_values", "true"))
      )
    })

  private static func short(_ value: Double) -> String { NumberText.short(value) }

  /// Less change in an update at the same rate.
  private static func gentlerUpdates(_ ppo: PPOSettings) -> String {
    ppo.epochs > 1
      ? SettingHint.set("ppo.epochs", "\(ppo.epochs / 2)")
      : SettingHint.set("ppo.minibatch", "\(ppo.minibatchSize * 2)")
  }
}

extension DiagnosisContext<PPOSettings> {
  /// The divergence to compare an update's with. It moves only where something aims at it.
  fileprivate var targetKL: Double {
    settings.followsDivergence ? settings.targetKL(after: steps) : settings.targetKL
  }

  /// How many times the gradient is larger than what is left of it.
  fileprivate var gradientCut: Double {
    settings.maxGradientNorm > 0 ? gradientNorm / settings.maxGradientNorm : 1
  }

  /// Whether the policy did not change, by the settings, in the iteration of `report`.
  fileprivate func isFrozen(in report: IterationReport) -> Bool { report.steps <= settings.frozenSteps }
}
