import Synchronization

/// The gradient by all that PPO trains.
struct Gradient: Sendable {
  var policy: [Float]
  var rawLogStd: [Float]
  var value: [Float]

  init(policy: MLP, value: MLP) {
    self.policy = Array(repeating: 0, count: policy.parameters.count)
    rawLogStd = Array(repeating: 0, count: policy.outputCount)
    self.value = Array(repeating: 0, count: value.parameters.count)
  }

  mutating func clear() {
    for i in policy.indices { policy[i] = 0 }
    for i in rawLogStd.indices { rawLogStd[i] = 0 }
    for i in value.indices { value[i] = 0 }
  }

  static func += (sum: inout Gradient, other: borrowing Gradient) {
    add(other.policy, to: &sum.policy)
    add(other.rawLogStd, to: &sum.rawLogStd)
    add(other.value, to: &sum.value)
  }

  var norm: Double {
    (squaredNorm(policy) + squaredNorm(rawLogStd) + squaredNorm(value)).squareRoot()
  }
}

/// The weights that are trained, with what the way back needs of them.
package struct Weights: Sendable {
  package var policy: GaussianPolicy
  package var critic: Critic
  private(set) var policyTransposed: [Float]
  private(set) var valueTransposed: [Float]

  init(policy: GaussianPolicy, critic: Critic) {
    self.policy = policy
    self.critic = critic
    policyTransposed = policy.network.parameters
    valueTransposed = critic.network.parameters
  }

  mutating func transpose() {
    policy.network.writeTransposed(into: &policyTransposed)
    critic.network.writeTransposed(into: &valueTransposed)
  }
}

/// A place where one worker at a time works out the gradient over one slice of a minibatch.
final class GradientSlice: Sendable {
  struct State: Sendable {
    fileprivate(set) var gradient: Gradient
    fileprivate(set) var sums = LossSums()
    fileprivate var policyTape: Tape
    fileprivate var valueTape: Tape
    fileprivate var logStdGradient: [Double]
  }

  let state: Mutex<State>

  /// - Parameter capacity: the most samples a slice can have.
  init(policy: MLP, value: MLP, capacity: Int) {
    state = Mutex(
      State(
        gradient: Gradient(policy: policy, value: value), policyTape: Tape(for: policy, capacity: capacity),
        valueTape: Tape(for: value, capacity: capacity),
        logStdGradient: Array(repeating: 0, count: policy.outputCount)))
  }
}

extension GradientSlice.State {
  /// Works out the gradient over the samples in `order`, but for the entropy's, which does not depend on samples.
  mutating func run(
    _ order: Span<Int32>, of batch: borrowing Batch, _ terms: MinibatchTerms, weights: borrowing Weights,
    oldLogStd: [Double], settings: borrowing PPOSettings
  ) {
    gradient.clear()
    sums = LossSums()
    sums.samples = order.count
    guard order.count > 0 else { return }
    runPolicy(order, of: batch, terms, weights, oldLogStd, settings)
    runValue(order, of: batch, terms, weights, settings)
  }

  private mutating func runPolicy(
    _ order: Span<Int32>, of batch: borrowing Batch, _ terms: MinibatchTerms, _ weights: borrowing Weights,
    _ oldLogStd: [Double], _ settings: borrowing PPOSettings
  ) {
    let spec = weights.policy.spec
    policyTape.gather(order, of: batch.observations, rowLength: spec.observationCount, columns: spec.policyColumns)
    weights.policy.network.forward(rows: order.count, tape: &policyTape)
    for i in logStdGradient.indices { logStdGradient[i] = 0 }
    Losses.policy(
      order, of: batch, terms, means: policyTape.output, logStd: weights.policy.logStd,
      inverseStd: weights.policy.inverseStd, oldLogStd: oldLogStd, clip: settings.clip,
      meanGradient: &policyTape.outputGradient, logStdGradient: &logStdGradient, sums: &sums)
    let floor = weights.policy.floor
    for i in logStdGradient.indices {
      gradient.rawLogStd[i] = Float(logStdGradient[i] * floor.slope(raw: weights.policy.rawLogStd[i]))
    }
    weights.policy.network.backward(
      rows: order.count, tape: &policyTape, transposed: weights.policyTransposed, gradient: &gradient.policy)
  }

  private mutating func runValue(
    _ order: Span<Int32>, of batch: borrowing Batch, _ terms: MinibatchTerms, _ weights: borrowing Weights,
    _ settings: borrowing PPOSettings
  ) {
    let spec = weights.policy.spec
    valueTape.gather(order, of: batch.observations, rowLength: spec.observationCount, columns: spec.criticColumns)
    weights.critic.network.forward(rows: order.count, tape: &valueTape)
    Losses.value(
      order, of: batch, terms, outputs: valueTape.output, clip: settings.valueClip,
      coefficient: settings.valueCoefficient, outputGradient: &valueTape.outputGradient, sums: &sums)
    weights.critic.network.backward(
      rows: order.count, tape: &valueTape, transposed: weights.valueTransposed, gradient: &gradient.value)
  }
}
