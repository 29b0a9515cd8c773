import Environments
import Learning
import Networks

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

  /// What is looked for in a training of such envs by a learner of that kind.
  static func all(of spec: EnvSpec, _ kind: LearnerKind) -> [Symptom] {
    let rewards = spec.rewardTerms.count > 1 ? spec.rewardTerms.map(rewardTerm) : []
    return kind.diagnoses.map(Symptom.init) + [
      skippedMinibatches, collapse, evaluationsFell, endings, actionsAtLimits,
    ] + rewards + [speed]
  }
}

// MARK: Updates

extension Symptom {
  /// What the learner looks for.
  init(_ diagnosis: ErasedDiagnosis) {
    self.init(
      id: diagnosis.id, severity: diagnosis.isWarning ? .warning : .note,
      figure: { report, history in diagnosis.figure(report, history.context) }, isBad: diagnosis.isBad,
      words: { window, history in
        diagnosis.words(DiagnosisEvidence(median: window.median, of: window.present), history.context)
      })
  }

  private static let skippedMinibatches = Symptom(
    id: "skipped_minibatches", severity: .warning, patience: .none,
    figure: { report, _ in Double(report.skippedMinibatches) },
    isBad: { $0 > 0 },
    words: { window, history in
      let count = window.present.reduce(0, +)
      return (
        "\(short(count)) \(count == 1 ? "minibatch was" : "minibatches were") left out lately, for the gradient was not "
          + "finite",
        "look for huge observations or rewards, and try \(history.settings.learner.smallerSteps)"
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
        "the best policy is kept; try \(history.settings.learner.smallerSteps)"
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
        "the best policy is kept; try \(history.settings.learner.smallerSteps)"
      )
    })

  /// A fifth of the training, and not a short one's, without a step forward: a biped's falls end all its first episodes
  /// too, but ever later.
  private static let endings = Symptom(
    id: "one_ending", severity: .warning,
    figure: { _, history in
      history.endings.iterations < 50 || history.endsInSuccess
        ? 0 : Double(history.endings.steps) / Double(history.settings.learner.totalSteps)
    },
    isBad: { $0 > 0.2 },
    words: { _, history in
      let (streak, spec) = (history.endings, history.spec)
      let reason = spec.endings.indices.contains(streak.reason) ? spec.endings[streak.reason] : "–"
      let other = history.settings.learner.otherExploration
      return (
        "every episode of the last \(NumberText.grouped(streak.steps)) steps ended by '\(reason)', after "
          + "\(short(streak.length * spec.controlInterval)) s of \(short(Double(spec.episodeSteps) * spec.controlInterval)) s, "
          + "and they get no longer",
        "let the task start easier or reward each successful step" + (other.map { ", or try \($0)" } ?? "")
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
  /// Noise of a standard deviation of 1 alone puts a third of the actions there.
  private static let actionsAtLimits = Symptom(
    id: "actions_at_limits", severity: .note,
    figure: { report, _ in report.actionsAtLimits },
    isBad: { $0 > 0.4 },
    words: { window, history in
      (
        "\(percent(window.median)) of the actions are at or beyond a limit, where more makes no difference",
        "widen the limits, or penalize effort in the task"
          + (history.settings.learner.lessExploration.map { ", or try \($0)" } ?? "")
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
      let comparison = "compare with the benchmark of robot '\(printable(history.robot))'"
      if speed.share < leastShare {
        let threads = history.settings.threads
        return (
          "\(rate): its threads get \(percent(speed.share)) of the processor time they need",
          threads > history.processors
            ? "there are \(history.processors) processors for \(threads) threads; try "
              + SettingHint.set("threads", "\(history.processors)")
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
