import Networks

/// What an on-policy learner minimizes over the actions of a rollout; see `ValueLoss` for the value network's part.
package protocol PolicyObjective: Sendable {
  /// A sample's share of the loss.
  ///
  /// - Parameters:
  ///   - figures: the sample's under the present policy.
  ///   - oldLogProbability: under the policy that acted.
  ///   - advantage: normalized, if the learner normalizes advantages.
  func evaluate(_ figures: ActionFigures, oldLogProbability: Double, advantage: Double) -> ObjectiveValue
}

/// A sample's share of an objective, and how it changes with the sample's figures.
package struct ObjectiveValue: Sendable, Equatable {
  /// What is to be minimized, entropy bonus apart.
  package var loss: Double
  package var slopes: ActionSlopes
  /// Whether a limit on the probability ratio was reached.
  package var isClipped: Bool

  package init(loss: Double, slopes: ActionSlopes, isClipped: Bool = false) {
    self.loss = loss
    self.slopes = slopes
    self.isClipped = isClipped
  }
}

/// Sums over the samples of a minibatch, or of several.
package struct LossSums: Sendable, Equatable {
  package var samples = 0
  /// Of the policy's losses, entropy bonus apart.
  package var policy = 0.0
  /// Of squared errors in normalized units.
  package var value = 0.0
  /// Of KL(old ‖ new).
  package var divergence = 0.0
  /// Of the policy's entropy.
  package var entropy = 0.0
  /// Samples whose ratio left the clip range.
  package var clipped = 0

  package init() {}

  var isFinite: Bool { policy.isFinite && value.isFinite && divergence.isFinite }

  package static func + (a: LossSums, b: LossSums) -> LossSums {
    var sum = a
    sum += b
    return sum
  }

  package static func += (sum: inout LossSums, other: LossSums) {
    sum.samples += other.samples
    sum.policy += other.policy
    sum.value += other.value
    sum.divergence += other.divergence
    sum.entropy += other.entropy
    sum.clipped += other.clipped
  }
}

/// What all slices of a minibatch have in common.
package struct MinibatchTerms: Sendable, Equatable {
  /// Samples in the whole minibatch, all slices together.
  package var samples: Int
  /// Advantages are used as `(a - advantageMean) * advantageScale`.
  package var advantageMean = 0.0
  package var advantageScale = 1.0

  package init(samples: Int) { self.samples = samples }

  /// Brings advantages to mean 0 and (unbiased) standard deviation 1, as is usual.
  ///
  /// Where they do not differ, as those of a single sample or of a sample and its mirror image, that would make 0 of
  /// whatever they are; `others` is used there.
  ///
  /// - Parameters:
  ///   - moments: of the minibatch's advantages.
  ///   - others: how advantages are used where those of the minibatch do not differ; nil uses them as they are.
  package init(normalizing moments: Moments, orAs others: MinibatchTerms? = nil) {
    samples = moments.count
    guard samples > 0 else { return }
    let std = (moments.squares / Double(max(1, samples - 1))).squareRoot()
    // Less is the rounding of equal numbers; what is not a number goes on to the gradient, where it is noticed.
    guard !(std <= 1e-6 * abs(moments.mean)) else {
      advantageMean = others?.advantageMean ?? 0
      advantageScale = others?.advantageScale ?? 1
      return
    }
    advantageMean = moments.mean
    advantageScale = 1 / std
  }
}

/// Count, mean and sum of squared deviations of some numbers.
package struct Moments: Sendable, Equatable {
  package private(set) var count = 0
  package private(set) var mean = 0.0
  package private(set) var squares = 0.0

  package init() {}

  /// Of `values[order[i]]`, in two passes.
  package init(_ values: Span<Float>, of order: Span<Int32>) {
    count = order.count
    guard count > 0 else { return }
    var sum = 0.0
    for i in order.indices { sum += Double(values[Int(order[i])]) }
    mean = sum / Double(count)
    for i in order.indices {
      let deviation = Double(values[Int(order[i])]) - mean
      squares += deviation * deviation
    }
  }

  /// Of `values[i] - others[i]`, in two passes; of the values alone where `others` is empty.
  init(_ values: [Float], minus others: [Float]) {
    count = values.count
    guard count > 0 else { return }
    func difference(_ i: Int) -> Double { Double(values[i]) - (others.isEmpty ? 0 : Double(others[i])) }
    for i in values.indices { mean += difference(i) }
    mean /= Double(count)
    for i in values.indices {
      let deviation = difference(i) - mean
      squares += deviation * deviation
    }
  }

  /// Adds others (Chan, Golub and LeVeque, 1979).
  package static func + (a: Moments, b: Moments) -> Moments {
    guard a.count > 0 else { return b }
    guard b.count > 0 else { return a }
    var sum = Moments()
    sum.count = a.count + b.count
    let (difference, share) = (b.mean - a.mean, Double(b.count) / Double(sum.count))
    sum.mean = a.mean + difference * share
    sum.squares = a.squares + b.squares + difference * difference * Double(a.count) * share
    return sum
  }
}
