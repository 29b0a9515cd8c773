#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Sums over the samples of a minibatch, or of several.
package struct LossSums: Sendable, Equatable {
  package var samples = 0
  /// Of min(ρ A, clamp(ρ) A).
  package var surrogate = 0.0
  /// Of squared errors in normalised units.
  package var value = 0.0
  /// Of KL(old ‖ new).
  package var divergence = 0.0
  /// Samples whose ratio left the clip range.
  package var clipped = 0

  package init() {}

  var isFinite: Bool { surrogate.isFinite && value.isFinite && divergence.isFinite }

  package static func += (sum: inout LossSums, other: LossSums) {
    sum.samples += other.samples
    sum.surrogate += other.surrogate
    sum.value += other.value
    sum.divergence += other.divergence
    sum.clipped += other.clipped
  }
}

/// What all slices of a minibatch need to know.
package struct MinibatchTerms: Sendable {
  /// Samples in the whole minibatch, all slices together.
  package var samples: Int
  /// Advantages are used as `(a - advantageMean) * advantageScale`.
  package var advantageMean = 0.0
  package var advantageScale = 1.0

  package init(samples: Int) { self.samples = samples }

  /// Brings the advantages of the samples in `order` to mean 0 and (unbiased) standard deviation 1, as is usual.
  ///
  /// Where they do not differ, as those of a single sample or of a sample and its mirror image, that would make 0 of
  /// whatever they are; `others` is used there.
  ///
  /// - Parameter others: how advantages are used where those in `order` do not differ; nil takes them as they are.
  package init(normalizing advantages: Span<Float>, of order: Span<Int32>, orAs others: MinibatchTerms? = nil) {
    samples = order.count
    guard order.count > 0 else { return }
    var sum = 0.0
    for i in order.indices { sum += Double(advantages[Int(order[i])]) }
    advantageMean = sum / Double(order.count)
    var squares = 0.0
    for i in order.indices {
      let deviation = Double(advantages[Int(order[i])]) - advantageMean
      squares += deviation * deviation
    }
    let std = (squares / Double(max(1, order.count - 1))).squareRoot()
    // Less is the rounding of equal numbers; what is not a number goes on to the gradient, where it is noticed.
    guard !(std <= 1e-6 * abs(advantageMean)) else {
      advantageMean = others?.advantageMean ?? 0
      advantageScale = others?.advantageScale ?? 1
      return
    }
    advantageScale = 1 / std
  }
}

/// PPO's losses over samples, with their gradients by the networks' outputs (Schulman et al., "Proximal policy
/// optimization algorithms", 2017).
///
/// The loss is −mean min(ρ A, clamp(ρ, 1 ± ε) A) + c_v · mean (v − target)² − c_e · entropy, where the means are over
/// the whole minibatch, of which `order` names a slice.
package enum Losses {
  /// Adds up the surrogate, writes its gradient by the means and adds its gradient by the raw deviations.
  ///
  /// - Parameters:
  ///   - means: the present policy's, a row a sample.
  ///   - logStd: of the present policy, one number an action.
  ///   - inverseStd: exp(−`logStd`).
  ///   - oldLogStd: of the policy that acted.
  package static func policy(
    _ order: Span<Int32>, of batch: borrowing Batch, _ terms: MinibatchTerms, means: [Float],
    logStd: [Double], inverseStd: [Double], oldLogStd: [Double], clip: Double, meanGradient: inout [Float],
    logStdGradient: inout [Double],
    sums: inout LossSums
  ) {
    var meanGradient = meanGradient.mutableSpan
    var logStdGradient = logStdGradient.mutableSpan
    let count = logStd.count
    let (actions, oldMeans) = (batch.actions.span, batch.means.span)
    // What does not depend on the sample.
    var logNormalizer = 0.0
    var spreadDivergence = 0.0
    for i in 0..<count {
      logNormalizer += Gaussian.logProbability(0, mean: 0, logStd: logStd[i])
      spreadDivergence += Gaussian.divergence(oldMean: 0, oldLogStd: oldLogStd[i], mean: 0, logStd: logStd[i])
    }
    for row in order.indices {
      let sample = Int(order[row])
      let (new, old) = (row * count, sample * count)
      var squares = 0.0
      var moved = 0.0
      for i in 0..<count {
        let mean = Double(means[new + i])
        let z = (Double(actions[old + i]) - mean) * inverseStd[i]
        let d = (Double(oldMeans[old + i]) - mean) * inverseStd[i]
        squares += z * z
        moved += d * d
      }
      let advantage = (Double(batch.advantages[sample]) - terms.advantageMean) * terms.advantageScale
      let ratio = exp(logNormalizer - 0.5 * squares - batch.logProbabilities[sample])
      let limited = min(max(ratio, 1 - clip), 1 + clip)
      let isLimited = limited * advantage < ratio * advantage
      sums.surrogate += isLimited ? limited * advantage : ratio * advantage
      sums.divergence += spreadDivergence + 0.5 * moved
      if ratio != limited { sums.clipped += 1 }

      // d loss / d log-probability; nothing is left to gain where the limit holds.
      let slope = isLimited ? 0 : -ratio * advantage / Double(terms.samples)
      for i in 0..<count {
        let z = (Double(actions[old + i]) - Double(means[new + i])) * inverseStd[i]
        meanGradient[new + i] = Float(slope * z * inverseStd[i])
        logStdGradient[i] += slope * (z * z - 1)
      }
    }
  }

  /// Adds up squared errors and writes their gradient by the outputs, which is multiplied by `coefficient`.
  ///
  /// - Parameter clip: how far an output may count as moved from the old one; 0 sets no limit.
  package static func value(
    _ order: Span<Int32>, of batch: borrowing Batch, _ terms: MinibatchTerms, outputs: [Float], clip: Double,
    coefficient: Double, outputGradient: inout [Float], sums: inout LossSums
  ) {
    var outputGradient = outputGradient.mutableSpan
    for row in order.indices {
      let sample = Int(order[row])
      let (output, target) = (Double(outputs[row]), Double(batch.targets[sample]))
      let error = output - target
      var square = error * error
      var slope = 2 * error
      if clip > 0 {
        let old = Double(batch.values[sample])
        let limitedError = old + min(max(output - old, -clip), clip) - target
        if limitedError * limitedError > square {
          square = limitedError * limitedError
          slope = 0
        }
      }
      sums.value += square
      outputGradient[row] = Float(coefficient * slope / Double(terms.samples))
    }
  }
}
