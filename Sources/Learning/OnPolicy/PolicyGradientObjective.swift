import Networks

/// The plain policy gradient with an entropy bonus: −A log π(a|s) − c · entropy (Williams, "Simple statistical
/// gradient-following algorithms for connectionist reinforcement learning", 1992; Mnih et al., "Asynchronous methods for
/// deep reinforcement learning", 2016).
package struct PolicyGradientObjective: PolicyObjective {
  /// c
  package var entropyCoefficient: Double

  package init(entropyCoefficient: Double) { self.entropyCoefficient = entropyCoefficient }

  package func evaluate(
    _ figures: ActionFigures, oldLogProbability: Double, advantage: Double
  ) -> ObjectiveValue {
    ObjectiveValue(
      loss: -advantage * figures.logProbability,
      slopes: ActionSlopes(logProbability: -advantage, entropy: -entropyCoefficient))
  }
}
