import Learning
import Training

extension TrainingSettings {
  /// The settings of a training with PPO, as one has whose learner nobody chose.
  package var ppo: PPOSettings {
    get { learner as? PPOSettings ?? PPOSettings() }
    set { learner = newValue }
  }
}
