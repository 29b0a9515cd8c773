/// How the rows of several sequences are packed: ordered by time, then sequence, the longest sequence first.
package struct SequencePacking: Sendable, Equatable {
  /// Rows at each time, which never rise.
  package var counts: [Int] = []
  /// For each row whether the memory is emptied before it, because an episode starts there.
  package var startsEpisode: [Bool] = []

  package var rowCount: Int { startsEpisode.count }

  package init() {}

  package mutating func clear() {
    counts.removeAll(keepingCapacity: true)
    startsEpisode.removeAll(keepingCapacity: true)
  }
}

/// What a forward pass over packed sequences leaves for the backward pass; made once, used for every minibatch.
package struct GRUTape: Sendable {
  /// Rows that fit.
  package let capacity: Int
  /// Rows of input, to be filled in before the forward pass.
  package var input: [Float]
  /// Rows of the memory before the row; those of the first time are to be filled in before the forward pass.
  package var previous: [Float]
  /// Rows of the memory after the row.
  package fileprivate(set) var memory: [Float]
  /// Gradient of the loss by `memory`, to be filled in before the backward pass, which overwrites it.
  package var memoryGradient: [Float]
  fileprivate var fromInput: [Float]
  fileprivate var fromMemory: [Float]
  fileprivate var gates: [Float]
  fileprivate var candidate: [Float]
  fileprivate var carried: [Float]

  package init(for shape: GRUShape, capacity: Int) {
    self.capacity = capacity
    input = Array(repeating: 0, count: capacity * shape.inputCount)
    previous = Array(repeating: 0, count: capacity * shape.width)
    memory = previous
    memoryGradient = previous
    fromInput = Array(repeating: 0, count: capacity * shape.gateCount)
    fromMemory = fromInput
    gates = Array(repeating: 0, count: capacity * 2 * shape.width)
    candidate = previous
    carried = previous
  }
}

extension GRUShape {
  /// Runs the tape's packed rows of input forward.
  package func forward(_ packing: SequencePacking, tape: inout GRUTape, parameters: Span<Float>) {
    let rows = packing.rowCount
    precondition(rows <= tape.capacity && parameters.count == parameterCount)
    do {
      // Moved out while it is read, so that its span and changes of the tape do not overlap; so below.
      let input = exchange(&tape.input, with: [])
      defer { tape.input = input }
      var all = tape.fromInput.mutableSpan
      var fromInput = all._mutatingExtracting(0..<rows * gateCount)
      Dense.forward(
        input.span.extracting(0..<rows * inputCount), parameters: parameters.extracting(inputLayer),
        outputs: gateCount, into: &fromInput)
    }
    var first = 0
    for (time, count) in packing.counts.enumerated() {
      if time > 0 {
        let before = (first - packing.counts[time - 1]) * width
        for i in 0..<count * width { tape.previous[first * width + i] = tape.memory[before + i] }
      }
      for row in first..<first + count where packing.startsEpisode[row] {
        for i in 0..<width { tape.previous[row * width + i] = 0 }
      }
      advance(first..<first + count, tape: &tape, parameters: parameters)
      first += count
    }
  }

  /// Computes the memory after the rows of one time.
  private func advance(_ rows: Range<Int>, tape: inout GRUTape, parameters: Span<Float>) {
    func part(_ columns: Int) -> Range<Int> { rows.lowerBound * columns..<rows.upperBound * columns }
    do {
      let previous = exchange(&tape.previous, with: [])
      defer { tape.previous = previous }
      var all = tape.fromMemory.mutableSpan
      var fromMemory = all._mutatingExtracting(part(gateCount))
      Dense.forward(
        previous.span.extracting(part(width)), parameters: parameters.extracting(memoryLayer), outputs: gateCount,
        into: &fromMemory)
    }
    do {
      let (fromInput, fromMemory) = (exchange(&tape.fromInput, with: []), exchange(&tape.fromMemory, with: []))
      var allGates = exchange(&tape.gates, with: [])
      defer { (tape.fromInput, tape.fromMemory, tape.gates) = (fromInput, fromMemory, allGates) }
      var gateSpan = allGates.mutableSpan
      var candidateSpan = tape.candidate.mutableSpan
      var gates = gateSpan._mutatingExtracting(part(2 * width))
      var candidate = candidateSpan._mutatingExtracting(part(width))
      writeGates(
        fromInput.span.extracting(part(gateCount)), fromMemory.span.extracting(part(gateCount)), gates: &gates,
        candidate: &candidate)
    }
    for row in rows {
      for i in 0..<width {
        let (n, z) = (tape.candidate[row * width + i], tape.gates[(2 * row + 1) * width + i])
        tape.memory[row * width + i] = n + z * (tape.previous[row * width + i] - n)
      }
    }
  }

  /// Adds the gradient by the parameters to `gradient`, from the tape's `memoryGradient`, through all times of the
  /// sequences; the memories that they start with are taken as given.
  ///
  /// - Parameter transposed: what `writeTransposed` wrote for the present parameters.
  package func backward(
    _ packing: SequencePacking, tape: inout GRUTape, transposed: Span<Float>, gradient: inout MutableSpan<Float>
  ) {
    let rows = packing.rowCount
    precondition(rows <= tape.capacity && transposed.count == parameterCount && gradient.count == parameterCount)
    let memoryWeights = transposed.extracting(memoryLayer.lowerBound..<memoryLayer.lowerBound + width * gateCount)
    var end = rows
    for time in packing.counts.indices.reversed() {
      let first = end - packing.counts[time]
      writeGateGradients(first..<end, tape: &tape)
      if time > 0 {
        carry(first..<end, packing, to: first - packing.counts[time - 1], tape: &tape, memoryWeights)
      }
      end = first
    }
    do {
      var part = gradient._mutatingExtracting(inputLayer)
      Dense.backwardWeights(
        tape.input.span.extracting(0..<rows * inputCount), tape.fromInput.span.extracting(0..<rows * gateCount),
        outputs: gateCount, gradient: &part)
    }
    do {
      var part = gradient._mutatingExtracting(memoryLayer)
      Dense.backwardWeights(
        tape.previous.span.extracting(0..<rows * width), tape.fromMemory.span.extracting(0..<rows * gateCount),
        outputs: gateCount, gradient: &part)
    }
  }

  /// Turns what the two layers gave for `rows` into the gradients by it.
  private func writeGateGradients(_ rows: Range<Int>, tape: inout GRUTape) {
    for row in rows {
      for i in 0..<width {
        let (r, z) = (tape.gates[2 * row * width + i], tape.gates[(2 * row + 1) * width + i])
        let (n, h) = (tape.candidate[row * width + i], tape.previous[row * width + i])
        let byMemory = tape.memoryGradient[row * width + i]
        let start = row * gateCount + i
        let byCandidate = byMemory * (1 - z) * (1 - n * n)
        let byReset = byCandidate * tape.fromMemory[start + 2 * width] * r * (1 - r)
        let byUpdate = byMemory * (h - n) * z * (1 - z)
        tape.fromInput[start] = byReset
        tape.fromInput[start + width] = byUpdate
        tape.fromInput[start + 2 * width] = byCandidate
        tape.fromMemory[start] = byReset
        tape.fromMemory[start + width] = byUpdate
        tape.fromMemory[start + 2 * width] = byCandidate * r
      }
    }
  }

  /// Adds the gradient by the memories before `rows` to that by the memories after the rows from `earlier` on.
  private func carry(
    _ rows: Range<Int>, _ packing: SequencePacking, to earlier: Int, tape: inout GRUTape, _ memoryWeights: Span<Float>
  ) {
    do {
      let fromMemory = exchange(&tape.fromMemory, with: [])
      defer { tape.fromMemory = fromMemory }
      var all = tape.carried.mutableSpan
      var carried = all._mutatingExtracting(0..<rows.count * width)
      Dense.backwardInput(
        fromMemory.span.extracting(rows.lowerBound * gateCount..<rows.upperBound * gateCount),
        transposed: memoryWeights, inputs: width, into: &carried)
    }
    for (index, row) in rows.enumerated() where !packing.startsEpisode[row] {
      for i in 0..<width {
        let direct = tape.memoryGradient[row * width + i] * tape.gates[(2 * row + 1) * width + i]
        tape.memoryGradient[(earlier + index) * width + i] += tape.carried[index * width + i] + direct
      }
    }
  }

  /// Writes the transposed weights that `backward` needs, at the same offsets as in `parameters`.
  package func writeTransposed(_ parameters: Span<Float>, into transposed: inout MutableSpan<Float>) {
    let weights = memoryLayer.lowerBound..<memoryLayer.lowerBound + width * gateCount
    var part = transposed._mutatingExtracting(weights)
    Dense.transpose(parameters.extracting(weights), columns: gateCount, into: &part)
  }
}
