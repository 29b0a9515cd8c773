import Learning
import Training

extension TrainingSettings {
  /// The settings of a training with PPO, with the default learner.
  package var ppo: PPOSettings {
    get { learner as? PPOSettings ?? PPOSettings() }
    set { learner = newValue }
  }
}
