import Environments
import Networks
import Storage
import Testing

@Suite struct GRUTests {
  private static func shape() throws -> GRUShape {
    try GRUShape(inputCount: TorchGRU.inputs, width: TorchGRU.width)
  }

  /// The packing of the sequences that `torch_gru.py` made up.
  private static var packing: SequencePacking {
    var packing = SequencePacking()
    for time in 0..<(TorchGRU.lengths.max() ?? 0) {
      let active = TorchGRU.lengths.indices.filter { TorchGRU.lengths[$0] > time }
      packing.counts.append(active.count)
      for sequence in active { packing.startsEpisode.append((sequence, time) == TorchGRU.start) }
    }
    return packing
  }

  private static func tape(_ shape: GRUShape) -> GRUTape {
    var tape = GRUTape(for: shape, capacity: packing.rowCount + 2)
    for (i, number) in TorchGRU.input.enumerated() { tape.input[i] = number }
    for (i, number) in TorchGRU.before.enumerated() { tape.previous[i] = number }
    return tape
  }

  @Test func agreesWithPyTorch() throws {
    let (shape, parameters) = (try Self.shape(), TorchGRU.parameters)
    var tape = Self.tape(shape)
    #expect(shape.parameterCount == parameters.count)
    shape.forward(Self.packing, tape: &tape, parameters: parameters.span)
    for (i, wanted) in TorchGRU.memory.enumerated() { #expect(abs(tape.memory[i] - wanted) < 1e-6) }

    for (i, slope) in TorchGRU.memoryGradient.enumerated() { tape.memoryGradient[i] = slope }
    var transposed = parameters
    var gradient = [Float](repeating: 0, count: shape.parameterCount)
    do {
      var span = transposed.mutableSpan
      shape.writeTransposed(parameters.span, into: &span)
    }
    do {
      var span = gradient.mutableSpan
      shape.backward(Self.packing, tape: &tape, transposed: transposed.span, gradient: &span)
    }
    for (ours, theirs) in zip(gradient, TorchGRU.gradient) { #expect(abs(ours - theirs) < 1e-5 * max(1, abs(theirs))) }
  }

  /// Acting takes one step at a time; training goes through whole sequences.
  @Test func stepsGiveTheBitsOfSequences() throws {
    let (shape, parameters) = (try Self.shape(), TorchGRU.parameters)
    var tape = Self.tape(shape)
    shape.forward(Self.packing, tape: &tape, parameters: parameters.span)
    let inputs = TorchGRU.input
    var memory = TorchGRU.before
    var row = 0
    for count in Self.packing.counts {
      for sequence in 0..<count where Self.packing.startsEpisode[row + sequence] {
        for i in 0..<shape.width { memory[sequence * shape.width + i] = 0 }
      }
      do {
        var all = memory.mutableSpan
        var active = all._mutatingExtracting(0..<count * shape.width)
        let input = inputs.span.extracting(row * shape.inputCount..<(row + count) * shape.inputCount)
        shape.step(input, memory: &active, parameters: parameters.span)
      }
      for i in 0..<count * shape.width { #expect(memory[i] == tape.memory[row * shape.width + i]) }
      row += count
    }
  }

  @Test func goesThroughAFile() throws {
    var random = Random(seed: 4)
    let unit = GRU(shape: try GRUShape(inputCount: 5, width: 3), using: &random)
    var file = TensorFile()
    unit.save(to: &file, as: "memory")
    #expect(try GRU(from: file, as: "memory", shape: unit.shape) == unit)
    #expect(throws: (any Error).self) { try GRU(from: file, as: "memory", shape: GRUShape(inputCount: 4, width: 3)) }
    file.set("memory.bias_hh", .float32(Array(repeating: .nan, count: 9)))
    #expect(throws: NetworkError.self) { try GRU(from: file, as: "memory", shape: unit.shape) }
  }

  @Test func everyGateStartsOrthogonal() throws {
    var random = Random(seed: 4)
    let unit = GRU(shape: try GRUShape(inputCount: 6, width: 4), using: &random)
    let start = 7 * 12
    for gate in 0..<3 {
      for a in 0..<4 {
        for b in 0..<4 {
          let dot = (0..<4).reduce(Float.zero) { sum, input in
            let row = start + input * 12 + gate * 4
            return sum + unit.parameters[row + a] * unit.parameters[row + b]
          }
          #expect(abs(dot - (a == b ? 1 : 0)) < 1e-5)
        }
      }
    }
  }

  @Test(arguments: [(0, 3), (3, 0), (3, MLP.widest + 1)])
  func sizesOutOfRangeAreRefused(sizes: (Int, Int)) {
    #expect(throws: NetworkError.self) { try GRUShape(inputCount: sizes.0, width: sizes.1) }
  }
}

extension GRUTests {
  private func policy() throws -> NetworkPolicy {
    let spec = try EnvSpec(
      observations: [ObservationSlice("a", count: 2)], actions: [ActionChannel("x"), ActionChannel("y")],
      controlInterval: 1, episodeSteps: 9)
    var random = Random(seed: 2)
    let unit = GRU(shape: try GRUShape(inputCount: 2, width: 5), using: &random)
    let network = try MLP(sizes: [5, 4, 2], activation: .tanh, outputGain: 1, using: &random)
    return try NetworkPolicy(
      spec: spec, memory: unit, network: network, distribution: .gaussian(actions: 2, minStd: 0.05),
      rawLogStd: [0, -1], normalizer: Normalizer(columns: 2), observationClip: 10)
  }

  @Test func policiesRememberThroughAFile() throws {
    let policy = try policy()
    var file = TensorFile()
    policy.save(to: &file)
    let read = try NetworkPolicy(from: TensorFile(decoding: file.encoded()))
    #expect(read.memory == policy.memory && read.memoryCount == 5)
    var random = Random(seed: 0)
    var (memory, again) = ([Float](repeating: 0, count: 5), [Float](repeating: 0, count: 5))
    var answers: [[Float]] = []
    for _ in 0..<3 {
      var (ours, theirs): ([Float], [Float]) = ([0, 0], [0, 0])
      let shown: [Float] = [0.3, -0.7]
      do {
        var span = ours.mutableSpan
        var state = memory.mutableSpan
        policy.act(on: shown.span, memory: &state, random: &random, into: &span)
      }
      do {
        var span = theirs.mutableSpan
        var state = again.mutableSpan
        read.act(on: shown.span, memory: &state, random: &random, into: &span)
      }
      #expect(ours == theirs && memory == again)
      answers.append(ours)
    }
    // The same observation, but not the same past.
    #expect(answers[0] != answers[1] && answers[1] != answers[2])
  }

  @Test func unknownMemoriesAreRefused() throws {
    var file = TensorFile()
    try policy().save(to: &file)
    file.metadata["memory"] = "lstm"
    #expect(throws: NetworkError.self) { try NetworkPolicy(from: file) }
  }
}
