import Environments
import Networks

/// What can be wrong with any on-policy learner's updates.
enum OnPolicyDiagnoses<Settings: OnPolicyLearnerSettings> {
  /// Below this, returns hardly vary: an error that is large beside their variance is small beside their size.
  private static var leastReturnSpread: Double { 0.05 }

  /// A value network that predicts returns worse than their mean would.
  static var explainedVariance: Diagnosis<Settings> {
    Diagnosis(
      id: "explained_variance_below_zero",
      figure: { report, _ in report.returnSpread < leastReturnSpread ? 0 : report["explained_variance"] },
      isBad: { $0 < 0 },
      words: { evidence, context in
        let settings = context.settings
        let wider = settings.valueLayers.isEmpty ? [64, 64] : settings.valueLayers.map { min($0 * 2, MLP.widest) }
        let hint =
          settings.normalizeValues
          ? SettingHint.set(name("value_layers"), wider.map(String.init).joined(separator: ","))
          : SettingHint.set(name("normalize_values"), "true")
        return (
          "the explained variance is \(NumberText.short(evidence.median)): the value network predicts returns worse than "
            + "their mean would",
          "try \(hint)"
        )
      })
  }

  /// At 1.1 of the floor its slope has shrunk elevenfold: the deviation hardly moves any more.
  static var stdAtFloor: Diagnosis<Settings> {
    Diagnosis(
      id: "std_at_floor", isWarning: false,
      figure: { report, context in Double(report.std.count { Double($0) < 1.1 * context.settings.minStd }) },
      isBad: { $0 > 0 },
      words: { evidence, context in
        let (settings, count) = (context.settings, context.spec.actionCount)
        let entropy = settings.entropyCoefficient > 0 ? settings.entropyCoefficient * 3 : 0.002
        return (
          "the standard deviation of \(NumberText.short(evidence.median)) of \(count) "
            + "\(count == 1 ? "action" : "actions") is at its floor, \(name("min_std")) = "
            + NumberText.short(settings.minStd),
          "to go on exploring try \(SettingHint.set(name("entropy_coefficient"), entropy)), for finer actions "
            + SettingHint.set(name("min_std"), settings.minStd / 3)
        )
      })
  }

  private static func name(_ name: String) -> String { "\(Settings.section).\(name)" }
}
