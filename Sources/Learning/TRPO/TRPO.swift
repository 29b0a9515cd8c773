import Environments
import Networks

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Trust region policy optimization (Schulman et al., 2015): a step along the natural gradient, found by conjugate
/// gradients over exact Fisher-vector products, as long as a bound on the divergence allows; a line search holds the bound
/// and demands that the surrogate falls.
public struct TRPO: ~Copyable, OnPolicyLearner {
  public static let summary =
    "trust region policy optimization: natural gradient steps within a bound on the divergence"

  public let settings: TRPOSettings
  public var core: OnPolicyCore

  public init(settings: TRPOSettings, core: OnPolicyCore) {
    self.settings = settings
    self.core = core
  }

  public mutating func update(on workers: Workers, _ report: inout IterationReport) {
    guard core.rows > 0 else { return describe(LossSums(), PolicyStep(), valueLoss: .nan, in: &report) }
    core.beginUpdate(minibatches: 1)
    let moments = core.advantages(ofMinibatch: 0, of: 1)
    let terms =
      settings.normalizeAdvantages ? MinibatchTerms(normalizing: moments) : MinibatchTerms(samples: moments.count)
    let objective = SurrogateObjective(entropyCoefficient: settings.entropyCoefficient)
    let sums = core.computeGradient(
      ofMinibatch: 0, of: 1, terms, objective, ValueLoss(coefficient: 0), parts: .policy, on: workers)
    var step = PolicyStep()
    step.gradientNorm = core.gradientNorm
    if step.gradientNorm.isFinite, sums.isFinite {
      if step.gradientNorm > 0 { take(&step, from: sums.policy, terms, objective, on: workers) }
    } else {
      report.skippedMinibatches += 1
    }
    let valueLoss = fitValues(on: workers, &report)
    describe(sums, step, valueLoss: valueLoss, in: &report)
  }

  /// What became of a step of the policy.
  private struct PolicyStep {
    var gradientNorm = Double.nan
    var divergence = 0.0
    /// The share of the longest step that was taken; 0 if none was.
    var share = 0.0
  }

  /// Moves the policy along the natural gradient.
  ///
  /// - Parameter loss: the sum of the objective before.
  private mutating func take(
    _ step: inout PolicyStep, from loss: Double, _ terms: MinibatchTerms, _ objective: SurrogateObjective,
    on workers: Workers
  ) {
    let start = core.model.parameters.values
    let gradient = core.lastGradient
    let direction = ConjugateGradients(iterations: settings.cgIterations, damping: settings.damping).solve(
      gradient, in: 0..<core.model.valueRange.lowerBound
    ) { core.fisherProduct(with: $0, samples: terms.samples, on: workers) }
    guard direction.curvature > 0, direction.curvature.isFinite else { return }
    let longest = (2 * settings.targetKL / direction.curvature).squareRoot()
    var share = 1.0
    for _ in 0..<settings.lineSearchSteps {
      for i in 0..<core.model.valueRange.lowerBound {
        core.model.parameters.values[i] = start[i] - Float(share * longest * direction.vector[i])
      }
      let sums = core.measure(terms, objective, on: workers)
      let divergence = sums.divergence / Double(sums.samples)
      if sums.isFinite, divergence <= settings.targetKL, sums.policy < loss {
        (step.divergence, step.share) = (divergence, share)
        return
      }
      share *= settings.backtracking
    }
    core.model.parameters.values = start
  }

  /// Fits the value network to the targets.
  ///
  /// - Returns: the mean loss.
  private mutating func fitValues(on workers: Workers, _ report: inout IterationReport) -> Double {
    let minibatches = (core.rows + settings.minibatchSize - 1) / settings.minibatchSize
    core.beginValueUpdate(minibatches: minibatches)
    var sums = LossSums()
    for _ in 0..<settings.valueEpochs {
      core.shuffle(on: workers)
      for minibatch in 0..<minibatches {
        let terms = MinibatchTerms(
          samples: core.advantages(ofMinibatch: minibatch, of: minibatches).count)
        guard terms.samples > 0 else { continue }
        let part = core.computeGradient(
          ofMinibatch: minibatch, of: minibatches, terms, SurrogateObjective(entropyCoefficient: 0),
          ValueLoss(coefficient: 1), parts: .value, on: workers)
        let norm = core.gradientNorm
        guard norm.isFinite, part.isFinite else {
          report.skippedMinibatches += 1
          continue
        }
        sums += part
        core.step(norm: norm, rate: core.learningRate, parts: .value)
      }
    }
    return sums.value / Double(sums.samples)
  }

  private func describe(
    _ sums: LossSums, _ step: PolicyStep, valueLoss: Double, in report: inout IterationReport
  ) {
    let samples = Double(sums.samples)
    report.figures = [
      LearnerFigure("surrogate_loss", sums.policy / samples, in: "losses"),
      LearnerFigure("value_loss", valueLoss, in: "losses"),
      LearnerFigure("entropy", sums.entropy / samples),
      LearnerFigure("kl", step.divergence),
      LearnerFigure("step_share", step.share),
      LearnerFigure("explained_variance", core.explainedVariance),
      LearnerFigure("gradient_norm", step.gradientNorm),
    ]
  }

  public static let diagnoses: [Diagnosis<TRPOSettings>] = [
    noStep, OnPolicyDiagnoses.explainedVariance, OnPolicyDiagnoses.stdAtFloor,
  ]

  private static let noStep = Diagnosis<TRPOSettings>(
    id: "no_step_taken",
    figure: { report, _ in report["step_share"] },
    isBad: { $0 == 0 },
    words: { _, context in
      (
        "the line search finds no step that lowers the surrogate within trpo.target_kl = "
          + NumberText.short(context.settings.targetKL),
        "look whether the reward depends on the actions, or try "
          + SettingHint.set("trpo.damping", context.settings.damping * 10)
      )
    })
}

/// TRPO's surrogate with an entropy bonus: −ρ A − c · entropy, where ρ is the ratio of new to old probability.
package struct SurrogateObjective: PolicyObjective {
  /// c
  package var entropyCoefficient: Double

  package init(entropyCoefficient: Double) { self.entropyCoefficient = entropyCoefficient }

  package func evaluate(
    _ figures: ActionFigures, oldLogProbability: Double, advantage: Double
  ) -> ObjectiveValue {
    let ratio = exp(figures.logProbability - oldLogProbability)
    return ObjectiveValue(
      loss: -ratio * advantage - entropyCoefficient * figures.entropy,
      slopes: ActionSlopes(logProbability: -ratio * advantage, entropy: -entropyCoefficient))
  }
}
