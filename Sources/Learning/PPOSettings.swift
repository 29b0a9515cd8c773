/// What PPO can be told. The defaults made a simulated biped walk soonest: small, frequent updates.
public struct PPOSettings: Sendable, Equatable {
  /// How the learning rate moves from iteration to iteration.
  public enum Schedule: String, Sendable, Equatable, CaseIterable {
    /// It stays.
    case constant
    /// It falls in proportion to the steps left of `totalSteps`, though not below `minLearningRate`.
    case linear
    /// It is divided by 1.3 after an iteration whose divergence exceeded twice `targetKL`, and multiplied by 1.3 after
    /// one that stayed below half of it.
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
  /// λ of the generalised advantage estimate.
  public var lambda = 0.9
  /// ε, how far the probability ratio may leave 1.
  public var clip = 0.2
  /// How far a value may move in an update, in normalised units; 0 sets no limit.
  public var valueClip = 0.0
  public var entropyCoefficient = 0.002
  /// The weight of the mean squared error of the values.
  public var valueCoefficient = 0.5
  /// The joint norm to which policy's and value's gradients are cut; 0 sets no limit.
  public var maxGradientNorm = 1.0
  public var learningRate = 1e-3
  public var schedule = Schedule.adaptive
  /// The divergence from the old policy that the adaptive schedule aims at.
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
  /// Where normalised observations are cut off.
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
  /// Into how many slices a minibatch is cut for the workers. Part of the result, unlike the number of threads.
  public var gradientShards = 4
  /// The env steps over which the linear schedule and the move to `finalKL` run.
  public var totalSteps = 1_000_000

  /// The learning rate of the value network while the policy keeps still.
  public static let frozenRate = 1e-3

  public init() {}

  /// The divergence that the adaptive schedule aims at after `steps` env steps.
  package func targetKL(after steps: Int) -> Double {
    guard finalKL > 0 else { return targetKL }
    let done = min(Double(steps) / Double(totalSteps), 1)
    return targetKL + (finalKL - targetKL) * done
  }

  /// - Throws: `LearningError` that names the first setting out of range, and the range.
  public func validate() throws(LearningError) {
    func check<T: Comparable>(_ name: String, _ value: T, _ range: ClosedRange<T>) throws(LearningError) {
      guard range.contains(value) else {
        throw LearningError("\(name) is \(value); it must be in \(range.lowerBound)...\(range.upperBound)")
      }
    }
    try check("horizon", horizon, 1...1_000_000)
    try check("minibatchSize", minibatchSize, 1...10_000_000)
    try check("epochs", epochs, 1...1000)
    try check("discount", discount, 0...1)
    try check("lambda", lambda, 0...1)
    try check("clip", clip, 1e-6...10)
    try check("valueClip", valueClip, 0...1e6)
    try check("entropyCoefficient", entropyCoefficient, 0...1e3)
    try check("valueCoefficient", valueCoefficient, 0...1e3)
    try check("maxGradientNorm", maxGradientNorm, 0...1e9)
    try check("minLearningRate", minLearningRate, 0...1)
    try check("maxLearningRate", maxLearningRate, minLearningRate...1)
    try check("learningRate", learningRate, 0...1)
    if schedule == .adaptive { try check("learningRate", learningRate, minLearningRate...maxLearningRate) }
    try check("targetKL", targetKL, 1e-9...1e3)
    try check("finalKL", finalKL, 0...1e3)
    try check("stopKL", stopKL, 0...1e3)
    try check("frozenSteps", frozenSteps, 0...Int.max)
    try check("observationClip", observationClip, 1e-3...1e6)
    try check("rewardScale", rewardScale, 1e-9...1e9)
    try check("minStd", minStd, 1e-6...10)
    try check("initialStd", initialStd, minStd.nextUp...100)
    try check("outputGain", outputGain, 0...100)
    try check("gradientShards", gradientShards, 1...1024)
    try check("totalSteps", totalSteps, 1...Int.max)
    for (name, layers) in [("hiddenLayers", hiddenLayers), ("valueLayers", valueLayers)] {
      try check("the number of \(name)", layers.count, 0...16)
      for width in layers { try check("a width in \(name)", width, 1...MLP.widest) }
    }
  }
}
