import Environments

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A trained controller: a network and the distribution that its outputs stand for.
///
/// The network works in normalized units *u*; the env's action is `center + halfRange · u` of each channel's limits, so
/// that −1…1 spans what the env accepts. Draws of a Gaussian may lie beyond; the env clamps them. A choice is its index.
public struct NetworkPolicy: Policy {
  public enum Mode: Sendable, Equatable {
    /// The likeliest action, which is what a trained robot runs.
    case deterministic
    /// A draw, which is how it explores.
    case stochastic
  }

  public let spec: EnvSpec
  public var mode: Mode
  /// What it computes.
  public private(set) var graph: InferenceGraph
  public let distribution: ActionDistribution
  /// One number an action, from which `std` follows through a smooth floor; empty but for a Gaussian.
  public private(set) var rawLogStd: [Float]
  /// Statistics of the policy's columns in training; frozen while a rollout is collected and its update made.
  public private(set) var normalizer: Normalizer
  /// Where scaled observations are clipped; 0 where observations are used as they are.
  public let observationClip: Double
  /// Whether `act` also writes the network's outputs, and the memory before them.
  package var recordsOutputs = false

  /// The standard deviation of each action of a Gaussian, in normalized units.
  public private(set) var std: [Float] = []
  /// The logarithm of `std`.
  package private(set) var logStd: [Double] = []

  /// What the policy remembers with, if it does: from its scaled observation columns to the memory, which the network
  /// reads in their place.
  public package(set) var memory: GRU? {
    _read { yield graph.memory }
    _modify { yield &graph.memory }
  }
  /// From the policy's scaled observation columns, or its memory, to what `distribution` needs.
  public package(set) var network: MLP {
    _read { yield graph.layers }
    _modify { yield &graph.layers }
  }
  /// Middle and half of each action's range; 0 and 1 for choices.
  package var center: [Float] { graph.center }
  package var halfRange: [Float] { graph.halfRange }

  public var memoryCount: Int { graph.memoryCount }
  public var recordedCount: Int { recordsOutputs ? distribution.outputCount + memoryCount : 0 }

  /// A Gaussian policy.
  ///
  /// - Parameters:
  ///   - spec: the env the policy is for.
  ///   - network: as many inputs as `spec.policyColumns`, as many outputs as `spec.actions`.
  ///   - std: the standard deviation of every action at first, in normalized units; above `minStd`.
  ///   - observationClip: 0 uses observations as they are; otherwise they are normalized and clipped there.
  /// - Throws: `NetworkError` if the parts do not fit each other.
  public init(
    spec: EnvSpec, network: MLP, std: Double = 0.5, minStd: Double = 0.05, observationClip: Double = 10,
    mode: Mode = .deterministic
  ) throws(NetworkError) {
    guard minStd > 0, std > minStd, std.isFinite else {
      throw NetworkError("the standard deviation is \(std); it must be above its floor, \(minStd), which is above 0")
    }
    let raw = StdFloor(minStd: minStd).raw(std: std)
    try self.init(
      spec: spec, network: network, distribution: .gaussian(actions: spec.actionCount, minStd: minStd),
      rawLogStd: Array(repeating: raw, count: spec.actionCount),
      normalizer: Normalizer(columns: spec.policyColumns.count), observationClip: observationClip, mode: mode)
  }

  /// A policy of any distribution.
  ///
  /// - Throws: `NetworkError` if the parts do not fit each other.
  package init(
    spec: EnvSpec, memory: GRU? = nil, network: MLP, distribution: ActionDistribution, rawLogStd: [Float] = [],
    normalizer: Normalizer, observationClip: Double, mode: Mode = .deterministic
  ) throws(NetworkError) {
    let inputCount = memory?.shape.inputCount ?? network.inputCount
    guard inputCount == spec.policyColumns.count else {
      throw NetworkError(
        "the policy's network reads \(inputCount) numbers; the env shows it \(spec.policyColumns.count)")
    }
    if let width = memory?.shape.width, width != network.inputCount {
      throw NetworkError("the policy's network reads \(network.inputCount) numbers; its memory holds \(width)")
    }
    guard distribution.actionCount == spec.actionCount, network.outputCount == distribution.outputCount,
      rawLogStd.count == distribution.parameterCount
    else {
      throw NetworkError(
        "the policy has \(network.outputCount) outputs for \(distribution.actionCount) actions; the env takes "
          + "\(spec.actionCount)")
    }
    if case .categorical(let choices) = distribution {
      guard choices == spec.choiceCounts else {
        throw NetworkError("the policy chooses among \(choices) alternatives; the env offers \(spec.choiceCounts)")
      }
    } else if spec.isDiscrete {
      throw NetworkError("the policy gives continuous actions; the env takes choices")
    }
    guard normalizer.columns == inputCount else {
      throw NetworkError("the policy's normalizer has \(normalizer.columns) columns, not \(inputCount)")
    }
    if case .gaussian(_, let minStd) = distribution {
      guard minStd > 0, minStd.isFinite else {
        throw NetworkError("the policy's smallest standard deviation is \(minStd); it must be above 0")
      }
    }
    guard observationClip >= 0 else { throw NetworkError("the policy clips observations at \(observationClip)") }
    self.spec = spec
    graph = InferenceGraph(
      spec: spec, isNormalized: observationClip > 0, memory: memory, layers: network, distribution: distribution)
    self.distribution = distribution
    self.rawLogStd = rawLogStd
    self.normalizer = normalizer
    self.observationClip = observationClip
    self.mode = mode
    updateScaling()
    updateStd()
  }

  /// The same policy for an env that shows it the same and takes the same from it, but may reward, end or measure
  /// episodes otherwise.
  ///
  /// - Throws: `NetworkError` if observations or actions do not fit.
  package func moved(to spec: EnvSpec) throws(NetworkError) -> NetworkPolicy {
    try NetworkPolicy(
      spec: spec, memory: memory, network: network, distribution: distribution, rawLogStd: rawLogStd,
      normalizer: normalizer, observationClip: observationClip, mode: mode)
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
    graph.scaling = normalizer.scaling(of: 0..<normalizer.columns, clip: observationClip)
  }

  private mutating func updateStd() {
    guard let floor = distribution.floor else { return }
    // In place: this runs once a minibatch, where nothing may be allocated.
    if logStd.count != rawLogStd.count {
      logStd = Array(repeating: 0, count: rawLogStd.count)
      std = Array(repeating: 0, count: rawLogStd.count)
    }
    for i in rawLogStd.indices {
      logStd[i] = floor.logStd(raw: rawLogStd[i])
      std[i] = Float(exp(logStd[i]))
    }
  }
}

// MARK: Acting

extension NetworkPolicy {
  /// The deviations of draws; nil where the likeliest actions are taken.
  private var exploration: [Float]? { mode == .stochastic ? std : nil }

  public func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    guard distribution.outputCount != distribution.actionCount || spec.isDiscrete else {
      graph.writeOutputs(of: observations, rowLength: spec.observationCount, memories: &memory, into: &actions)
      return graph.turnIntoActions(&actions, exploringWith: exploration, using: &random)
    }
    let rows = actions.count / distribution.actionCount
    withScratch(rows * distribution.outputCount) { outputs in
      graph.writeOutputs(of: observations, rowLength: spec.observationCount, memories: &memory, into: &outputs)
      graph.writeActions(from: outputs.span, exploringWith: exploration, using: &random, into: &actions)
    }
  }

  /// Chooses actions and records for each row what the network gave, then the memory that it gave it with.
  public func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>, recording records: inout MutableSpan<Float>
  ) {
    guard recordsOutputs else { return act(on: observations, memory: &memory, random: &random, into: &actions) }
    guard memoryCount > 0 else {
      writeOutputs(of: observations, into: &records)
      return graph.writeActions(from: records.span, exploringWith: exploration, using: &random, into: &actions)
    }
    let (width, length) = (distribution.outputCount, recordedCount)
    let rows = records.count / length
    for row in 0..<rows {
      for i in 0..<memoryCount { records[row * length + width + i] = memory[row * memoryCount + i] }
    }
    withScratch(rows * width) { outputs in
      graph.writeOutputs(of: observations, rowLength: spec.observationCount, memories: &memory, into: &outputs)
      for row in 0..<rows {
        for i in 0..<width { records[row * length + i] = outputs[row * width + i] }
      }
      graph.writeActions(from: outputs.span, exploringWith: exploration, using: &random, into: &actions)
    }
  }

  /// Writes the outputs of a network without memory.
  package func writeOutputs(of observations: Span<Float>, into outputs: inout MutableSpan<Float>) {
    precondition(memoryCount == 0)
    var none = MutableSpan<Float>()
    graph.writeOutputs(of: observations, rowLength: spec.observationCount, memories: &none, into: &outputs)
  }
}
