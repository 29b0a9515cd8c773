import Environments

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a policy computes from an observation to its likeliest action, as a chain of operations with all their numbers.
///
/// Acting runs it, `describe` prints it and files explain themselves by it, so that they cannot say different things.
public struct InferenceGraph: Sendable, Equatable {
  /// A link of the chain; each reads what the one before it gives.
  public enum Operation: Sendable, Equatable {
    /// clamp((x − mean) · scale) to ±clip, for each of the observation's columns that the policy reads.
    case normalize(Scaling)
    /// The memory takes its input in; what it then holds goes on. It is zeroed when an episode starts.
    case gru(GRU)
    /// Dense layers, an activation behind each but the last.
    case dense(MLP)
    /// Of the first so many numbers the hyperbolic tangent; the others are not used.
    case tanh(count: Int)
    /// Of each run of so many numbers the index of the largest.
    case largest(of: [Int])
    /// center + halfRange · u for each component *u* of the action.
    case rescale(center: [Float], halfRange: [Float])
  }

  /// The observation's columns that are read.
  public let columns: Range<Int>
  /// Whether these are normalized.
  let isNormalized: Bool
  package internal(set) var scaling: Scaling
  package internal(set) var memory: GRU?
  package internal(set) var layers: MLP
  let distribution: ActionDistribution
  /// Middle and half of each action's range; 0 and 1 for choices.
  package let center: [Float]
  package let halfRange: [Float]
  /// Of the memory, which needs none.
  private let memoryScaling: Scaling

  init(
    spec: EnvSpec, isNormalized: Bool, memory: GRU?, layers: MLP, distribution: ActionDistribution
  ) {
    columns = spec.policyColumns
    self.isNormalized = isNormalized
    scaling = .identity(columns: columns.count)
    self.memory = memory
    self.layers = layers
    self.distribution = distribution
    center = spec.actions.map { spec.isDiscrete ? 0 : ($0.low + $0.high) / 2 }
    halfRange = spec.actions.map { spec.isDiscrete ? 1 : ($0.high - $0.low) / 2 }
    memoryScaling = .identity(columns: memory?.shape.width ?? 0)
  }

  /// The chain, in order.
  public var operations: [Operation] {
    var operations: [Operation] = isNormalized ? [.normalize(scaling)] : []
    if let memory { operations.append(.gru(memory)) }
    operations.append(.dense(layers))
    switch distribution {
    case .gaussian: break
    case .squashedGaussian(let actions), .deterministic(let actions): operations.append(.tanh(count: actions))
    case .categorical(let choices): return operations + [.largest(of: choices)]
    }
    return operations + [.rescale(center: center, halfRange: halfRange)]
  }

  public var memoryCount: Int { memory?.shape.width ?? 0 }

  // MARK: Evaluation

  /// Writes what the layers give for each row of observations: rows × `distribution.outputCount`.
  ///
  /// - Parameters:
  ///   - rowLength: numbers of an observation.
  ///   - memories: rows × `memoryCount`, which take the observations in.
  func writeOutputs(
    of observations: Span<Float>, rowLength: Int, memories: inout MutableSpan<Float>,
    into outputs: inout MutableSpan<Float>
  ) {
    guard let memory else {
      return layers.evaluate(
        observations, rowLength: rowLength, firstColumn: columns.lowerBound, scaling: scaling, into: &outputs)
    }
    withScratch(memories.count / memory.shape.width * memory.shape.inputCount) { scaled in
      scaling.apply(to: observations, rowLength: rowLength, firstColumn: columns.lowerBound, into: &scaled)
      memory.shape.step(scaled.span, memory: &memories, parameters: memory.parameters.span)
    }
    layers.evaluate(
      memories.span, rowLength: memory.shape.width, firstColumn: 0, scaling: memoryScaling, into: &outputs)
  }

  /// Turns rows of outputs into actions in the env's units.
  ///
  /// - Parameter std: the deviations of a Gaussian that explores; nil for the likeliest actions.
  func writeActions(
    from outputs: Span<Float>, exploringWith std: [Float]?, using random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    switch distribution {
    case .gaussian, .deterministic:
      for i in actions.indices { actions[i] = outputs[i] }
      turnIntoActions(&actions, exploringWith: std, using: &random)
    case .squashedGaussian, .categorical:
      let (count, width) = (distribution.actionCount, distribution.outputCount)
      for row in 0..<actions.count / count {
        let own = outputs.extracting(row * width..<(row + 1) * width)
        var action = actions._mutatingExtracting(row * count..<(row + 1) * count)
        if let std {
          distribution.writeSample(of: own, std: std, using: &random, into: &action)
        } else {
          distribution.writeMode(of: own, into: &action)
        }
        for i in action.indices { action[i] = center[i] + halfRange[i] * action[i] }
      }
    }
  }

  /// Turns outputs, one for each component of an action, into actions in place.
  func turnIntoActions(
    _ actions: inout MutableSpan<Float>, exploringWith std: [Float]?, using random: inout Random
  ) {
    let count = center.count
    let isSquashed = if case .deterministic = distribution { true } else { false }
    for row in 0..<actions.count / count {
      for i in 0..<count {
        var u = actions[row * count + i]
        if isSquashed {
          u = tanh(u)
        } else if let std {
          u += std[i] * Float(random.normal())
        }
        actions[row * count + i] = center[i] + halfRange[i] * u
      }
    }
  }
}

// MARK: In words

extension InferenceGraph {
  /// The formula of the chain, for the reader of a file.
  ///
  /// - Parameter rule: how the scale of a column follows from its statistics.
  func explanation(normalizingBy rule: Normalizer.Rule) -> String {
    let scaled =
      switch rule {
      case .absolute: "(x - mean) / sqrt(squares / count + 1e-4)"
      case .relative: "(x - mean) * sqrt(squares / count) / (squares / count + 1e-6 * mean^2 + 1e-18)"
      }
    let input = "clamp(\(scaled), +-observation_clip)"
    let network =
      memory == nil
      ? "u = network(\(input)) for the policy's observation columns x"
      : "u = network(h) with h = gru(\(input), h) for the policy's observation columns x, h = 0 when an episode starts, "
        + "and the gates r, z, n as in PyTorch"
    let action =
      switch distribution {
      case .gaussian, .squashedGaussian, .deterministic: "action = (low + high) / 2 + (high - low) / 2 * u"
      case .categorical: "each choice is the index of the largest of its outputs"
      }
    let deviation =
      switch distribution {
      case .gaussian: "; std = exp(floor + log(1 + exp(raw_log_std - floor))) with floor = log(min_std)"
      case .squashedGaussian: "; u = tanh(first half of the outputs), log std = clamp(second half, -20, 2)"
      case .deterministic: "; u = tanh(outputs)"
      case .categorical: ""
      }
    return "\(network); \(action); the activation follows every layer but the last\(deviation)"
  }
}
