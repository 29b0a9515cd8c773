import Environments

/// What the files mean that policies and training states are kept in.
///
/// A policy file holds `policy.<layer>.weight` (outputs × inputs, as PyTorch's `Linear` keeps it) and `.bias`,
/// `policy.raw_log_std` and the policy's normalizer; the text says how to use them and what env they are for. One that a
/// training wrote also holds its value network (`value.…`, `observations.normalizer`), for trainings that start from it. A
/// training state is a policy file with more in it, so either can be evaluated.
public enum Checkpoint {
  /// Raised when files are no longer read as before.
  public static let version = 1

  /// A file with the policy alone, for the robot (or the catalog entry) of that name.
  public static func policyFile(_ policy: GaussianPolicy, robot: String) -> TensorFile {
    var file = TensorFile()
    file.metadata["robot"] = robot
    policy.save(to: &file)
    return file
  }

  /// A file with the policy of `learner` and what a training that starts from it needs beside it.
  public static func policyFile<L: Learner & ~Copyable>(
    of learner: borrowing L, robot: String
  ) throws -> TensorFile {
    var file = TensorFile()
    file.metadata["robot"] = robot
    try learner.savePolicy(to: &file)
    return file
  }

  /// A file with all that training depends on.
  public static func trainingFile<L: Learner & ~Copyable>(
    _ learner: borrowing L, envs: VectorEnv, robot: String
  ) throws -> TensorFile {
    var file = TensorFile()
    file.metadata["robot"] = robot
    try learner.save(to: &file)
    var writer = StateWriter()
    envs.save(to: &writer)
    file.set("envs", .uint8(writer.bytes))
    return file
  }

  /// Puts learner and envs, made with the same settings, back into the state in which the file was made; what follows is
  /// equal to the bit.
  ///
  /// - Throws: `LearningError` if the file is for something else. The envs may then be halfway.
  public static func restore<L: Learner & ~Copyable>(
    _ learner: inout L, envs: VectorEnv, from file: TensorFile
  ) throws {
    var reader = StateReader(try file.bytes("envs"))
    try learner.restore(from: file)
    do {
      try envs.restore(from: &reader)
    } catch let error as StateError {
      throw LearningError("the envs cannot be restored: \(error)")
    }
    guard reader.isAtEnd else { throw LearningError("the envs cannot be restored: the file holds more than they need") }
  }

  /// The policy in a file, deterministic, and the name of the robot it is for.
  public static func loadPolicy(from path: String) throws(LearningError) -> (policy: GaussianPolicy, robot: String) {
    let file = try TensorFile(contentsOf: path)
    do {
      return (try GaussianPolicy(from: file), try file.text("robot"))
    } catch {
      throw LearningError("\(path) holds no policy: \(error)")
    }
  }
}

extension GaussianPolicy {
  private var explanation: String {
    let scaled =
      switch normalizer.rule {
      case .absolute: "(x - mean) / sqrt(squares / count + 1e-4)"
      case .relative: "(x - mean) * sqrt(squares / count) / (squares / count + 1e-6 * mean^2 + 1e-18)"
      }
    return """
      u = network(clamp(\(scaled), +-observation_clip)) for the policy's observation columns x; action = (low + high) / 2 + \
      (high - low) / 2 * u; the activation follows every layer but the last; std = exp(floor + log(1 + exp(raw_log_std - \
      floor))) with floor = log(min_std)
      """
  }

  /// Adds all that the policy is to `file`.
  public func save(to file: inout TensorFile) {
    file.metadata["format"] = "ppo-robot"
    file.metadata["version"] = "\(Checkpoint.version)"
    file.metadata["about"] = explanation
    file.metadata["spec"] = spec.json.text
    file.metadata["activation"] = network.activation.rawValue
    file.metadata["layers"] = JSON.array(network.sizes.map { .number("\($0)") }).text
    file.metadata["min_std"] = "\(minStd)"
    file.metadata["observation_clip"] = "\(observationClip)"
    network.save(to: &file, as: "policy")
    file.set("policy.raw_log_std", .float32(rawLogStd))
    normalizer.save(to: &file, as: "policy.normalizer")
    if normalizer.rule != .absolute { file.metadata["normalizer"] = normalizer.rule.rawValue }
  }

  /// The policy that `save(to:)` added to `file`, in deterministic mode.
  ///
  /// - Throws: `LearningError` if something is missing, of another version, or does not fit.
  public init(from file: TensorFile) throws(LearningError) {
    let version = try file.text("version")
    guard try file.text("format") == "ppo-robot", version == "\(Checkpoint.version)" else {
      throw LearningError("it is of version \(version); this program reads version \(Checkpoint.version)")
    }
    let spec = try EnvSpec(try JSON(Array(try file.text("spec").utf8)[...]))
    guard let activation = Activation(rawValue: try file.text("activation")),
      let sizes = try JSON(Array(try file.text("layers").utf8)[...]).array?.map({ $0.int ?? 0 }),
      let minStd = Double(try file.text("min_std")), let clip = Double(try file.text("observation_clip"))
    else { throw LearningError("the description of its network is damaged") }
    let network = try MLP(from: file, as: "policy", sizes: sizes, activation: activation)
    guard let rule = Normalizer.Rule(rawValue: file.metadata["normalizer"] ?? Normalizer.Rule.absolute.rawValue) else {
      throw LearningError("it normalizes observations by a rule that this program does not know")
    }
    var normalizer = try Normalizer(from: file, as: "policy.normalizer", columns: sizes[0])
    normalizer.rule = rule
    let raw = try file.floats("policy.raw_log_std", shape: [spec.actionCount])
    guard raw.allSatisfy(\.isFinite) else { throw LearningError("its deviations are not finite") }
    try self.init(
      spec: spec, network: network, rawLogStd: raw, minStd: minStd, normalizer: normalizer, observationClip: clip,
      mode: .deterministic)
  }
}

extension MLP {
  func save(to file: inout TensorFile, as name: String) {
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
  init(
    from file: TensorFile, as name: String, sizes: [Int], activation: Activation
  ) throws(LearningError) {
    try Self.check(file, holds: name, sizes: sizes)
    try self.init(sizes: sizes, activation: activation)
    try restore(from: file, as: name)
  }

  /// Sees that `file` holds a network with layers of these sizes; nothing is allocated.
  static func check(_ file: TensorFile, holds name: String, sizes: [Int]) throws(LearningError) {
    for (layer, (inputs, outputs)) in zip(sizes, sizes.dropFirst()).enumerated() {
      _ = try file.floats("\(name).\(layer).weight", shape: [outputs, inputs])
      _ = try file.floats("\(name).\(layer).bias", shape: [outputs])
    }
  }

  mutating func restore(from file: TensorFile, as name: String) throws(LearningError) {
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
    guard parameters.allSatisfy(\.isFinite) else { throw LearningError("the weights of '\(name)' are not finite") }
  }
}

extension Normalizer {
  func save(to file: inout TensorFile, as name: String) {
    file.set("\(name).count", .float64([count]))
    file.set("\(name).mean", .float64(mean))
    file.set("\(name).squares", .float64(squares))
  }

  init(from file: TensorFile, as name: String, columns: Int) throws(LearningError) {
    self.init(columns: columns)
    count = try file.doubles("\(name).count", shape: [1])[0]
    mean = try file.doubles("\(name).mean", shape: [columns])
    squares = try file.doubles("\(name).squares", shape: [columns])
    // Means are kept in single precision for use, and their squares and sums must be finite as well.
    let sizes = 0...Double(Float.greatestFiniteMagnitude)
    guard (0...0x1p53).contains(count), mean.allSatisfy({ sizes.contains(abs($0)) }),
      squares.allSatisfy({ (0...1e150).contains($0) })
    else { throw LearningError("the statistics '\(name)' are out of range") }
  }
}
