import Environments
import Networks
import Storage

/// Proximal policy optimization (Schulman et al., 2017) with generalized advantages, a clipped surrogate or a penalty on
/// the divergence and, if asked, a learning rate that follows the divergence.
///
/// A step in which an env failed is no sample. A minibatch whose loss or gradient is not finite changes nothing; where
/// that goes on, or a parameter is no longer finite, all that was learned goes back to the last sound iteration and the
/// learning rate is halved (see `Recovery`).
public struct PPO: ~Copyable, OnPolicyLearner {
  public static let summary =
    "proximal policy optimization: clipped or penalized updates, several passes over each rollout"

  public let settings: PPOSettings
  public var core: OnPolicyCore
  /// What the next update weighs the divergence with, where that is the objective.
  package private(set) var penalty: KLPenalty

  public init(settings: PPOSettings, core: OnPolicyCore) {
    self.settings = settings
    self.core = core
    penalty = KLPenalty(settings.penalty)
  }

  /// Goes through the samples `epochs` times, a minibatch at a time.
  public mutating func update(on workers: Workers, _ report: inout IterationReport) {
    switch settings.objective {
    case .clip:
      update(
        minimizing: ClippedObjective(clip: settings.clip, entropyCoefficient: settings.entropyCoefficient), on: workers,
        &report)
    case .penalty:
      update(
        minimizing: PenalizedObjective(penalty: penalty.weight, entropyCoefficient: settings.entropyCoefficient),
        on: workers, &report)
    }
  }

  private mutating func update(
    minimizing objective: some PolicyObjective, on workers: Workers, _ report: inout IterationReport
  ) {
    if core.isFrozen { report.learningRate = PPOSettings.frozenRate }
    let rows = core.rows
    guard rows > 0 else { return describe(LossSums(), lastEpoch: LossSums(), meanNorm: .nan, in: &report) }
    let minibatches = (rows + settings.minibatchSize - 1) / settings.minibatchSize
    core.beginUpdate(minibatches: minibatches)
    let valueLoss = ValueLoss(coefficient: settings.valueCoefficient, clip: settings.valueClip)
    let all = MinibatchTerms(normalizing: core.advantages(ofMinibatch: 0, of: 1))

    var (sums, lastEpoch) = (LossSums(), LossSums())
    var (steps, norms) = (0, 0.0)
    training: for _ in 0..<settings.epochs {
      core.shuffle(on: workers)
      lastEpoch = LossSums()
      for minibatch in 0..<minibatches {
        let moments = core.advantages(ofMinibatch: minibatch, of: minibatches)
        let terms =
          settings.normalizeAdvantages
          ? MinibatchTerms(normalizing: moments, orAs: all) : MinibatchTerms(samples: moments.count)
        guard terms.samples > 0 else { continue }
        let part = core.computeGradient(
          ofMinibatch: minibatch, of: minibatches, terms, objective, valueLoss, on: workers)
        let norm = core.gradientNorm
        guard norm.isFinite, part.isFinite else {
          report.skippedMinibatches += 1
          continue
        }
        sums += part
        lastEpoch += part
        if settings.stopKL > 0, part.divergence / Double(part.samples) > settings.stopKL { break training }
        core.step(norm: norm, rate: core.isFrozen ? PPOSettings.frozenRate : core.learningRate)
        steps += 1
        norms += norm
      }
    }
    describe(sums, lastEpoch: lastEpoch, meanNorm: steps > 0 ? norms / Double(steps) : .nan, in: &report)
  }

  /// Adds the figures of an update; without samples the losses are not-a-number.
  private func describe(
    _ sums: LossSums, lastEpoch: LossSums, meanNorm: Double, in report: inout IterationReport
  ) {
    let samples = Double(sums.samples)
    report.figures = [
      LearnerFigure("surrogate_loss", sums.policy / samples, in: "losses"),
      LearnerFigure("value_loss", sums.value / samples, in: "losses"),
      LearnerFigure("entropy", sums.entropy / samples),
      LearnerFigure("kl", lastEpoch.divergence / Double(lastEpoch.samples)),
      settings.objective == .clip
        ? LearnerFigure("clip_fraction", Double(sums.clipped) / samples) : LearnerFigure("penalty", penalty.weight),
      LearnerFigure("explained_variance", core.explainedVariance),
      LearnerFigure("gradient_norm", meanNorm),
    ]
  }

  public mutating func beginIteration() {
    guard settings.schedule == .linear else { return }
    let done = Double(steps) / Double(settings.totalSteps)
    let rate = max(settings.learningRate * (1 - done), min(settings.minLearningRate, settings.learningRate))
    core.learningRate = core.recovery.rateScale * rate
  }

  public mutating func endIteration(_ report: IterationReport) {
    guard report["kl"].isFinite, !core.isFrozen else { return }
    let (target, scale) = (settings.targetKL(after: steps), core.recovery.rateScale)
    if settings.objective == .penalty, penalty.follow(report["kl"], target: target, within: penaltyRange) { return }
    guard settings.schedule == .adaptive else { return }
    if report["kl"] > 2 * target {
      core.learningRate = max(learningRate / 1.3, scale * settings.minLearningRate)
    } else if report["kl"] < target / 2 {
      core.learningRate = min(learningRate * 1.3, scale * settings.maxLearningRate)
    }
  }

  /// Where the penalty may move now. Rate and penalty do not answer the same divergence both: beyond its preferred range the
  /// penalty leaves it to an adaptive rate, until that is at its own bound.
  private var penaltyRange: ClosedRange<Double> {
    guard settings.schedule == .adaptive else { return KLPenalty.range }
    let (scale, all, preferred) = (core.recovery.rateScale, KLPenalty.range, KLPenalty.preferred)
    let canRise = learningRate < scale * settings.maxLearningRate
    let canFall = learningRate > scale * settings.minLearningRate
    return (canRise ? preferred : all).lowerBound...(canFall ? preferred : all).upperBound
  }

  public func save(to file: inout TensorFile) throws {
    core.save(to: &file)
    if settings.objective == .penalty { penalty.save(to: &file) }
  }

  public mutating func restore(from file: TensorFile) throws {
    let restored = settings.objective == .penalty ? try KLPenalty(from: file) : penalty
    try core.restore(from: file)
    penalty = restored
  }
}
