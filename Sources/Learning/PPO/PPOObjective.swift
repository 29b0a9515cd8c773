import Networks

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// PPO's clipped surrogate (Schulman et al., "Proximal policy optimization algorithms", 2017, equation 7) with an entropy
/// bonus: −min(ρ A, clamp(ρ, 1 ± ε) A) − c · entropy, where ρ is the ratio of new to old probability.
package struct PPOObjective: PolicyObjective {
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
