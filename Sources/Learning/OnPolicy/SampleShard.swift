import Environments
import Networks
import Synchronization

/// The samples of a few env shards, from which every minibatch draws its share, and the gradient over that share. One
/// worker at a time works on it.
package final class SampleShard: Sendable {
  package struct State: Sendable {
    package var batch = Batch()
    /// Rows of `batch` in the order in which minibatches draw them.
    fileprivate(set) var order: [Int32] = []
    /// The same by sequences, where a network has a memory.
    fileprivate var sequences: SampleSequences?
    var random: Random
    /// Over the last minibatch's share, by all parameters; the first shard's becomes the sum over all shards.
    fileprivate(set) var gradient: [Float]
    fileprivate(set) var sums = LossSums()
    fileprivate var tapes: ActorCriticTapes?
    fileprivate var logStdGradient: [Double]
  }

  package let state: Mutex<State>

  init(for model: borrowing ActorCritic, random: Random) {
    state = Mutex(
      State(
        sequences: model.isRecurrent ? SampleSequences() : nil, random: random,
        gradient: Array(repeating: 0, count: model.parameters.count),
        logStdGradient: Array(repeating: 0, count: model.policy.distribution.parameterCount)))
  }
}

/// Networks of an actor and a critic.
package enum GradientParts: Sendable {
  case both
  case policy
  case value
}

/// The share of a minibatch that a shard contributes: the `index`-th of `count` equal parts of its samples.
///
/// Rounding is spread over the shards, so that minibatches of fewer samples than there are shards have equal sizes too.
package struct MinibatchShare: Sendable {
  var index: Int
  var count: Int
  var shard: Int
  var shards: Int

  func range(ofRows rows: Int) -> Range<Int> {
    func bound(_ index: Int) -> Int { (index * rows * shards + shard * count) / (count * shards) }
    return bound(index)..<(index + 1 == count ? rows : bound(index + 1))
  }
}

extension SampleShard.State {
  /// Collects the samples of `shards`.
  mutating func gather(_ shards: some Sequence<RolloutSamples>, of layout: SampleLayout) {
    batch.clear()
    for shard in shards {
      shard.state.withLock { state in
        for run in state.sampleRuns { batch.append(state.batch, rows: run, of: layout) }
        state.appendSequences(to: &batch, layout)
      }
    }
  }

  /// Makes room for minibatches of `1 / minibatches` of the samples and puts these into their own order.
  mutating func prepare(minibatches: Int, for model: borrowing ActorCritic) {
    var capacity = batch.rows / minibatches + 1
    order.removeAll(keepingCapacity: true)
    if sequences != nil {
      sequences?.reset(for: batch)
      sequences?.list(&order, of: batch)
      let longest = batch.sequences.reduce(0) { max($0, $1.count) }
      capacity = min(batch.rows, (batch.sequences.count / minibatches + 1) * longest)
    } else {
      for i in 0..<batch.rows { order.append(Int32(truncatingIfNeeded: i)) }
    }
    if tapes.map({ $0.capacity < capacity }) ?? true { tapes = ActorCriticTapes(for: model, capacity: capacity) }
  }

  /// Puts the samples, or their sequences, into a random order.
  mutating func shuffle() {
    if sequences != nil {
      sequences?.shuffle(&order, of: batch, using: &random)
    } else {
      order.shuffle(using: &random)
    }
  }

  func moments(of share: MinibatchShare) -> Moments {
    Moments(batch.advantages.span, of: order.span.extracting(rows(of: share)))
  }

  /// Where the samples of `share` are in `order`.
  private func rows(of share: MinibatchShare) -> Range<Int> {
    guard let sequences else { return share.range(ofRows: order.count) }
    return sequences.rows(of: share.range(ofRows: sequences.count))
  }

  /// Leaves the gradient over `share` in `gradient`.
  ///
  /// - Parameter parts: the networks whose gradients are computed; those of the others are 0.
  mutating func computeGradient(
    of share: MinibatchShare, _ terms: MinibatchTerms, _ objective: some PolicyObjective, _ valueLoss: ValueLoss,
    model: borrowing ActorCritic, parts: GradientParts = .both
  ) {
    for i in gradient.indices { gradient[i] = 0 }
    sums = LossSums()
    let range = rows(of: share)
    sums.samples = range.count
    guard range.count > 0, var tapes = tapes.take() else { return }
    // Moved out while they are read, so that their spans and changes of `self` do not overlap.
    var sequences = exchange(&self.sequences, with: nil)
    let order = exchange(&self.order, with: [])
    defer { (self.tapes, self.sequences, self.order) = (tapes, sequences, order) }
    let count = sequences?.count ?? 0
    sequences?.pack(share.range(ofRows: count), of: batch)
    let all = sequences?.rows ?? order
    let rows = all.span.extracting(sequences == nil ? range : 0..<all.count)
    tapes.forward(rows, of: batch, sequences, model, parts)
    if parts != .value { evaluatePolicy(rows, terms, objective, model, &tapes) }
    if parts != .policy {
      valueLoss.evaluate(
        rows, of: batch, samples: terms.samples, outputs: tapes.value.output,
        outputGradient: &tapes.value.outputGradient, sums: &sums)
    }
    var span = gradient.mutableSpan
    tapes.backward(rows: rows.count, sequences, model, parts, gradient: &span)
  }

  /// Adds up the objective over all samples without its gradient.
  mutating func measure(_ terms: MinibatchTerms, _ objective: some PolicyObjective, model: borrowing ActorCritic) {
    sums = LossSums()
    sums.samples = order.count
    guard order.count > 0, var tapes = tapes.take() else { return }
    var sequences = exchange(&self.sequences, with: nil)
    let order = exchange(&self.order, with: [])
    defer { (self.tapes, self.sequences, self.order) = (tapes, sequences, order) }
    let count = sequences?.count ?? 0
    sequences?.pack(0..<count, of: batch)
    let rows = sequences?.rows ?? order
    tapes.forward(rows.span, of: batch, sequences, model, .policy)
    evaluatePolicy(rows.span, terms, objective, model, &tapes)
  }

  /// Writes the product of the policy's Fisher matrix with `direction` to `gradient`: for a Gaussian or a choice it is
  /// Jᵀ M J, where J is the outputs' Jacobian and M the divergence's second derivative by the outputs (Schulman et al.,
  /// "Trust region policy optimization", 2015, appendix C).
  ///
  /// The samples' activations must be those of the last forward pass over all of them.
  ///
  /// - Parameters:
  ///   - direction: in the policy's parameters.
  ///   - samples: of all shards.
  mutating func computeFisherProduct(with direction: Span<Float>, samples: Int, model: borrowing ActorCritic) {
    for i in gradient.indices { gradient[i] = 0 }
    guard order.count > 0, var tapes = tapes.take() else { return }
    defer { self.tapes = tapes }
    let (policy, rows) = (model.policy, order.count)
    let weights = direction.extracting(model.policyRange)
    policy.network.shape.writeTangent(
      rows: rows, tape: &tapes.policy, parameters: model.parameters.values.span.extracting(model.policyRange),
      direction: weights)
    policy.distribution.applyMetric(
      rows: rows, outputs: tapes.policy.output, scale: 1 / Double(samples), model.terms,
      to: &tapes.policy.outputGradient)
    if let floor = policy.distribution.floor {
      let share = Double(rows) / Double(samples)
      for parameter in model.rawLogStdRange {
        let slope = floor.slope(raw: model.parameters.values[parameter])
        gradient[parameter] = Float(2 * share * slope * slope * Double(direction[parameter]))
      }
    }
    var all = gradient.mutableSpan
    var part = all._mutatingExtracting(model.policyRange)
    policy.network.shape.backward(
      rows: rows, tape: &tapes.policy, transposed: model.transposed.span.extracting(model.policyRange), gradient: &part)
  }

  /// Adds up the objective and writes its gradient by the policy's outputs and by its deviations.
  private mutating func evaluatePolicy(
    _ rows: Span<Int32>, _ terms: MinibatchTerms, _ objective: some PolicyObjective, _ model: borrowing ActorCritic,
    _ tapes: inout ActorCriticTapes
  ) {
    for i in logStdGradient.indices { logStdGradient[i] = 0 }
    Self.evaluate(
      rows, of: batch, terms, objective, model, outputs: tapes.policy.output,
      outputGradient: &tapes.policy.outputGradient, logStdGradient: &logStdGradient, sums: &sums)
    if let floor = model.policy.distribution.floor {
      for (i, parameter) in model.rawLogStdRange.enumerated() {
        gradient[parameter] = Float(logStdGradient[i] * floor.slope(raw: model.parameters.values[parameter]))
      }
    }
  }

  /// Adds up the objective and writes its gradient by the network's outputs.
  private static func evaluate(
    _ order: Span<Int32>, of batch: borrowing Batch, _ terms: MinibatchTerms, _ objective: some PolicyObjective,
    _ model: borrowing ActorCritic, outputs: [Float], outputGradient: inout [Float], logStdGradient: inout [Double],
    sums: inout LossSums
  ) {
    let distribution = model.policy.distribution
    let (width, count) = (distribution.outputCount, distribution.actionCount)
    let share = 1 / Double(terms.samples)
    let outputs = outputs.span
    let old = batch.outputs.span
    let actions = batch.actions.span
    var outputGradient = outputGradient.mutableSpan
    var logStdGradient = logStdGradient.mutableSpan
    for row in order.indices {
      let sample = Int(order[row])
      let new = outputs.extracting(row * width..<(row + 1) * width)
      let given = old.extracting(sample * width..<(sample + 1) * width)
      let action = actions.extracting(sample * count..<(sample + 1) * count)
      let figures = distribution.figures(of: action, outputs: new, old: given, model.terms)
      let value = objective.evaluate(
        figures, oldLogProbability: batch.logProbabilities[sample],
        advantage: (Double(batch.advantages[sample]) - terms.advantageMean) * terms.advantageScale)
      sums.policy += value.loss
      sums.divergence += figures.divergence
      sums.entropy += figures.entropy
      if value.isClipped { sums.clipped += 1 }
      var slopes = value.slopes
      slopes.logProbability *= share
      slopes.divergence *= share
      slopes.entropy *= share
      var part = outputGradient._mutatingExtracting(row * width..<(row + 1) * width)
      distribution.writeGradient(
        slopes, of: action, outputs: new, old: given, model.terms, into: &part, logStdGradient: &logStdGradient)
    }
  }
}

extension [SampleShard] {
  /// Sums the shards' gradients along a binary tree into the first one's, so that who computes which subtree changes no
  /// bit.
  func sumGradients() {
    var stride = 1
    while stride < count {
      for i in Swift.stride(from: 0, to: count - stride, by: 2 * stride) {
        self[i].state.withLock { sum in
          self[i + stride].state.withLock { other in
            var span = sum.gradient.mutableSpan
            add(other.gradient.span, to: &span)
          }
        }
      }
      stride *= 2
    }
  }

  /// The sum of what `part` gives for each shard and its index, along the same tree.
  func total<Value>(
    of part: (borrowing SampleShard.State, Int) -> Value, by add: (Value, Value) -> Value
  ) -> Value {
    var levels = 0
    while 1 << levels < count { levels += 1 }
    return total(from: 0, levels: levels, of: part, by: add)
  }

  private func total<Value>(
    from first: Int, levels: Int, of part: (borrowing SampleShard.State, Int) -> Value, by add: (Value, Value) -> Value
  ) -> Value {
    guard levels > 0 else { return self[first].state.withLock { part($0, first) } }
    let left = total(from: first, levels: levels - 1, of: part, by: add)
    let other = first + (1 << (levels - 1))
    return other < count ? add(left, total(from: other, levels: levels - 1, of: part, by: add)) : left
  }
}
