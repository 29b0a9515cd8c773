import Networks
import Storage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// PPO's clipped surrogate (Schulman et al., "Proximal policy optimization algorithms", 2017, equation 7) with an entropy
/// bonus: −min(ρ A, clamp(ρ, 1 ± ε) A) − c · entropy, where ρ is the ratio of new to old probability.
package struct ClippedObjective: PolicyObjective {
  /// ε
  package var clip: Double
  /// c
  package var entropyCoefficient: Double

  package init(clip: Double, entropyCoefficient: Double) {
    self.clip = clip
    self.entropyCoefficient = entropyCoefficient
  }

  package func evaluate(
    _ figures: ActionFigures, oldLogProbability: Double, advantage: Double
  ) -> ObjectiveValue {
    let ratio = exp(figures.logProbability - oldLogProbability)
    let limited = min(max(ratio, 1 - clip), 1 + clip)
    let isLimited = limited * advantage < ratio * advantage
    // Nothing is left to gain where the limit holds.
    return ObjectiveValue(
      loss: isLimited ? -limited * advantage : -ratio * advantage,
      slopes: ActionSlopes(logProbability: isLimited ? 0 : -ratio * advantage, entropy: -entropyCoefficient),
      isClipped: ratio != limited)
  }
}

/// PPO's surrogate with a penalty on the divergence and an entropy bonus (Schulman et al., 2017, equation 8):
/// −ρ A + β KL(old ‖ new) − c · entropy, where ρ is the ratio of new to old probability.
package struct PenalizedObjective: PolicyObjective {
  /// β
  package var penalty: Double
  /// c
  package var entropyCoefficient: Double

  package init(penalty: Double, entropyCoefficient: Double) {
    self.penalty = penalty
    self.entropyCoefficient = entropyCoefficient
  }

  package func evaluate(
    _ figures: ActionFigures, oldLogProbability: Double, advantage: Double
  ) -> ObjectiveValue {
    let ratio = exp(figures.logProbability - oldLogProbability)
    return ObjectiveValue(
      loss: -ratio * advantage + penalty * figures.divergence,
      slopes: ActionSlopes(logProbability: -ratio * advantage, divergence: penalty, entropy: -entropyCoefficient))
  }
}

/// β, the weight of the divergence in the penalized objective, which follows the divergence of the updates (Schulman et
/// al., 2017, section 4).
package struct KLPenalty: Sendable, Equatable {
  /// Where β stays. For advantages of standard deviation 1 an update sees nothing of the divergence below, and nothing of
  /// the advantages above.
  package static let range = 1e-2...1e2
  /// Where β stays as long as the learning rate can answer the divergence instead. Far above, the rate is too high for the
  /// gradient's noise; far below, it is too low for the steps to go as far as they may.
  package static let preferred = 0.5...4.0

  package private(set) var weight: Double

  package init(_ weight: Double) { self.weight = weight }

  /// Doubles β after an update that went beyond 1.5 times the divergence aimed at, and halves it after one that stayed
  /// below the target divided by 1.5.
  ///
  /// - Parameter range: bounds that β does not cross; one that it is beyond lets it only come back.
  /// - Returns: whether β changed.
  package mutating func follow(
    _ divergence: Double, target: Double, within range: ClosedRange<Double> = KLPenalty.range
  ) -> Bool {
    let before = weight
    if divergence > 1.5 * target {
      weight = max(weight, min(2 * weight, range.upperBound))
    } else if divergence < target / 1.5 {
      weight = min(weight, max(weight / 2, range.lowerBound))
    }
    return weight != before
  }

  func save(to file: inout TensorFile) { file.set("ppo.penalty", .float64([weight])) }

  init(from file: TensorFile) throws {
    weight = try file.doubles("ppo.penalty", shape: [1])[0]
    guard Self.range.contains(weight) else { throw LearningError("its penalty on the divergence is \(weight)") }
  }
}
