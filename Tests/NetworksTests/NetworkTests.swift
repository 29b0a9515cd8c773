import CKernels
import Environments
import Networks
import Testing

@Suite struct NetworkTests {
  /// Σ c · output over all rows, so that its gradient by the outputs is c.
  private static func loss(_ network: MLP, _ inputs: [Float], _ coefficients: [Float], rows: Int) -> Double {
    var tape = Tape(for: network.shape, capacity: rows)
    for i in inputs.indices { tape.values[i] = inputs[i] }
    network.shape.forward(rows: rows, tape: &tape, parameters: network.parameters.span)
    return coefficients.indices.reduce(0) { $0 + Double(coefficients[$1]) * Double(tape.output[$1]) }
  }

  @Test(arguments: Activation.allCases, [[3, 4], [5, 7, 2], [4, 17, 9, 3]])
  func gradientIsThatOfFiniteDifferences(activation: Activation, sizes: [Int]) throws {
    var random = Random(seed: 3)
    var network = try MLP(sizes: sizes, activation: activation, outputGain: 1, using: &random)
    for i in network.parameters.indices { network.parameters[i] += Float(random.uniform(-0.2...0.2)) }
    let rows = 6
    let inputs = (0..<rows * network.inputCount).map { _ in Float(random.normal()) }
    let coefficients = (0..<rows * network.outputCount).map { _ in Float(random.normal()) }

    var tape = Tape(for: network.shape, capacity: rows + 3)
    for i in inputs.indices { tape.values[i] = inputs[i] }
    network.shape.forward(rows: rows, tape: &tape, parameters: network.parameters.span)
    for i in coefficients.indices { tape.outputGradient[i] = coefficients[i] }
    let transposed = Self.transposed(network)
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    do {
      var span = gradient.mutableSpan
      network.shape.backward(rows: rows, tape: &tape, transposed: transposed.span, gradient: &span)
    }

    var misses = 0
    for i in network.parameters.indices {
      let step: Float = 1e-3
      let here = network.parameters[i]
      network.parameters[i] = here + step
      let above = Self.loss(network, inputs, coefficients, rows: rows)
      network.parameters[i] = here - step
      let below = Self.loss(network, inputs, coefficients, rows: rows)
      network.parameters[i] = here
      let slope = (above - below) / Double(2 * step)
      if abs(slope - Double(gradient[i])) > 4e-3 * max(1, abs(slope)) { misses += 1 }
    }
    // ReLU has corners, across which a difference is no slope.
    #expect(misses <= (activation == .relu ? network.parameters.count / 50 : 0))
  }

  private static func transposed(_ network: MLP) -> [Float] {
    var transposed = network.parameters
    var span = transposed.mutableSpan
    network.shape.writeTransposed(network.parameters.span, into: &span, includesFirst: true)
    return transposed
  }

  /// What an actor learns from its critic's gradient by the action.
  @Test(arguments: [Activation.tanh, .elu], [[3, 1], [5, 7, 2], [4, 17, 9, 3]])
  func inputGradientIsThatOfFiniteDifferences(activation: Activation, sizes: [Int]) throws {
    var random = Random(seed: 4)
    let network = try MLP(sizes: sizes, activation: activation, outputGain: 1, using: &random)
    let rows = 6
    var inputs = (0..<rows * network.inputCount).map { _ in Float(random.normal()) }
    let coefficients = (0..<rows * network.outputCount).map { _ in Float(random.normal()) }
    var tape = Tape(for: network.shape, capacity: rows + 2)
    for i in inputs.indices { tape.values[i] = inputs[i] }
    network.shape.forward(rows: rows, tape: &tape, parameters: network.parameters.span)
    for i in coefficients.indices { tape.outputGradient[i] = coefficients[i] }
    var gradient = [Float](repeating: 0, count: inputs.count)
    do {
      let transposed = Self.transposed(network)
      var span = gradient.mutableSpan
      network.shape.backwardToInput(rows: rows, tape: &tape, transposed: transposed.span, inputGradient: &span)
    }
    for i in inputs.indices {
      let here = inputs[i]
      inputs[i] = here + 1e-3
      let above = Self.loss(network, inputs, coefficients, rows: rows)
      inputs[i] = here - 1e-3
      let below = Self.loss(network, inputs, coefficients, rows: rows)
      inputs[i] = here
      let slope = (above - below) / 2e-3
      #expect(abs(slope - Double(gradient[i])) < 4e-3 * max(1, abs(slope)))
    }
  }

  @Test func weightsAreOrthogonal() throws {
    var random = Random(seed: 1)
    let network = try MLP(sizes: [6, 9, 4], activation: .elu, outputGain: 0.01, using: &random)
    for layer in 0..<2 {
      let (inputs, outputs) = (network.sizes[layer], network.sizes[layer + 1])
      let gain = layer == 0 ? 2.0 : 1e-4
      let column = { (i: Int, o: Int) in Double(network.parameters[network.offsets[layer] + i * outputs + o]) }
      let (count, length) = (min(inputs, outputs), max(inputs, outputs))
      for a in 0..<count {
        for b in 0..<count {
          let dot = (0..<length).reduce(0) {
            $0 + (inputs < outputs ? column(a, $1) * column(b, $1) : column($1, a) * column($1, b))
          }
          #expect(abs(dot / gain - (a == b ? 1 : 0)) < 1e-5)
        }
      }
    }
  }

  @Test func sizesAreChecked() {
    #expect(MLP.widest == Int(CK_WIDEST))
    #expect(throws: NetworkError.self) { try MLP(sizes: [3], activation: .elu) }
    #expect(throws: NetworkError.self) { try MLP(sizes: [3, 0, 1], activation: .elu) }
    #expect(throws: NetworkError.self) { try MLP(sizes: [3, MLP.widest + 1, 1], activation: .elu) }
  }
}
