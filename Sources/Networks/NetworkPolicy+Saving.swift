import Environments
import Storage

extension NetworkPolicy {
  /// The version of policy files, raised when they are no longer read as before.
  public static let fileVersion = 1

  /// What `memory` is called in the metadata, and its tensors.
  private static let memoryKind = "gru"
  package static let memoryName = "policy.memory"

  /// Adds all that the policy is to `file`.
  public func save(to file: inout TensorFile) {
    file.metadata["format"] = "ppo-robot"
    file.metadata["version"] = "\(NetworkPolicy.fileVersion)"
    file.metadata["about"] = graph.explanation(normalizingBy: normalizer.rule)
    file.metadata["spec"] = spec.json.line
    file.metadata["activation"] = network.activation.rawValue
    file.metadata["layers"] = JSON.array(network.sizes.map(JSON.whole)).line
    if case .gaussian(_, let minStd) = distribution {
      file.metadata["min_std"] = "\(minStd)"
    } else {
      file.metadata["distribution"] = distribution.name
    }
    file.metadata["observation_clip"] = "\(observationClip)"
    if let memory {
      file.metadata["memory"] = Self.memoryKind
      memory.save(to: &file, as: Self.memoryName)
    }
    network.save(to: &file, as: "policy")
    if !rawLogStd.isEmpty { file.set("policy.raw_log_std", .float32(rawLogStd)) }
    normalizer.save(to: &file, as: "policy.normalizer")
    if normalizer.rule != .absolute { file.metadata["normalizer"] = normalizer.rule.rawValue }
  }

  /// The policy that `save(to:)` added to `file`, in deterministic mode.
  ///
  /// - Throws: `NetworkError` if something is missing, of another version, or does not fit.
  public init(from file: TensorFile) throws {
    let version = try file.text("version")
    guard try file.text("format") == "ppo-robot", version == "\(NetworkPolicy.fileVersion)" else {
      throw NetworkError("it is of version \(version); this program reads version \(NetworkPolicy.fileVersion)")
    }
    let spec = try EnvSpec(try JSON(Array(try file.text("spec").utf8)[...]))
    guard let activation = Activation(rawValue: try file.text("activation")),
      let sizes = try JSON(Array(try file.text("layers").utf8)[...]).array?.map({ $0.int ?? 0 }),
      let clip = Double(try file.text("observation_clip"))
    else { throw NetworkError("the description of its network is damaged") }
    var memory: GRU?
    if let kind = file.metadata["memory"] {
      guard kind == Self.memoryKind else {
        throw NetworkError("it remembers by '\(printable(kind))', which this program does not know")
      }
      let shape = try GRUShape(inputCount: spec.policyColumns.count, width: sizes.first ?? 0)
      memory = try GRU(from: file, as: Self.memoryName, shape: shape)
    }
    let network = try MLP(from: file, as: "policy", sizes: sizes, activation: activation)
    guard let rule = Normalizer.Rule(rawValue: file.metadata["normalizer"] ?? Normalizer.Rule.absolute.rawValue) else {
      throw NetworkError("it normalizes observations by a rule that this program does not know")
    }
    var normalizer = try Normalizer(from: file, as: "policy.normalizer", columns: memory?.shape.inputCount ?? sizes[0])
    normalizer.rule = rule
    let distribution = try ActionDistribution(from: file, spec: spec)
    let raw =
      distribution.parameterCount > 0
      ? try file.finiteFloats("policy.raw_log_std", count: distribution.parameterCount) : []
    try self.init(
      spec: spec, memory: memory, network: network, distribution: distribution, rawLogStd: raw, normalizer: normalizer,
      observationClip: clip, mode: .deterministic)
  }
}

extension ActionDistribution {
  /// The distribution of the policy in `file`; a file that names none holds a Gaussian.
  fileprivate init(from file: TensorFile, spec: EnvSpec) throws {
    let count = spec.actionCount
    switch file.metadata["distribution"] ?? "gaussian" {
    case "gaussian":
      guard let minStd = Double(try file.text("min_std")) else {
        throw NetworkError("the description of its network is damaged")
      }
      self = .gaussian(actions: count, minStd: minStd)
    case "squashed_gaussian": self = .squashedGaussian(actions: count)
    case "categorical": self = .categorical(choices: spec.choiceCounts)
    case "deterministic": self = .deterministic(actions: count)
    default: throw NetworkError("it has a kind of actions that this program does not know")
    }
  }
}

extension MLP {
  package func save(to file: inout TensorFile, as name: String) {
    for layer in 0..<layerCount {
      let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
      var weights: [Float] = []
      weights.reserveCapacity(inputs * outputs)
      for output in 0..<outputs {
        for input in 0..<inputs { weights.append(parameters[offsets[layer] + input * outputs + output]) }
      }
      file.set("\(name).\(layer).weight", .float32(weights), shape: [outputs, inputs])
      file.set("\(name).\(layer).bias", .float32(Array(parameters[biasOffset(layer)..<biasOffset(layer) + outputs])))
    }
  }

  /// The network whose layers `save(to:as:)` wrote; nothing is allocated before `file` is seen to hold them.
  package init(
    from file: TensorFile, as name: String, sizes: [Int], activation: Activation
  ) throws {
    try Self.check(file, holds: name, sizes: sizes)
    try self.init(sizes: sizes, activation: activation)
    try restore(from: file, as: name)
  }

  /// Sees that `file` holds a network with layers of these sizes; nothing is allocated.
  package static func check(_ file: TensorFile, holds name: String, sizes: [Int]) throws {
    for (layer, (inputs, outputs)) in zip(sizes, sizes.dropFirst()).enumerated() {
      _ = try file.floats("\(name).\(layer).weight", shape: [outputs, inputs])
      _ = try file.floats("\(name).\(layer).bias", shape: [outputs])
    }
  }

  package mutating func restore(from file: TensorFile, as name: String) throws {
    for layer in 0..<layerCount {
      let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
      let weights = try file.floats("\(name).\(layer).weight", shape: [outputs, inputs])
      let biases = try file.floats("\(name).\(layer).bias", shape: [outputs])
      for output in 0..<outputs {
        for input in 0..<inputs {
          parameters[offsets[layer] + input * outputs + output] = weights[output * inputs + input]
        }
        parameters[biasOffset(layer) + output] = biases[output]
      }
    }
    guard parameters.allSatisfy(\.isFinite) else { throw NetworkError("the weights of '\(name)' are not finite") }
  }
}

extension Normalizer {
  package func save(to file: inout TensorFile, as name: String) {
    file.set("\(name).count", .float64([count]))
    file.set("\(name).mean", .float64(mean))
    file.set("\(name).squares", .float64(squares))
  }

  package init(from file: TensorFile, as name: String, columns: Int) throws {
    self.init(columns: columns)
    count = try file.doubles("\(name).count", shape: [1])[0]
    mean = try file.doubles("\(name).mean", shape: [columns])
    squares = try file.doubles("\(name).squares", shape: [columns])
    // Means are kept in single precision for use, and their squares and sums must be finite as well.
    let sizes = 0...Double(Float.greatestFiniteMagnitude)
    guard (0...0x1p53).contains(count), mean.allSatisfy({ sizes.contains(abs($0)) }),
      squares.allSatisfy({ (0...1e150).contains($0) })
    else { throw NetworkError("the statistics '\(name)' are out of range") }
  }
}

extension TensorFile {
  /// The single-precision vector `name` of `count` numbers, all of which must be finite.
  package func finiteFloats(_ name: String, count: Int) throws -> [Float] {
    let values = try floats(name, shape: [count])
    guard values.allSatisfy(\.isFinite) else { throw NetworkError("the tensor '\(name)' is not finite") }
    return values
  }
}
