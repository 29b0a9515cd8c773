import Environments
import Networks

/// Settings of PPO. The defaults made a simulated biped walk soonest: small, frequent updates.
public struct PPOSettings: Sendable, Equatable {
  /// What keeps an update near the policy that acted.
  public enum Objective: String, Sendable, Equatable, CaseIterable {
    /// Limits on the probability ratio; see `clip`.
    case clip
    /// A penalty on the divergence, whose weight is doubled after an iteration whose divergence exceeded 1.5 times
    /// `targetKL`, and halved after one that stayed below `targetKL` divided by 1.5.
    case penalty
  }

  /// How the learning rate moves from iteration to iteration.
  public enum Schedule: String, Sendable, Equatable, CaseIterable {
    /// It stays.
    case constant
    /// It falls in proportion to the steps left of `totalSteps`, though not below `minLearningRate`.
    case linear
    /// It is divided by 1.3 after an iteration whose divergence exceeded twice `targetKL`, and multiplied by 1.3 after
    /// one that stayed below half of it. Under the penalty objective it does so only where the penalty is far from 1.
    case adaptive
  }

  /// Control steps that each env takes in an iteration.
  public var horizon = 32
  /// Samples in a minibatch; those of an iteration are divided evenly, so that none is left over.
  public var minibatchSize = 256
  /// How often an update goes through the samples.
  public var epochs = 3
  /// γ, the weight of a reward one step later.
  public var discount = 0.99
  /// λ of the generalized advantage estimate.
  public var lambda = 0.9
  public var objective = Objective.clip
  /// ε, how far the probability ratio may leave 1 under the clip objective.
  public var clip = 0.2
  /// β, the first weight of the divergence under the penalty objective.
  public var penalty = 1.0
  /// How far a value may move in an update, in normalized units; 0 sets no limit.
  public var valueClip = 0.0
  public var entropyCoefficient = 0.002
  /// The weight of the mean squared error of the values.
  public var valueCoefficient = 0.5
  /// The joint norm to which policy's and value's gradients are cut; 0 sets no limit.
  public var maxGradientNorm = 1.0
  public var learningRate = 1e-3
  public var schedule = Schedule.adaptive
  /// The divergence from the old policy that the penalty and the adaptive schedule aim at.
  public var targetKL = 0.02
  /// What `targetKL` moves to, in proportion to the steps taken of `totalSteps`; 0 lets it stay. Smaller steps towards the
  /// end settle a policy that the pace of the beginning keeps shaking.
  public var finalKL = 0.0
  /// Env steps at first in which the policy keeps still and only the value network learns, at `frozenRate`.
  public var frozenSteps = 0
  public var minLearningRate = 1e-5
  public var maxLearningRate = 2e-3
  /// The divergence beyond which the rest of an update is dropped; 0 sets no limit.
  public var stopKL = 0.0
  public var normalizeObservations = true
  /// Where normalized observations are cut off.
  public var observationClip = 10.0
  public var normalizeValues = true
  /// Whether a minibatch's advantages are brought to mean 0 and standard deviation 1.
  public var normalizeAdvantages = true
  /// Whether every sample is learned from a second time as its mirror image; the envs must declare a symmetry.
  public var mirrorSamples = false
  /// What rewards are multiplied by before anything is learned from them.
  public var rewardScale = 1.0
  /// The policy's first standard deviation; 1 is half an action's range.
  public var initialStd = 0.5
  /// The standard deviation below which the policy cannot fall.
  public var minStd = 0.05
  /// Widths of the policy's hidden layers.
  public var hiddenLayers = [64, 64]
  /// Widths of the value network's hidden layers.
  public var valueLayers = [64, 64]
  public var activation = Activation.elu
  /// The scale of the policy's first output weights.
  public var outputGain = 0.01
  /// Whether the value network is one more output of the policy's hidden layers; `valueLayers` are not used then.
  public var sharesTrunk = false
  /// What the networks remember earlier observations with.
  public var memory = NetworkMemory.none
  /// Numbers in each network's memory.
  public var memoryWidth = 64
  /// Control steps that gradients of networks with a memory go back through.
  public var sequenceLength = 32
  /// Into how many slices a minibatch is cut for the workers. Part of the result, unlike the number of threads.
  public var gradientShards = 4
  /// The env steps over which the linear schedule and the move to `finalKL` run.
  public var totalSteps = 1_000_000

  /// The learning rate of the value network while the policy keeps still.
  public static let frozenRate = 1e-3

  public init() {}

  /// Whether anything aims at `targetKL`.
  package var followsDivergence: Bool { schedule == .adaptive || objective == .penalty }

  /// The divergence that is aimed at after `steps` env steps.
  package func targetKL(after steps: Int) -> Double {
    guard finalKL > 0 else { return targetKL }
    let done = min(Double(steps) / Double(totalSteps), 1)
    return targetKL + (finalKL - targetKL) * done
  }
}

// MARK: Names, ranges and help

extension PPOSettings: RecurrentLearnerSettings {
  public static let section = "ppo"

  public static let keys: [SettingKey<PPOSettings>] =
    [
      horizonKey,
      .whole("ppo.minibatch", \.minibatchSize, 1...10_000_000, "samples in a minibatch"),
      .whole("ppo.epochs", \.epochs, 1...1_000, "passes of an update over the samples"),
      discountKey,
      .number("ppo.lambda", \.lambda, .from(0, to: 1), "λ of the generalized advantage estimate"),
      .choice("ppo.objective", \.objective, "what keeps an update near the policy that acted"),
      .number("ppo.clip", \.clip, .from(1e-6, to: 10), "how far the probability ratio may be from 1, for clip"),
      .number(
        "ppo.penalty", \.penalty, .from(KLPenalty.range.lowerBound, to: KLPenalty.range.upperBound),
        "initial weight of the KL divergence, for penalty"),
      .number(
        "ppo.value_clip", \.valueClip, .from(0, to: 1e6), "how far a value may change in an update; 0: no limit"),
      entropyKey,
      .number("ppo.value_coefficient", \.valueCoefficient, .from(0, to: 1e3), "weight of the value loss"),
      maxGradientNormKey,
      learningRateKey,
      .choice("ppo.schedule", \.schedule, "how the learning rate changes"),
      .whole(
        "ppo.frozen_steps", \.frozenSteps, 0...mostSteps,
        "env steps at the start in which only the value network learns; --init sets it"),
      .number(
        "ppo.target_kl", \.targetKL, .from(1e-9, to: 1e3),
        "KL divergence of an update that the penalty and the adaptive schedule aim at"),
      .number(
        "ppo.final_kl", \.finalKL, .from(0, to: 1e3), "KL divergence that they aim at in the end; 0: target_kl"),
      .number(
        "ppo.min_learning_rate", \.minLearningRate, .from(0, to: 1),
        "lower bound of the learning rate, for the schedules"),
      .number("ppo.max_learning_rate", \.maxLearningRate, .from(0, to: 1), "upper bound of the adaptive schedule"),
      .number("ppo.stop_kl", \.stopKL, .from(0, to: 1e3), "KL divergence at which an update is ended; 0: no limit"),
    ] + normalizationKeys + networkKeys
    + [.flag("ppo.shared_trunk", \.sharesTrunk, "whether policy and value network share their hidden layers")]
    + memoryKeys + [gradientShardsKey, totalStepsKey]

  private static let mostSteps = 1_000_000_000_000

  public var conflict: String? {
    if minLearningRate > maxLearningRate {
      return "setting 'ppo.max_learning_rate' is \(maxLearningRate); it must be at least 'ppo.min_learning_rate', "
        + "\(minLearningRate)"
    }
    if schedule == .adaptive, !(minLearningRate...maxLearningRate).contains(learningRate) {
      return "setting 'ppo.learning_rate' is \(learningRate); with the adaptive schedule it must be from "
        + "\(minLearningRate) to \(maxLearningRate), its two bounds"
    }
    return commonConflict
  }

  public func note(ofTraining steps: Int) -> String? {
    let lengths =
      "runs over ppo.total_steps, \(NumberText.grouped(totalSteps)) steps, and the training over "
      + "\(NumberText.grouped(steps))"
    switch schedule {
    case .linear: return "the linear schedule of the learning rate \(lengths)"
    case _ where followsDivergence && finalKL > 0 && finalKL != targetKL:
      return "the divergence aimed at moves from ppo.target_kl to ppo.final_kl; that \(lengths)"
    default: return nil
    }
  }

  public var smallerSteps: String {
    followsDivergence
      ? SettingHint.set("ppo.target_kl", targetKL / 2) : SettingHint.set("ppo.learning_rate", learningRate / 2)
  }
}

// MARK: Starting from a policy

extension PPOSettings {
  /// Where the value network is new, advantages stay rough for long: the pace is then this share of what it was.
  private static let cautiousPace = 0.25
  /// And this is the rate at first, which the adaptive schedule raises where it can.
  private static let cautiousRate = 1e-5
  /// Iterations in which the policy does not change: until its value network knows what it is worth, or, if that came
  /// along, until the optimizer has its moments.
  private static let frozenIterations = (fresh: 16, known: 2)

  public func pace(after steps: Int) -> Double? { followsDivergence ? targetKL(after: steps) : nil }

  public mutating func goOn(from start: LearnerStart, pace: Double?, envs: Int, isAsked: (String) -> Bool) {
    if !isAsked("ppo.value_layers"), let layers = start.valueLayers { valueLayers = layers }
    if !isAsked("ppo.shared_trunk") { sharesTrunk = start.sharesTrunk }
    let isKnown = sharesTrunk ? start.sharesTrunk : start.valueLayers == valueLayers
    if followsDivergence, !isAsked("ppo.target_kl") {
      targetKL = (pace ?? targetKL) * (isKnown ? 1 : Self.cautiousPace)
      if !isAsked("ppo.final_kl") { finalKL = 0 }
    }
    if schedule == .adaptive, !isAsked("ppo.learning_rate") {
      let rate = isKnown ? start.learningRate ?? Self.cautiousRate : Self.cautiousRate
      learningRate = max(minLearningRate, min(rate, maxLearningRate))
    }
    if !isAsked("ppo.frozen_steps") {
      frozenSteps = (isKnown ? Self.frozenIterations.known : Self.frozenIterations.fresh) * envs * horizon
    }
  }

  public static func benchmark(layers: [Int], minibatch: Int, horizon: Int) -> PPOSettings? {
    var settings = PPOSettings()
    settings.hiddenLayers = layers
    settings.valueLayers = layers
    settings.minibatchSize = minibatch
    settings.horizon = horizon
    settings.epochs = 1
    settings.schedule = .constant
    settings.learningRate = 1e-7
    return settings
  }
}
