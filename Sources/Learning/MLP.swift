import Environments

/// The nonlinearity behind each hidden layer of a network.
public enum Activation: String, Sendable, Equatable, CaseIterable {
  case tanh
  /// x where positive, else eˣ − 1 (Clevert et al., 2016).
  case elu
  case relu
}

/// A multi-layer perceptron: dense layers, a nonlinearity behind each but the last, all parameters in one flat array.
///
/// For each layer its weights stand input-major (`weights[input * outputs + output]`), then its biases.
public struct MLP: Sendable, Equatable {
  /// The widest layer that is allowed.
  public static let widest = 4096

  /// Width of the input, of each hidden layer, of the output.
  public let sizes: [Int]
  public let activation: Activation
  /// All weights and biases, layer by layer.
  public var parameters: [Float]
  /// Where each layer's weights start in `parameters`; its biases follow them.
  public let offsets: [Int]

  public var layerCount: Int { sizes.count - 1 }
  public var inputCount: Int { sizes[0] }
  public var outputCount: Int { sizes[sizes.count - 1] }

  /// A network whose parameters are all zero.
  ///
  /// - Throws: `LearningError` if there are fewer than two sizes or one is outside 1...`widest`.
  public init(sizes: [Int], activation: Activation) throws(LearningError) {
    guard sizes.count >= 2 else { throw LearningError("a network needs an input and an output, not \(sizes)") }
    for size in sizes where size < 1 || size > Self.widest {
      throw LearningError("a network layer is \(size) wide; 1 to \(Self.widest) is possible")
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
    parameters = Array(repeating: 0, count: count)
  }

  /// A network with orthogonal weights (Saxe et al., 2014) and zero biases.
  ///
  /// - Parameters:
  ///   - outputGain: the scale of the last layer; the others get √2.
  ///   - random: where the weights come from.
  public init(
    sizes: [Int], activation: Activation, outputGain: Double, using random: inout Random
  ) throws(LearningError) {
    try self.init(sizes: sizes, activation: activation)
    for layer in 0..<layerCount {
      let gain = layer == layerCount - 1 ? outputGain : 2.0.squareRoot()
      fillOrthogonal(layer: layer, gain: gain, using: &random)
    }
  }

  /// Where the biases of `layer` start in `parameters`.
  public func biasOffset(_ layer: Int) -> Int { offsets[layer] + sizes[layer] * sizes[layer + 1] }

  private mutating func fillOrthogonal(layer: Int, gain: Double, using random: inout Random) {
    let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
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
    for input in 0..<inputs {
      for output in 0..<outputs {
        let index = inputs < outputs ? input * length + output : output * length + input
        parameters[offsets[layer] + input * outputs + output] = Float(gain * vectors[index])
      }
    }
  }
}
