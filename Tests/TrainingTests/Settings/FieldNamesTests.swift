import Robotics
import Testing
import Training

/// Settings by the names that other libraries have for them.
@Suite struct FieldNamesTests {
  private func message(_ assignment: String) -> String {
    do {
      _ = try TrainingSettings.resolved(for: .walker(), file: nil, assignments: [assignment], options: [])
      return "fine"
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    ("ppo.lr", "ppo.learning_rate"), ("lr", "ppo.learning_rate"), ("learning_rate", "ppo.learning_rate"),
    ("clip_range", "ppo.clip"), ("ppo.clip_range", "ppo.clip"), ("n_steps", "ppo.horizon"),
    ("num_steps_per_env", "ppo.horizon"), ("gae_lambda", "ppo.lambda"), ("ent_coef", "ppo.entropy_coefficient"),
    ("vf_coef", "ppo.value_coefficient"), ("num_envs", "envs"), ("n-envs", "envs"), ("batch_size", "ppo.minibatch"),
    ("total_timesteps", "steps"), ("gamma", "ppo.gamma"), ("max_grad_norm", "ppo.max_gradient_norm"),
    ("algorithm.desired_kl", "ppo.target_kl"), ("policy.init_noise_std", "ppo.initial_std"),
    ("net_arch", "ppo.hidden_layers"),
  ])
  func leadToOurs(_ theirs: String, _ ours: String) {
    #expect(message("\(theirs)=1") == "unknown setting '\(theirs)'; did you mean '\(ours)'?")
  }

  @Test func allLeadToSettingsThatExist() {
    for (theirs, ours) in FieldNames.settings(of: .standard) {
      #expect(TrainingKey.named(ours) != nil, "\(ours)")
      #expect(FieldNames.setting(for: theirs, of: .standard) == ours, "\(theirs)")
    }
  }
}
