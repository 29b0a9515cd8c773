import Environments

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A trained controller: a network gives the mean of a Gaussian for each action, whose spread does not depend on the
/// observation.
///
/// The network works in normalised units *u*; the env's action is `centre + halfRange · u` of each channel's limits, so
/// that −1…1 spans what the env accepts. Draws may lie beyond; the env clamps them.
public struct GaussianPolicy: Policy {
  public enum Mode: Sendable, Equatable {
    /// The mean, which is what a trained robot runs.
    case deterministic
    /// A draw, which is how it explores.
    case stochastic
  }

  public let spec: EnvSpec
  public var mode: Mode
  /// From the policy's scaled observation columns to the mean action in normalised units.
  public package(set) var network: MLP
  /// One number an action, from which `std` follows through a smooth floor at `minStd`.
  public private(set) var rawLogStd: [Float]
  /// The standard deviation that no action's can fall below, in normalised units.
  public let minStd: Double
  /// What the policy's columns were like in training; frozen while a rollout is collected and its update made.
  public private(set) var normalizer: Normalizer
  /// Where scaled observations are cut off; 0 where observations are taken as they are.
  public let observationClip: Double

  /// The standard deviation of each action, in normalised units.
  public private(set) var std: [Float] = []
  /// The logarithm of `std`.
  package private(set) var logStd: [Double] = []
  /// exp(−`logStd`).
  private(set) var inverseStd: [Double] = []
  private(set) var scaling: Scaling
  private(set) var centre: [Float]
  private(set) var halfRange: [Float]

  var floor: StdFloor { StdFloor(minStd: minStd) }

  /// - Parameters:
  ///   - spec: the env the policy is for.
  ///   - network: as many inputs as `spec.policyColumns`, as many outputs as `spec.actions`.
  ///   - std: the standard deviation of every action at first, in normalised units; above `minStd`.
  ///   - observationClip: 0 takes observations as they are; else they are normalised and cut off there.
  /// - Throws: `LearningError` if the parts do not fit each other.
  public init(
    spec: EnvSpec, network: MLP, std: Double = 0.5, minStd: Double = 0.05, observationClip: Double = 10,
    mode: Mode = .deterministic
  ) throws(LearningError) {
    guard minStd > 0, std > minStd, std.isFinite else {
      throw LearningError("the standard deviation is \(std); it must be above its floor, \(minStd), which is above 0")
    }
    let raw = StdFloor(minStd: minStd).raw(std: std)
    try self.init(
      spec: spec, network: network, rawLogStd: Array(repeating: raw, count: spec.actionCount), minStd: minStd,
      normalizer: Normalizer(columns: spec.policyColumns.count), observationClip: observationClip, mode: mode)
  }

  init(
    spec: EnvSpec, network: MLP, rawLogStd: [Float], minStd: Double, normalizer: Normalizer, observationClip: Double,
    mode: Mode
  ) throws(LearningError) {
    guard network.inputCount == spec.policyColumns.count else {
      throw LearningError(
        "the policy's network reads \(network.inputCount) numbers; the env shows it \(spec.policyColumns.count)")
    }
    guard network.outputCount == spec.actionCount, rawLogStd.count == spec.actionCount else {
      throw LearningError("the policy gives \(network.outputCount) actions; the env takes \(spec.actionCount)")
    }
    guard normalizer.columns == network.inputCount else {
      throw LearningError("the policy's normaliser has \(normalizer.columns) columns, not \(network.inputCount)")
    }
    guard minStd > 0, minStd.isFinite, observationClip >= 0 else {
      throw LearningError("the policy's smallest standard deviation is \(minStd), its clip \(observationClip)")
    }
    self.spec = spec
    self.network = network
    self.rawLogStd = rawLogStd
    self.minStd = minStd
    self.normalizer = normalizer
    self.observationClip = observationClip
    self.mode = mode
    centre = spec.actions.map { ($0.low + $0.high) / 2 }
    halfRange = spec.actions.map { ($0.high - $0.low) / 2 }
    scaling = .identity(columns: normalizer.columns)
    updateScaling()
    updateStd()
  }

  /// The same policy for an env that shows it the same and takes the same from it, but may reward, end or measure
  /// episodes otherwise.
  ///
  /// - Throws: `LearningError` if observations or actions do not fit.
  package func moved(to spec: EnvSpec) throws(LearningError) -> GaussianPolicy {
    try GaussianPolicy(
      spec: spec, network: network, rawLogStd: rawLogStd, minStd: minStd, normalizer: normalizer,
      observationClip: observationClip, mode: mode)
  }

  public func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    writeMeans(of: observations, into: &actions)
    let count = centre.count
    let isStochastic = mode == .stochastic
    for row in 0..<actions.count / count {
      for i in 0..<count {
        var u = actions[row * count + i]
        if isStochastic { u += std[i] * Float(random.normal()) }
        actions[row * count + i] = centre[i] + halfRange[i] * u
      }
    }
  }

  /// Writes the mean action, in normalised units, for each row of observations.
  package func writeMeans(of observations: Span<Float>, into means: inout MutableSpan<Float>) {
    network.evaluate(
      observations, rowLength: spec.observationCount, firstColumn: spec.policyColumns.lowerBound, scaling: scaling,
      into: &means)
  }

  /// Lets `body` change the raw deviations, and brings what follows from them up to date.
  package mutating func updateRawLogStd(_ body: (inout [Float]) -> Void) {
    body(&rawLogStd)
    updateStd()
  }

  /// Takes over statistics of the policy's columns.
  package mutating func setNormalizer(_ normalizer: Normalizer) {
    self.normalizer = normalizer
    updateScaling()
  }

  private mutating func updateScaling() {
    guard observationClip > 0 else { return }
    scaling = normalizer.scaling(of: 0..<normalizer.columns, clip: observationClip)
  }

  private mutating func updateStd() {
    let floor = floor
    // In place: this runs once a minibatch, where nothing may be allocated.
    if logStd.count != rawLogStd.count {
      logStd = Array(repeating: 0, count: rawLogStd.count)
      inverseStd = logStd
      std = Array(repeating: 0, count: rawLogStd.count)
    }
    for i in rawLogStd.indices {
      logStd[i] = floor.logStd(raw: rawLogStd[i])
      inverseStd[i] = exp(-logStd[i])
      std[i] = Float(exp(logStd[i]))
    }
  }
}
