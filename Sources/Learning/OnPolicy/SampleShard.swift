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
    var random: Random
    /// Over the last minibatch's share, by all parameters; the first shard's becomes the sum over all shards.
    fileprivate(set) var gradient: [Float]
    fileprivate(set) var sums = LossSums()
    fileprivate var policyTape: Tape?
    fileprivate var valueTape: Tape?
    fileprivate var logStdGradient: [Double]
  }

  package let state: Mutex<State>

  init(for model: borrowing ActorCritic, random: Random) {
    state = Mutex(
      State(
        random: random, gradient: Array(repeating: 0, count: model.parameters.count),
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
      }
    }
  }

  /// Makes room for minibatches of `1 / minibatches` of the samples and puts these into their own order.
  mutating func prepare(minibatches: Int, for model: borrowing ActorCritic) {
    let capacity = batch.rows / minibatches + 1
    if policyTape.map({ $0.capacity < capacity }) ?? true {
      policyTape = Tape(for: model.policy.network.shape, capacity: capacity)
      valueTape = Tape(for: model.critic.shape, capacity: capacity)
    }
    order.removeAll(keepingCapacity: true)
    for i in 0..<batch.rows { order.append(Int32(truncatingIfNeeded: i)) }
  }

  /// Puts the samples into a random order (Fisher and Yates).
  mutating func shuffle() {
    for i in stride(from: order.count - 1, to: 0, by: -1) { order.swapAt(i, random.index(below: i + 1)) }
  }

  func moments(of share: MinibatchShare) -> Moments {
    Moments(batch.advantages.span, of: order.span.extracting(share.range(ofRows: order.count)))
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
    let range = share.range(ofRows: order.count)
    sums.samples = range.count
    guard range.count > 0 else { return }
    // Moved out while it is read, so that its span and changes of `self` do not overlap.
    let order = exchange(&self.order, with: [])
    defer { self.order = order }
    if parts != .value { runPolicy(order.span.extracting(range), terms, objective, model) }
    if parts != .policy { runValue(order.span.extracting(range), terms, valueLoss, model) }
  }

  /// Adds up the objective over all samples without its gradient.
  mutating func measure(_ terms: MinibatchTerms, _ objective: some PolicyObjective, model: borrowing ActorCritic) {
    sums = LossSums()
    sums.samples = order.count
    guard order.count > 0 else { return }
    let order = exchange(&self.order, with: [])
    defer { self.order = order }
    runPolicy(order.span, terms, objective, model, withGradient: false)
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
    guard order.count > 0, var tape = policyTape.take() else { return }
    defer { policyTape = tape }
    let (policy, rows) = (model.policy, order.count)
    let weights = direction.extracting(model.policyRange)
    policy.network.shape.writeTangent(
      rows: rows, tape: &tape, parameters: model.parameters.values.span.extracting(model.policyRange),
      direction: weights)
    policy.distribution.applyMetric(
      rows: rows, outputs: tape.output, scale: 1 / Double(samples), model.terms, to: &tape.outputGradient)
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
      rows: rows, tape: &tape, transposed: model.transposed.span.extracting(model.policyRange), gradient: &part)
  }

  private mutating func runPolicy(
    _ order: Span<Int32>, _ terms: MinibatchTerms, _ objective: some PolicyObjective, _ model: borrowing ActorCritic,
    withGradient: Bool = true
  ) {
    guard var tape = policyTape.take() else { return }
    defer { policyTape = tape }
    let (policy, spec) = (model.policy, model.policy.spec)
    tape.gather(order, of: batch.observations, rowLength: spec.observationCount, columns: spec.policyColumns)
    policy.network.shape.forward(
      rows: order.count, tape: &tape,
      parameters: model.parameters.values.span.extracting(model.policyRange))
    for i in logStdGradient.indices { logStdGradient[i] = 0 }
    Self.evaluate(
      order, of: batch, terms, objective, model, outputs: tape.output, outputGradient: &tape.outputGradient,
      logStdGradient: &logStdGradient, sums: &sums)
    guard withGradient else { return }
    if let floor = policy.distribution.floor {
      for (i, parameter) in model.rawLogStdRange.enumerated() {
        gradient[parameter] = Float(logStdGradient[i] * floor.slope(raw: model.parameters.values[parameter]))
      }
    }
    var all = gradient.mutableSpan
    var part = all._mutatingExtracting(model.policyRange)
    policy.network.shape.backward(
      rows: order.count, tape: &tape, transposed: model.transposed.span.extracting(model.policyRange), gradient: &part)
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

  private mutating func runValue(
    _ order: Span<Int32>, _ terms: MinibatchTerms, _ loss: ValueLoss, _ model: borrowing ActorCritic
  ) {
    guard var tape = valueTape.take() else { return }
    defer { valueTape = tape }
    let (spec, shape) = (model.policy.spec, model.critic.shape)
    tape.gather(order, of: batch.observations, rowLength: spec.observationCount, columns: spec.criticColumns)
    shape.forward(
      rows: order.count, tape: &tape,
      parameters: model.parameters.values.span.extracting(model.valueRange))
    loss.evaluate(
      order, of: batch, samples: terms.samples, outputs: tape.output, outputGradient: &tape.outputGradient, sums: &sums)
    var all = gradient.mutableSpan
    var part = all._mutatingExtracting(model.valueRange)
    shape.backward(
      rows: order.count, tape: &tape, transposed: model.transposed.span.extracting(model.valueRange), gradient: &part)
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
