import Environments

/// What can be wrong with the updates of any off-policy learner, and what to try.
enum OffPolicyDiagnoses {
  /// Below this, targets hardly vary: an error that is large beside their variance is small beside their size.
  private static let leastSpread = 0.05

  static func all<Settings: LearnerSettings>(
    _ common: @escaping @Sendable (Settings) -> OffPolicySettings
  ) -> [Diagnosis<Settings>] {
    [explainedVariance(common), saturation(common), idleUpdates(common)]
  }

  private static func explainedVariance<Settings: LearnerSettings>(
    _ common: @escaping @Sendable (Settings) -> OffPolicySettings
  ) -> Diagnosis<Settings> {
    Diagnosis(
      id: "explained_variance_below_zero",
      figure: { report, _ in report.returnSpread < leastSpread ? 0 : report["explained_variance"] },
      isBad: { $0 < 0 },
      words: { evidence, context in
        let (section, settings) = (Settings.section, common(context.settings))
        return (
          "the explained variance is \(short(evidence.median)): the critic predicts its targets worse than their mean would",
          "try \(SettingHint.set("\(section).learning_rate", settings.learningRate / 3)) or "
            + SettingHint.set("\(section).tau", settings.targetRate / 2)
        )
      })
  }

  /// Where nearly all actions are at their limits, tanh has no slope left to learn by.
  private static func saturation<Settings: LearnerSettings>(
    _ common: @escaping @Sendable (Settings) -> OffPolicySettings
  ) -> Diagnosis<Settings> {
    Diagnosis(
      id: "actions_saturated", isWarning: false,
      figure: { report, _ in report["saturated"] },
      isBad: { $0 > 0.9 },
      words: { evidence, context in
        let (section, settings) = (Settings.section, common(context.settings))
        return (
          "\(short((100 * evidence.median).rounded())) % of the policy's actions are within 1 % of a limit, where they "
            + "hardly change with its parameters",
          "if that is not what the task needs, try "
            + SettingHint.set("\(section).learning_rate", settings.learningRate / 3)
            + (settings.normalizeObservations
              ? "" : " or \(SettingHint.set("\(section).normalize_observations", "true"))")
        )
      })
  }

  /// Far fewer gradient steps than env steps leave most of what was seen unused.
  private static func idleUpdates<Settings: LearnerSettings>(
    _ common: @escaping @Sendable (Settings) -> OffPolicySettings
  ) -> Diagnosis<Settings> {
    Diagnosis(
      id: "few_updates", isWarning: false,
      figure: { report, context in
        let settings = common(context.settings)
        guard settings.updates > 0, report.steps >= settings.learningStarts else { return .nan }
        return Double(settings.updates * report.iteration) / Double(report.steps)
      },
      isBad: { $0 < 0.01 },
      words: { evidence, context in
        let (section, settings) = (Settings.section, common(context.settings))
        return (
          "there are only \(short(evidence.median)) gradient steps for each env step",
          "try \(SettingHint.set("\(section).updates", "\(settings.updates * 4)")) or fewer envs"
        )
      })
  }

  static func short(_ value: Double) -> String { NumberText.short(value) }
}
