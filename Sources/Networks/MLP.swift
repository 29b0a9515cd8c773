import Environments

/// The nonlinearity behind each hidden layer of a network.
public enum Activation: String, Sendable, Equatable, CaseIterable {
  case tanh
  /// x where positive, else eˣ − 1 (Clevert et al., 2016).
  case elu
  case relu
}

/// The shape of a multi-layer perceptron: dense layers, a nonlinearity behind each but the last, all parameters in one
/// flat run of numbers.
///
/// For each layer its weights come first, input-major (`weights[input * outputs + output]`), then its biases.
public struct MLPShape: Sendable, Equatable {
  /// Width of the input, of each hidden layer, of the output.
  public let sizes: [Int]
  public let activation: Activation
  /// Where each layer's weights start among the parameters; its biases follow them.
  public let offsets: [Int]
  public let parameterCount: Int

  public var layerCount: Int { sizes.count - 1 }
  public var inputCount: Int { sizes[0] }
  public var outputCount: Int { sizes[sizes.count - 1] }
  /// Width of what the last layer reads.
  package var featureCount: Int { sizes[sizes.count - 2] }

  /// - Throws: `NetworkError` if there are fewer than two sizes or one is outside 1...`MLP.widest`.
  public init(sizes: [Int], activation: Activation) throws(NetworkError) {
    guard sizes.count >= 2 else { throw NetworkError("a network needs an input and an output, not \(sizes)") }
    for size in sizes where size < 1 || size > MLP.widest {
      throw NetworkError("a network layer is \(size) wide; 1 to \(MLP.widest) is possible")
    }
    self.sizes = sizes
    self.activation = activation
    var offsets: [Int] = []
    var count = 0
    for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
      offsets.append(count)
      count += (inputs + 1) * outputs
    }
    self.offsets = offsets
    parameterCount = count
  }

  /// Multiplications by weights in one evaluation.
  package var multiplications: Int { zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Floating-point operations for the gradient of one sample: forward, by the weights, and, but for the first layer, by
  /// the inputs; a multiply-add counts as two. Activations, losses and the optimizer are not counted.
  package var gradientOperations: Int { 2 * (3 * multiplications - sizes[0] * sizes[1]) }

  /// Where the biases of `layer` start among the parameters.
  public func biasOffset(_ layer: Int) -> Int { offsets[layer] + sizes[layer] * sizes[layer + 1] }
}

/// A multi-layer perceptron with its parameters.
public struct MLP: Sendable, Equatable {
  /// The widest layer that is allowed.
  public static let widest = 4096

  public let shape: MLPShape
  /// All weights and biases, layer by layer; see `MLPShape`.
  public var parameters: [Float]

  public var sizes: [Int] { shape.sizes }
  public var activation: Activation { shape.activation }
  public var offsets: [Int] { shape.offsets }
  public var layerCount: Int { shape.layerCount }
  public var inputCount: Int { shape.inputCount }
  public var outputCount: Int { shape.outputCount }

  /// Where the biases of `layer` start in `parameters`.
  public func biasOffset(_ layer: Int) -> Int { shape.biasOffset(layer) }

  package init(shape: MLPShape, parameters: [Float]) {
    precondition(parameters.count == shape.parameterCount)
    self.shape = shape
    self.parameters = parameters
  }

  /// A network whose parameters are all zero.
  ///
  /// - Throws: `NetworkError` if there are fewer than two sizes or one is outside 1...`widest`.
  public init(sizes: [Int], activation: Activation) throws(NetworkError) {
    shape = try MLPShape(sizes: sizes, activation: activation)
    parameters = Array(repeating: 0, count: shape.parameterCount)
  }

  /// A network with orthogonal weights (Saxe et al., 2014) and zero biases.
  ///
  /// - Parameters:
  ///   - outputGain: the scale of the last layer; the others get √2.
  ///   - random: where the weights come from.
  public init(
    sizes: [Int], activation: Activation, outputGain: Double, using random: inout Random
  ) throws(NetworkError) {
    try self.init(sizes: sizes, activation: activation)
    for layer in 0..<layerCount {
      let gain = layer == layerCount - 1 ? outputGain : 2.0.squareRoot()
      fillOrthogonal(layer: layer, gain: gain, using: &random)
    }
  }

  private mutating func fillOrthogonal(layer: Int, gain: Double, using random: inout Random) {
    let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
    let weights = orthogonalWeights(inputs: inputs, outputs: outputs, gain: gain, using: &random)
    parameters.replaceSubrange(offsets[layer]..<offsets[layer] + inputs * outputs, with: weights)
  }
}

/// Input-major weights whose rows or columns, whichever are fewer, are orthogonal to each other and `gain` long.
func orthogonalWeights(inputs: Int, outputs: Int, gain: Double, using random: inout Random) -> [Float] {
  let (count, length) = (min(inputs, outputs), max(inputs, outputs))
  var vectors = (0..<count * length).map { _ in random.normal() }
  for i in 0..<count {
    // Twice, because one pass of Gram and Schmidt loses digits.
    for _ in 0..<2 {
      for j in 0..<i {
        var dot = 0.0
        for k in 0..<length { dot += vectors[i * length + k] * vectors[j * length + k] }
        for k in 0..<length { vectors[i * length + k] -= dot * vectors[j * length + k] }
      }
      var square = 0.0
      for k in 0..<length { square += vectors[i * length + k] * vectors[i * length + k] }
      for k in 0..<length { vectors[i * length + k] /= square.squareRoot() }
    }
  }
  var weights: [Float] = []
  weights.reserveCapacity(inputs * outputs)
  for input in 0..<inputs {
    for output in 0..<outputs {
      weights.append(Float(gain * vectors[inputs < outputs ? input * length + output : output * length + input]))
    }
  }
  return weights
}
