import Environments
import Storage

/// The shape of a gated recurrent unit (Cho et al., "Learning phrase representations using RNN encoder-decoder for
/// statistical machine translation", 2014), in the form of cuDNN and PyTorch: with memory h and input x
///
///     r = σ(W_r x + b_r + U_r h + c_r)
///     z = σ(W_z x + b_z + U_z h + c_z)
///     n = tanh(W_n x + b_n + r ∘ (U_n h + c_n))
///     h′ = (1 − z) ∘ n + z ∘ h
///
/// The parameters are W (input-major, the gates r, z, n side by side), b, U, c.
public struct GRUShape: Sendable, Equatable {
  public let inputCount: Int
  /// Numbers in the memory.
  public let width: Int

  /// - Throws: `NetworkError` if a size is outside 1...`MLP.widest`.
  public init(inputCount: Int, width: Int) throws(NetworkError) {
    for size in [inputCount, width] where size < 1 || size > MLP.widest {
      throw NetworkError("a recurrent layer is \(size) wide; 1 to \(MLP.widest) is possible")
    }
    self.inputCount = inputCount
    self.width = width
  }

  var gateCount: Int { 3 * width }
  /// Weights and biases of the gates' layer that reads the input, then of the one that reads the memory.
  var inputLayer: Range<Int> { 0..<(inputCount + 1) * gateCount }
  var memoryLayer: Range<Int> { inputLayer.upperBound..<inputLayer.upperBound + (width + 1) * gateCount }
  public var parameterCount: Int { memoryLayer.upperBound }

  /// Multiplications by weights in one step.
  package var multiplications: Int { (inputCount + width) * gateCount }

  /// Floating-point operations for the gradient of one sample; see `MLPShape.gradientOperations`.
  package var gradientOperations: Int { 2 * (3 * multiplications - inputCount * gateCount) }
}

/// A gated recurrent unit with its parameters.
public struct GRU: Sendable, Equatable {
  public let shape: GRUShape
  /// See `GRUShape`.
  public var parameters: [Float]

  package init(shape: GRUShape, parameters: [Float]) {
    precondition(parameters.count == shape.parameterCount)
    self.shape = shape
    self.parameters = parameters
  }

  /// A unit whose weights are orthogonal, gate by gate, and whose biases are zero.
  public init(shape: GRUShape, using random: inout Random) {
    self.init(shape: shape, parameters: Array(repeating: 0, count: shape.parameterCount))
    for (start, inputs) in [
      (shape.inputLayer.lowerBound, shape.inputCount), (shape.memoryLayer.lowerBound, shape.width),
    ] {
      for gate in 0..<3 {
        let weights = orthogonalWeights(inputs: inputs, outputs: shape.width, gain: 1, using: &random)
        for input in 0..<inputs {
          for output in 0..<shape.width {
            parameters[start + input * shape.gateCount + gate * shape.width + output] =
              weights[input * shape.width + output]
          }
        }
      }
    }
  }
}

// MARK: Evaluation

extension GRUShape {
  /// Takes rows of input into rows of memory, without allocating. A row's result does not depend on the other rows.
  package func step(_ input: Span<Float>, memory: inout MutableSpan<Float>, parameters: Span<Float>) {
    let rows = memory.count / width
    precondition(input.count == rows * inputCount && memory.count == rows * width)
    withScratch(rows * gateCount) { fromInput in
      withScratch(rows * gateCount) { fromMemory in
        withScratch(rows * 2 * width) { gates in
          withScratch(rows * width) { candidate in
            Dense.forward(
              input, parameters: parameters.extracting(inputLayer), outputs: gateCount, into: &fromInput)
            Dense.forward(
              memory.span, parameters: parameters.extracting(memoryLayer), outputs: gateCount, into: &fromMemory)
            writeGates(fromInput.span, fromMemory.span, gates: &gates, candidate: &candidate)
            for row in 0..<rows {
              for i in 0..<width {
                let (n, z) = (candidate[row * width + i], gates[(2 * row + 1) * width + i])
                memory[row * width + i] = n + z * (memory[row * width + i] - n)
              }
            }
          }
        }
      }
    }
  }

  /// Writes r and z of each row side by side to `gates`, and n to `candidate`.
  ///
  /// - Parameters:
  ///   - fromInput: rows of W x + b.
  ///   - fromMemory: rows of U h + c.
  func writeGates(
    _ fromInput: Span<Float>, _ fromMemory: Span<Float>, gates: inout MutableSpan<Float>,
    candidate: inout MutableSpan<Float>
  ) {
    let rows = candidate.count / width
    for row in 0..<rows {
      for i in 0..<2 * width {
        let start = row * gateCount + i
        gates[row * 2 * width + i] = 0.5 * (fromInput[start] + fromMemory[start])
      }
    }
    // σ(a) = ½ + ½ tanh(a / 2)
    Dense.applyTanh(to: &gates)
    for i in gates.indices { gates[i] = 0.5 + 0.5 * gates[i] }
    for row in 0..<rows {
      for i in 0..<width {
        let start = row * gateCount + 2 * width + i
        candidate[row * width + i] = fromInput[start] + gates[row * 2 * width + i] * fromMemory[start]
      }
    }
    Dense.applyTanh(to: &candidate)
  }
}

// MARK: Files

extension GRU {
  /// The tensors of a unit by PyTorch's names: where their numbers start in the parameters, and of how many inputs weights
  /// are; nil for biases.
  private static func tensors(_ shape: GRUShape) -> [(name: String, start: Int, inputs: Int?)] {
    [
      ("weight_ih", shape.inputLayer.lowerBound, shape.inputCount),
      ("bias_ih", shape.inputLayer.upperBound - shape.gateCount, nil),
      ("weight_hh", shape.memoryLayer.lowerBound, shape.width),
      ("bias_hh", shape.memoryLayer.upperBound - shape.gateCount, nil),
    ]
  }

  /// The parameters by PyTorch's names, the gates r, z, n one behind the other: of weights a row for each output, of biases
  /// a single row.
  public var tensors: [(name: String, rows: [[Float]])] {
    Self.tensors(shape).map { name, start, inputs in
      let outputs = shape.gateCount
      guard let inputs else { return (name, [Array(parameters[start..<start + outputs])]) }
      return (name, (0..<outputs).map { output in (0..<inputs).map { parameters[start + $0 * outputs + output] } })
    }
  }

  package func save(to file: inout TensorFile, as prefix: String) {
    for (name, rows) in tensors {
      let values = Array(rows.joined())
      file.set(
        "\(prefix).\(name)", .float32(values), shape: rows.count == 1 ? [values.count] : [rows.count, rows[0].count])
    }
  }

  /// Sees that `file` holds a unit of this shape; nothing is allocated.
  package static func check(_ file: TensorFile, holds prefix: String, shape: GRUShape) throws {
    for (name, _, inputs) in tensors(shape) {
      _ = try file.floats("\(prefix).\(name)", shape: inputs.map { [shape.gateCount, $0] } ?? [shape.gateCount])
    }
  }

  /// The unit that `save(to:as:)` wrote; nothing is allocated before `file` is seen to hold it.
  package init(from file: TensorFile, as prefix: String, shape: GRUShape) throws {
    try Self.check(file, holds: prefix, shape: shape)
    self.init(shape: shape, parameters: Array(repeating: 0, count: shape.parameterCount))
    let outputs = shape.gateCount
    for (name, start, inputs) in Self.tensors(shape) {
      let values = try file.floats("\(prefix).\(name)", shape: inputs.map { [outputs, $0] } ?? [outputs])
      let inputs = inputs ?? 1
      for output in 0..<outputs {
        for input in 0..<inputs { parameters[start + input * outputs + output] = values[output * inputs + input] }
      }
    }
    guard parameters.allSatisfy(\.isFinite) else { throw NetworkError("the weights of '\(prefix)' are not finite") }
  }
}
