import Environments

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How the outputs of a policy's network become actions, in normalized units: −1…1 spans what the env accepts; a choice is
/// its index.
public enum ActionDistribution: Sendable, Equatable {
  /// A diagonal Gaussian: the network gives the means; the deviations are parameters of their own, with a smooth floor.
  case gaussian(actions: Int, minStd: Double)
  /// The hyperbolic tangent of a diagonal Gaussian: the network gives the means, then the logarithms of the deviations
  /// (Haarnoja et al., "Soft actor-critic", 2018).
  case squashedGaussian(actions: Int)
  /// One of `choices[i]` alternatives for each channel *i*: the network gives the logarithms of their odds.
  case categorical(choices: [Int])
  /// The hyperbolic tangent of the outputs, without any noise.
  case deterministic(actions: Int)

  /// Bounds of the logarithm of a squashed Gaussian's deviation.
  package static let squashedLogStd: ClosedRange<Float> = -20...2

  /// Numbers that the network gives.
  public var outputCount: Int {
    switch self {
    case .gaussian(let actions, _), .deterministic(let actions): actions
    case .squashedGaussian(let actions): 2 * actions
    case .categorical(let choices): choices.reduce(0, +)
    }
  }

  /// Components of an action.
  public var actionCount: Int {
    switch self {
    case .gaussian(let actions, _), .squashedGaussian(let actions), .deterministic(let actions): actions
    case .categorical(let choices): choices.count
    }
  }

  /// Numbers by which a network reads an action: one for each component, or for each alternative of each choice.
  public var encodedCount: Int {
    if case .categorical(let choices) = self { choices.reduce(0, +) } else { actionCount }
  }

  /// Writes an action in normalized units as a network reads it: as it is, or a 1 for each choice and 0 for what it is not.
  package func encode(_ action: Span<Float>, into encoded: inout MutableSpan<Float>) {
    guard case .categorical(let choices) = self else {
      for i in action.indices { encoded[i] = action[i] }
      return
    }
    for i in encoded.indices { encoded[i] = 0 }
    var start = 0
    for (i, count) in choices.enumerated() {
      encoded[start + Int(action[i])] = 1
      start += count
    }
  }

  /// Parameters beside the network's: the raw logarithms of the deviations.
  public var parameterCount: Int { if case .gaussian(let actions, _) = self { actions } else { 0 } }

  /// The floor of the deviations; nil where there is none.
  package var floor: StdFloor? { if case .gaussian(_, let minStd) = self { StdFloor(minStd: minStd) } else { nil } }

  /// What policy files and descriptions call it.
  package var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .squashedGaussian: "squashed_gaussian"
    case .categorical: "categorical"
    case .deterministic: "deterministic"
    }
  }
}

// MARK: Choosing actions

extension ActionDistribution {
  /// The likeliest action for one row of `outputs`.
  package func writeMode(of outputs: Span<Float>, into action: inout MutableSpan<Float>) {
    switch self {
    case .gaussian: for i in action.indices { action[i] = outputs[i] }
    case .squashedGaussian, .deterministic: for i in action.indices { action[i] = tanh(outputs[i]) }
    case .categorical(let choices):
      var start = 0
      for (i, count) in choices.enumerated() {
        var best = 0
        for choice in 1..<max(1, count) where outputs[start + choice] > outputs[start + best] { best = choice }
        action[i] = Float(best)
        start += count
      }
    }
  }

  /// A random action for one row of `outputs`.
  ///
  /// - Parameter std: the deviations of a Gaussian; not read otherwise.
  package func writeSample(
    of outputs: Span<Float>, std: [Float], using random: inout Random, into action: inout MutableSpan<Float>
  ) {
    switch self {
    case .gaussian: for i in action.indices { action[i] = outputs[i] + std[i] * Float(random.normal()) }
    case .deterministic: for i in action.indices { action[i] = tanh(outputs[i]) }
    case .squashedGaussian(let actions):
      for i in 0..<actions {
        let (low, high) = (Self.squashedLogStd.lowerBound, Self.squashedLogStd.upperBound)
        let std = exp(min(max(outputs[actions + i], low), high))
        action[i] = tanh(outputs[i] + std * Float(random.normal()))
      }
    case .categorical(let choices):
      var start = 0
      for (i, count) in choices.enumerated() {
        let logits = outputs.extracting(start..<start + count)
        let logSum = Self.logSum(logits)
        var left = random.unit()
        var choice = 0
        while choice < count - 1 {
          left -= exp(Double(logits[choice]) - logSum)
          if left < 0 { break }
          choice += 1
        }
        action[i] = Float(choice)
        start += count
      }
    }
  }

  /// log Σ exp, safe from overflow.
  private static func logSum(_ logits: Span<Float>) -> Double {
    var largest = -Double.infinity
    for i in logits.indices { largest = max(largest, Double(logits[i])) }
    var sum = 0.0
    for i in logits.indices { sum += exp(Double(logits[i]) - largest) }
    return largest + log(sum)
  }
}

// MARK: Likelihoods

/// What the densities of all samples have in common: deviations and what follows from them. Empty for a distribution
/// without parameters of its own.
package struct DistributionTerms: Sendable {
  /// The present logarithms of the deviations, and exp(−`logStd`).
  package private(set) var logStd: [Double]
  package private(set) var inverseStd: [Double]
  /// Those of the policy that acted.
  package private(set) var oldLogStd: [Double]
  /// Σ log density at the mean.
  private(set) var logNormalizer = 0.0
  /// The part of KL(old ‖ new) that comes from the deviations alone.
  private(set) var spreadDivergence = 0.0
  /// Of the present distribution.
  private(set) var entropy = 0.0

  /// - Parameter logStd: of the policy that acted, which is the present one.
  package init(logStd: [Double]) {
    self.logStd = logStd
    inverseStd = logStd
    oldLogStd = logStd
    update()
  }

  /// Takes over other deviations without allocating.
  package mutating func setOld(_ logStd: [Double]) {
    for i in oldLogStd.indices { oldLogStd[i] = logStd[i] }
    set(logStd)
  }

  /// Takes over the present deviations without allocating.
  package mutating func set(_ logStd: [Double]) {
    for i in self.logStd.indices { self.logStd[i] = logStd[i] }
    update()
  }

  /// Takes over the present deviations from raw parameters without allocating.
  package mutating func set(raw: Span<Float>, floor: StdFloor) {
    for i in logStd.indices { logStd[i] = floor.logStd(raw: raw[i]) }
    update()
  }

  private mutating func update() {
    (logNormalizer, spreadDivergence, entropy) = (0, 0, 0)
    for i in logStd.indices {
      inverseStd[i] = exp(-logStd[i])
      logNormalizer += Gaussian.logProbability(0, mean: 0, logStd: logStd[i])
      spreadDivergence += Gaussian.divergence(oldMean: 0, oldLogStd: oldLogStd[i], mean: 0, logStd: logStd[i])
      entropy += Gaussian.entropy(logStd: logStd[i])
    }
  }
}

/// A sample's figures under the present distribution.
package struct ActionFigures: Sendable, Equatable {
  /// The logarithm of the action's probability (density).
  package var logProbability = 0.0
  /// KL(old ‖ new).
  package var divergence = 0.0
  package var entropy = 0.0
}

/// What the loss of a sample changes by with its figures.
package struct ActionSlopes: Sendable, Equatable {
  package var logProbability = 0.0
  package var divergence = 0.0
  package var entropy = 0.0

  package init(logProbability: Double = 0, divergence: Double = 0, entropy: Double = 0) {
    self.logProbability = logProbability
    self.divergence = divergence
    self.entropy = entropy
  }
}

/// The samples of on-policy learners: Gaussians and choices. Off-policy learners differentiate through their samples.
extension ActionDistribution {
  /// The figures of one sample.
  ///
  /// - Parameters:
  ///   - action: what was done, in normalized units.
  ///   - outputs: what the present network gives.
  ///   - old: what the network gave that acted.
  package func figures(
    of action: Span<Float>, outputs: Span<Float>, old: Span<Float>, _ terms: borrowing DistributionTerms
  ) -> ActionFigures {
    var figures = ActionFigures()
    switch self {
    case .gaussian(let actions, _):
      var (squares, moved) = (0.0, 0.0)
      for i in 0..<actions {
        let mean = Double(outputs[i])
        let z = (Double(action[i]) - mean) * terms.inverseStd[i]
        let d = (Double(old[i]) - mean) * terms.inverseStd[i]
        squares += z * z
        moved += d * d
      }
      figures.logProbability = terms.logNormalizer - 0.5 * squares
      figures.divergence = terms.spreadDivergence + 0.5 * moved
      figures.entropy = terms.entropy
    case .categorical(let choices):
      var start = 0
      for (i, count) in choices.enumerated() {
        let logits = outputs.extracting(start..<start + count)
        let oldLogits = old.extracting(start..<start + count)
        let (logSum, oldLogSum) = (Self.logSum(logits), Self.logSum(oldLogits))
        figures.logProbability += Double(logits[Int(action[i])]) - logSum
        for choice in 0..<count {
          let (new, old) = (Double(logits[choice]) - logSum, Double(oldLogits[choice]) - oldLogSum)
          figures.entropy -= exp(new) * new
          figures.divergence += exp(old) * (old - new)
        }
        start += count
      }
    case .squashedGaussian, .deterministic: preconditionFailure("only for on-policy distributions")
    }
    return figures
  }

  /// Writes the gradient of one sample's loss by the outputs and adds its gradient by the logarithms of the deviations.
  package func writeGradient(
    _ slopes: ActionSlopes, of action: Span<Float>, outputs: Span<Float>, old: Span<Float>,
    _ terms: borrowing DistributionTerms, into outputGradient: inout MutableSpan<Float>,
    logStdGradient: inout MutableSpan<Double>
  ) {
    switch self {
    case .gaussian(let actions, _):
      for i in 0..<actions {
        let (mean, inverse) = (Double(outputs[i]), terms.inverseStd[i])
        let z = (Double(action[i]) - mean) * inverse
        var (byMean, byLogStd) = (slopes.logProbability * z, slopes.logProbability * (z * z - 1) + slopes.entropy)
        if slopes.divergence != 0 {
          let d = (Double(old[i]) - mean) * inverse
          byMean -= slopes.divergence * d
          byLogStd += slopes.divergence * (1 - d * d - exp(2 * (terms.oldLogStd[i] - terms.logStd[i])))
        }
        outputGradient[i] = Float(byMean * inverse)
        logStdGradient[i] += byLogStd
      }
    case .categorical(let choices):
      var start = 0
      for (i, count) in choices.enumerated() {
        let logits = outputs.extracting(start..<start + count)
        let oldLogits = old.extracting(start..<start + count)
        let (logSum, oldLogSum) = (Self.logSum(logits), Self.logSum(oldLogits))
        var entropy = 0.0
        for choice in 0..<count {
          let new = Double(logits[choice]) - logSum
          entropy -= exp(new) * new
        }
        for choice in 0..<count {
          let new = Double(logits[choice]) - logSum
          let probability = exp(new)
          let isTaken = choice == Int(action[i])
          let slope =
            slopes.logProbability * ((isTaken ? 1 : 0) - probability) - slopes.entropy * probability * (new + entropy)
            + slopes.divergence * (probability - exp(Double(oldLogits[choice]) - oldLogSum))
          outputGradient[start + choice] = Float(slope)
        }
        start += count
      }
    case .squashedGaussian, .deterministic: preconditionFailure("only for on-policy distributions")
    }
  }
}

// MARK: Curvature

extension ActionDistribution {
  /// Multiplies rows of changes of the outputs with the second derivative of the divergence by them, and with `scale`.
  package func applyMetric(
    rows: Int, outputs: [Float], scale: Double, _ terms: borrowing DistributionTerms, to changes: inout [Float]
  ) {
    let width = outputCount
    switch self {
    case .gaussian:
      for row in 0..<rows {
        for i in 0..<width {
          changes[row * width + i] *= Float(scale * terms.inverseStd[i] * terms.inverseStd[i])
        }
      }
    case .categorical(let choices):
      for row in 0..<rows {
        var start = row * width
        for count in choices {
          let logSum = Self.logSum(outputs.span.extracting(start..<start + count))
          var mean = 0.0
          for i in start..<start + count { mean += exp(Double(outputs[i]) - logSum) * Double(changes[i]) }
          for i in start..<start + count {
            changes[i] = Float(scale * exp(Double(outputs[i]) - logSum) * (Double(changes[i]) - mean))
          }
          start += count
        }
      }
    case .squashedGaussian, .deterministic: preconditionFailure("only for on-policy distributions")
    }
  }
}
