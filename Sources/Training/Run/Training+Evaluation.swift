import Environments
import Learning
import Networks
import Robotics
import Storage

extension Training {
  /// Evaluates the present policy on the way, and keeps and writes it if it is the best so far.
  package mutating func evaluate(in folder: RunDirectory) throws -> TrainingEvaluation {
    let watch = Stopwatch()
    let policy = learner.policy
    let report = try evaluate(
      policy, episodes: settings.evaluation.episodes, seed: settings.seed, for: .selection, named: stepName)
    let confirmation = try confirm(policy, after: report)
    let score = BestPolicy.score(of: report)
    let isBest = state.isSolved || state.best.map { score > $0.score } ?? true
    if isBest {
      let best = BestPolicy(
        policy, file: try learner.policyFile(robot: entry.name), step: learner.steps, score: score,
        settings: SettingsFile.essentials(of: settings, robot: entry.name), fingerprint: fingerprint)
      state.best = best
      try AtomicFile.write(best.file, to: folder.best)
    }
    let seconds = watch.seconds
    state.clock.evaluation += seconds
    return TrainingEvaluation(
      report: report, step: learner.steps, seconds: seconds, isBest: isBest, confirmation: confirmation)
  }

  /// Checks a policy that reached the goal on the way by a full evaluation. Each takes starts that no earlier one has
  /// seen, those of `evaluate --seed` 0, 1, …, so that trying often does not help.
  ///
  /// No signal cuts it short: the training would otherwise not go on from where it stopped.
  private mutating func confirm(
    _ policy: NetworkPolicy, after report: EvaluationReport
  ) throws -> GoalConfirmation? {
    guard let goal = plan.goal, goal.isReached(by: report) else { return nil }
    state.confirmations += 1
    let full = try evaluate(
      policy, episodes: settings.evaluation.finalEpisodes, seed: lastConfirmationSeed, for: .evaluation, named: stepName
    )
    let missed = goal.missed(by: full)
    if missed.isEmpty {
      state.isSolved = true
      solution = full
    }
    return GoalConfirmation(report: full, missed: missed)
  }

  /// Evaluates the best policy on starts that were not used to choose it: those of `evaluate` without `--seed` or, where the
  /// goal was reached, those it was reached on.
  ///
  /// - Returns: nil if stopped early.
  mutating func evaluateBest(in folder: RunDirectory) throws -> TrainingSummary? {
    let watch = Stopwatch()
    guard let best = state.best else { throw TrainingError("no policy of '\(folder.path)' has been evaluated") }
    let seed = state.isSolved ? lastConfirmationSeed : Evaluator.defaultSeed
    guard
      var report = try solution
        ?? evaluate(
          best.policy, episodes: settings.evaluation.finalEpisodes, seed: seed, for: .evaluation, named: folder.best,
          until: { isStopped })
    else { return nil }
    state.clock.evaluation += watch.seconds
    report.policy = folder.best
    return TrainingSummary(
      robot: entry.name, folder: folder.path, policy: folder.best, steps: learner.steps,
      iterations: learner.iteration, bestStep: best.step, bestScore: best.score, clock: state.clock,
      faults: learner.faults, rollbacks: learner.rollbacks, report: report, findings: doctor.findings,
      missed: plan.goal?.missed(by: report), replay: replayPage != nil && entry.hasPicture ? folder.replay : nil)
  }

  /// Throws if no episode of the final evaluation has come to an end of its own: nothing has been learned.
  func refuse(_ report: EvaluationReport) throws {
    let failed = report.endings.first { $0.name == EnvSpec.fault }?.count ?? 0
    guard report.episodes > 0, failed == report.episodes else { return }
    throw TrainingError(
      "the training of robot '\(entry.name)' failed: all \(failed) episodes of its final evaluation ended in a fault"
        + (firstFault.map { "; the first in the training: \($0)" } ?? "")
        + "; 'check \(entry.name)' says more")
  }

  /// The page that plays the best policy's episodes.
  package func replay(of report: EvaluationReport) throws -> [UInt8] {
    guard let best = state.best, let replayPage else { return [] }
    return try replayPage(best.policy, "from step \(best.step)", evaluator, report)
  }

  private var lastConfirmationSeed: UInt64 { Evaluator.defaultSeed &+ UInt64(max(1, state.confirmations) - 1) }

  private var stepName: String { "step \(learner.steps)" }

  private func evaluate(
    _ policy: NetworkPolicy, episodes: Int, seed: UInt64, for purpose: Evaluator.Purpose, named name: String
  ) throws -> EvaluationReport {
    guard let report = try evaluate(policy, episodes: episodes, seed: seed, for: purpose, named: name, until: { false })
    else { throw TrainingError("an evaluation of \(episodes) episodes gave none") }
    return report
  }

  /// - Returns: nil if stopped early.
  private func evaluate(
    _ policy: NetworkPolicy, episodes: Int, seed: UInt64, for purpose: Evaluator.Purpose, named name: String,
    until shouldStop: () -> Bool
  ) throws -> EvaluationReport? {
    // The policy is selected under the training's domain randomization, and reported on the task as declared.
    var evaluator = evaluator
    if purpose == .selection { evaluator.randomization = settings.randomization }
    let evaluation = try evaluator.evaluate(
      policy, episodes: episodes, seed: seed, for: purpose, shouldStop: shouldStop)
    return evaluation.map {
      EvaluationReport($0, spec: envs.spec, success: entry.success, robot: entry.name, policy: name, seed: seed)
    }
  }
}
