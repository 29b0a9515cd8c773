import Environments
import Learning

/// One thing that can be wrong with a training, and how it is reported.
struct Symptom: Sendable {
  let id: String
  let severity: Finding.Severity
  /// How long it must last before it is said.
  var patience = FigureWindow.Patience.long
  /// Whether it is about evaluations alone.
  var isOfEvaluations = false
  /// Whether it depends on the machine.
  var isOfMachine = false
  /// What an iteration shows of it; not a number where it shows nothing.
  let figure: @Sendable (IterationReport, TrainingHistory) -> Double
  /// Whether a figure is as it should not be; see `FigureWindow` for how long it must be so.
  let isBad: @Sendable (Double) -> Bool
  /// What to say.
  let words: @Sendable (FigureWindow, TrainingHistory) -> (sentence: String, hint: String)

  static func all(of spec: EnvSpec) -> [Symptom] {
    let rewards = spec.rewardTerms.count > 1 ? spec.rewardTerms.map(rewardTerm) : []
    return [
      divergence, learningRateAtMinimum, learningRateAtMaximum, standstill, explainedVariance, skippedMinibatches,
      collapse, evaluationsFell, endings, stdAtFloor, actionsAtLimits,
    ] + rewards + [speed]
  }
}

// MARK: Updates

extension Symptom {
  /// The adaptive schedule answers from 2 on, so what lasts above 3 is out of its hands.
  private static let divergence = Symptom(
    id: "kl_above_target", severity: .warning,
    figure: { report, history in report.approxKL / history.targetKL },
    isBad: { $0 > 3 },
    words: { window, history in
      let ratio = window.median
      let ppo = history.settings.ppo
      // The divergence grows with the square of the rate, as long as the policy changes little.
      let rate = ppo.learningRate / min(ratio.squareRoot(), 10)
      return (
        "the KL divergence is \(short(ratio * history.targetKL)) an update, \(short(ratio)) times the "
          + "\(short(history.targetKL)) aimed at (ppo.target_kl)",
        ppo.schedule == .adaptive
          ? "try \(gentlerUpdates(ppo))" : "try \(set("ppo.learning_rate", rate)) or \(set("ppo.schedule", "adaptive"))"
      )
    })

  private static let learningRateAtMinimum = Symptom(
    id: "learning_rate_at_minimum", severity: .warning,
    figure: { report, history in
      ratioToTarget(report, history, at: history.settings.ppo.minLearningRate)
    },
    isBad: { $0 > 2 },
    words: { window, history in
      let ppo = history.settings.ppo
      return (
        "the learning rate stands at ppo.min_learning_rate = \(short(ppo.minLearningRate)), and the KL divergence is "
          + "still \(short(window.median)) times what is aimed at",
        "try \(gentlerUpdates(ppo)) or \(set("ppo.min_learning_rate", ppo.minLearningRate / 10))"
      )
    })

  private static let learningRateAtMaximum = Symptom(
    id: "learning_rate_at_maximum", severity: .note,
    figure: { report, history in
      ratioToTarget(report, history, at: history.settings.ppo.maxLearningRate)
    },
    isBad: { $0 < 0.5 && $0 > standstillShare },
    words: { window, history in
      let ppo = history.settings.ppo
      return (
        "the learning rate stands at ppo.max_learning_rate = \(short(ppo.maxLearningRate)), and the KL divergence is "
          + "only \(short(window.median)) times what is aimed at, so it could learn faster",
        "try \(set("ppo.max_learning_rate", min(1, ppo.maxLearningRate * 3)))"
      )
    })

  /// The divergence in units of its target where the adaptive schedule's rate is at a bound, else 1.
  private static func ratioToTarget(_ report: IterationReport, _ history: TrainingHistory, at bound: Double) -> Double {
    guard history.settings.ppo.schedule == .adaptive, !history.isFrozen(in: report) else { return .nan }
    return report.learningRate == bound ? report.approxKL / history.targetKL : 1
  }

  /// The share of the divergence aimed at up to which a policy does not move.
  private static let standstillShare = 0.01
  /// Gradients that are cut to less than a thousandth leave nothing to the part that is small.
  private static let greatestCut = 1_000.0

  /// A policy that has no gradient: a higher rate would change nothing.
  private static let standstill = Symptom(
    id: "policy_stands_still", severity: .warning,
    figure: { report, history in
      let ppo = history.settings.ppo
      guard !history.isFrozen(in: report) else { return .nan }
      let isPushed = ppo.schedule == .adaptive && report.learningRate == ppo.maxLearningRate
      return isPushed || history.gradientCut > greatestCut ? report.approxKL / history.targetKL : 1
    },
    isBad: { $0 <= standstillShare },
    words: { window, history in
      let ppo = history.settings.ppo
      guard history.gradientCut > greatestCut else {
        return (
          "the policy stands still at the highest learning rate: the advantages of its actions do not differ",
          "look whether the reward depends on the actions, and whether the observations show what it depends on"
        )
      }
      return (
        "the policy stands still: gradients of norm \(short(history.gradientNorm)) are cut to ppo.max_gradient_norm = "
          + "\(short(ppo.maxGradientNorm)), and nearly all of that is the value network's",
        "try "
          + (ppo.normalizeValues
            ? set("ppo.value_coefficient", ppo.valueCoefficient / 10) : set("ppo.normalize_values", "true"))
      )
    })

  /// Below this, returns hardly vary: an error that is large beside their variance is small beside their size.
  private static let leastReturnSpread = 0.05

  private static let explainedVariance = Symptom(
    id: "explained_variance_below_zero", severity: .warning,
    figure: { report, _ in report.returnSpread < leastReturnSpread ? 0 : report.explainedVariance },
    isBad: { $0 < 0 },
    words: { window, history in
      let ppo = history.settings.ppo
      let wider = (ppo.valueLayers.isEmpty ? [64, 64] : ppo.valueLayers.map { min($0 * 2, MLP.widest) })
      let hint =
        if !ppo.normalizeValues { set("ppo.normalize_values", "true") } else if ppo.valueCoefficient < 0.5 {
          set("ppo.value_coefficient", 0.5)
        } else { set("ppo.value_layers", wider.map(String.init).joined(separator: ",")) }
      return (
        "the explained variance is \(short(window.median)): the value network predicts returns worse than their mean would",
        "try \(hint)"
      )
    })

  private static let skippedMinibatches = Symptom(
    id: "skipped_minibatches", severity: .warning, patience: .none,
    figure: { report, _ in Double(report.skippedMinibatches) },
    isBad: { $0 > 0 },
    words: { window, history in
      let count = window.present.reduce(0, +)
      return (
        "\(short(count)) \(count == 1 ? "minibatch was" : "minibatches were") left out lately, for the gradient was not "
          + "finite",
        "look for huge observations or rewards, and try \(smallerSteps(history.settings.ppo))"
      )
    })
}

// MARK: Episodes

extension Symptom {
  private static let collapse = Symptom(
    id: "return_collapsed", severity: .warning,
    figure: { _, history in history.returns.lostShare },
    isBad: { $0 > 0.5 },
    words: { _, history in
      (
        "the mean return has fallen to \(short(history.returns.mean)) from the \(short(history.returns.peak)) it had "
          + "after \(NumberText.grouped(history.returns.peakStep)) steps",
        "the best policy is kept; try \(smallerSteps(history.settings.ppo))"
      )
    })

  private static let evaluationsFell = Symptom(
    id: "evaluations_fell", severity: .warning, patience: .latest, isOfEvaluations: true,
    figure: { _, history in history.evaluations.isFallen ? 1 : 0 },
    isBad: { $0 > 0 },
    words: { _, history in
      let evaluations = history.evaluations
      return (
        "the evaluations have fallen to a return of \(short(evaluations.latest)) from \(short(evaluations.best)) after "
          + "\(NumberText.grouped(evaluations.bestStep)) steps",
        "the best policy is kept; try \(smallerSteps(history.settings.ppo))"
      )
    })

  /// A fifth of the training, and not a short one's, without a step forward: a biped's falls end all its first episodes
  /// too, but ever later.
  private static let endings = Symptom(
    id: "one_ending", severity: .warning,
    figure: { _, history in
      history.endings.iterations < 50 || history.endsInSuccess
        ? 0 : Double(history.endings.steps) / Double(history.settings.ppo.totalSteps)
    },
    isBad: { $0 > 0.2 },
    words: { _, history in
      let (streak, spec) = (history.endings, history.spec)
      let reason = spec.endings.indices.contains(streak.reason) ? spec.endings[streak.reason] : "–"
      let std = history.settings.ppo.initialStd
      let other = std < 1 ? min(1, std * 2) : std / 2
      return (
        "every episode of the last \(NumberText.grouped(streak.steps)) steps ended by '\(reason)', after "
          + "\(short(streak.length * spec.controlInterval)) s of \(short(Double(spec.episodeSteps) * spec.controlInterval)) s, "
          + "and they get no longer",
        "let the task begin easier or reward each step that goes well, or try \(set("ppo.initial_std", other))"
      )
    })

  private static func rewardTerm(_ name: String) -> Symptom {
    Symptom(
      id: "one_reward_term", severity: .note,
      figure: { report, history in
        // In the spec's order: a dictionary's differs from process to process, and so would the sum.
        let all = history.spec.rewardTerms.reduce(0) { $0 + abs(report.rewardTerms[$1] ?? 0) }
        return abs(report.rewardTerms[name] ?? .nan) / all
      },
      isBad: { $0 > 0.95 },
      words: { window, _ in
        (
          "the reward term '\(name)' is \(percent(window.median)) of all reward, so the others hardly count",
          "if they are meant to, give them more weight in the task"
        )
      })
  }
}

// MARK: Actions

extension Symptom {
  /// At 1.1 of the floor its slope has shrunk elevenfold: the deviation moves hardly any more.
  private static let stdAtFloor = Symptom(
    id: "std_at_floor", severity: .note,
    figure: { report, history in
      Double(report.std.count { Double($0) < 1.1 * history.settings.ppo.minStd })
    },
    isBad: { $0 > 0 },
    words: { window, history in
      let (ppo, count) = (history.settings.ppo, history.spec.actionCount)
      let entropy = ppo.entropyCoefficient > 0 ? ppo.entropyCoefficient * 3 : 0.002
      return (
        "the standard deviation of \(short(window.median)) of \(count) \(count == 1 ? "action" : "actions") stands at its floor, "
          + "ppo.min_std = \(short(ppo.minStd))",
        "to go on exploring try \(set("ppo.entropy_coefficient", entropy)), for finer actions "
          + set("ppo.min_std", ppo.minStd / 3)
      )
    })

  /// Noise of a standard deviation of 1 alone puts a third of the actions there.
  private static let actionsAtLimits = Symptom(
    id: "actions_at_limits", severity: .note,
    figure: { report, _ in report.actionsAtLimits },
    isBad: { $0 > 0.4 },
    words: { window, history in
      let ppo = history.settings.ppo
      return (
        "\(percent(window.median)) of the actions lie at or beyond a limit, where more makes no difference",
        "widen the limits or let the task charge for effort, or try "
          + (ppo.initialStd > 2 * ppo.minStd
            ? set("ppo.initial_std", ppo.initialStd / 2) : set("ppo.min_std", ppo.minStd / 2))
      )
    })
}

// MARK: Speed

extension Symptom {
  private static let speed = Symptom(
    id: "slow", severity: .note, isOfMachine: true,
    // Whichever is worse, in units of where it is bad.
    figure: { _, history in
      min(history.speed.share / leastShare, history.speed.latest / history.speed.best / leastSpeed)
    },
    isBad: { $0 < 1 },
    words: { _, history in
      let speed = history.speed
      let rate = "\(NumberText.grouped(speed.latest)) steps a second"
      let comparison = "compare with '\(Program.command) benchmark --robot \(Shell.quoted(history.robot))'"
      if speed.share < leastShare {
        let threads = history.settings.threads
        return (
          "\(rate): its threads get \(percent(speed.share)) of the processor time they need",
          threads > history.processors
            ? "there are \(history.processors) processors for \(threads) threads; try "
              + set("threads", "\(history.processors)")
            : "other programs take the rest; stop them, or \(comparison)"
        )
      }
      return (
        "\(rate), where this training has reached \(NumberText.grouped(speed.best))",
        "other programs or costlier motion, such as more contacts, may be why; \(comparison)"
      )
    })

  /// Below these it is said.
  private static let (leastShare, leastSpeed) = (0.6, 0.5)
}

// MARK: Words

private func short(_ value: Double) -> String { NumberText.short(value) }

private func percent(_ share: Double) -> String { "\(short(share * 100)) %" }

/// A value to try, to two digits.
private func set(_ name: String, _ value: Double) -> String {
  var unit = 1.0
  while value > 0, unit > value / 10 { unit /= 10 }
  return set(name, short((value / unit).rounded() * unit))
}

private func set(_ name: String, _ value: String) -> String { "--set \(name)=\(value)" }

/// Less change in an update at the same rate.
private func gentlerUpdates(_ ppo: PPOSettings) -> String {
  ppo.epochs > 1 ? set("ppo.epochs", "\(ppo.epochs / 2)") : set("ppo.minibatch", "\(ppo.minibatchSize * 2)")
}

/// Half the pace, by what sets it.
private func smallerSteps(_ ppo: PPOSettings) -> String {
  ppo.schedule == .adaptive
    ? set("ppo.target_kl", ppo.targetKL / 2) : set("ppo.learning_rate", ppo.learningRate / 2)
}
