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
  /// What the policy remembers with, if it does: from its scaled observation columns to the memory, which the network
  /// reads in their place.
  public package(set) var memory: GRU?
  /// From the policy's scaled observation columns, or its memory, to what `distribution` needs.
  public package(set) var network: MLP
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
  private(set) var scaling: Scaling
  /// Of the memory, which needs none.
  private let memoryScaling: Scaling
  /// Middle and half of each action's range; 0 and 1 for choices.
  package private(set) var center: [Float]
  package private(set) var halfRange: [Float]

  public var memoryCount: Int { memory?.shape.width ?? 0 }
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
    self.memory = memory
    self.network = network
    self.distribution = distribution
    self.rawLogStd = rawLogStd
    self.normalizer = normalizer
    self.observationClip = observationClip
    self.mode = mode
    center = spec.actions.map { spec.isDiscrete ? 0 : ($0.low + $0.high) / 2 }
    halfRange = spec.actions.map { spec.isDiscrete ? 1 : ($0.high - $0.low) / 2 }
    scaling = .identity(columns: normalizer.columns)
    memoryScaling = .identity(columns: memory?.shape.width ?? 0)
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
    scaling = normalizer.scaling(of: 0..<normalizer.columns, clip: observationClip)
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
  public func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    switch distribution {
    case .gaussian, .deterministic:
      writeOutputs(of: observations, memory: &memory, into: &actions)
      chooseInPlace(&actions, using: &random)
    case .squashedGaussian, .categorical:
      let rows = actions.count / distribution.actionCount
      withScratch(rows * distribution.outputCount) { outputs in
        writeOutputs(of: observations, memory: &memory, into: &outputs)
        choose(from: outputs.span, using: &random, into: &actions)
      }
    }
  }

  /// Chooses actions and records for each row what the network gave, then the memory that it gave it with.
  public func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>, recording records: inout MutableSpan<Float>
  ) {
    guard recordsOutputs else { return act(on: observations, memory: &memory, random: &random, into: &actions) }
    guard memoryCount > 0 else {
      writeOutputs(of: observations, memory: &memory, into: &records)
      return choose(from: records.span, using: &random, into: &actions)
    }
    let (width, length) = (distribution.outputCount, recordedCount)
    let rows = records.count / length
    for row in 0..<rows {
      for i in 0..<memoryCount { records[row * length + width + i] = memory[row * memoryCount + i] }
    }
    withScratch(rows * width) { outputs in
      writeOutputs(of: observations, memory: &memory, into: &outputs)
      for row in 0..<rows {
        for i in 0..<width { records[row * length + i] = outputs[row * width + i] }
      }
      choose(from: outputs.span, using: &random, into: &actions)
    }
  }

  /// Writes the network's outputs for each row of observations: rows × `distribution.outputCount`; the memories take the
  /// observations in.
  private func writeOutputs(
    of observations: Span<Float>, memory: inout MutableSpan<Float>, into outputs: inout MutableSpan<Float>
  ) {
    guard let unit = self.memory else { return writeOutputs(of: observations, into: &outputs) }
    withScratch(memory.count / unit.shape.width * unit.shape.inputCount) { scaled in
      scaling.apply(
        to: observations, rowLength: spec.observationCount, firstColumn: spec.policyColumns.lowerBound, into: &scaled)
      unit.shape.step(scaled.span, memory: &memory, parameters: unit.parameters.span)
    }
    network.evaluate(memory.span, rowLength: memoryCount, firstColumn: 0, scaling: memoryScaling, into: &outputs)
  }

  /// Writes the outputs of a network without memory.
  package func writeOutputs(of observations: Span<Float>, into outputs: inout MutableSpan<Float>) {
    network.evaluate(
      observations, rowLength: spec.observationCount, firstColumn: spec.policyColumns.lowerBound, scaling: scaling,
      into: &outputs)
  }

  /// Turns outputs, one for each component of an action, into actions.
  private func chooseInPlace(_ actions: inout MutableSpan<Float>, using random: inout Random) {
    let count = center.count
    let isSquashed = distribution == .deterministic(actions: count)
    let isStochastic = mode == .stochastic && !isSquashed
    for row in 0..<actions.count / count {
      for i in 0..<count {
        var u = actions[row * count + i]
        if isSquashed { u = tanh(u) }
        if isStochastic { u += std[i] * Float(random.normal()) }
        actions[row * count + i] = center[i] + halfRange[i] * u
      }
    }
  }

  private func choose(
    from outputs: Span<Float>, using random: inout Random, into actions: inout MutableSpan<Float>
  ) {
    switch distribution {
    case .gaussian, .deterministic:
      for i in actions.indices { actions[i] = outputs[i] }
      return chooseInPlace(&actions, using: &random)
    case .squashedGaussian, .categorical: break
    }
    let (count, width) = (distribution.actionCount, distribution.outputCount)
    for row in 0..<actions.count / count {
      let own = outputs.extracting(row * width..<(row + 1) * width)
      var action = actions._mutatingExtracting(row * count..<(row + 1) * count)
      if mode == .stochastic {
        distribution.writeSample(of: own, std: std, using: &random, into: &action)
      } else {
        distribution.writeMode(of: own, into: &action)
      }
      for i in action.indices { action[i] = center[i] + halfRange[i] * action[i] }
    }
  }
}
