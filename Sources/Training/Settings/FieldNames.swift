import Learning

/// What other libraries of the field call our settings: Stable-Baselines3, CleanRL, rsl_rl, RLlib and Brax.
package enum FieldNames {
  /// The setting that a name of the field, with or without a section before it, stands for in a training with the learner
  /// `kind`; nil if there is none.
  package static func setting(for name: String, of kind: LearnerKind) -> String? {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    let plain = last.lowercased().replacing("-", with: "_")
    // Our own name without its section, or under another one.
    let names = TrainingKey.all(of: kind).map(\.name)
    let own = names.filter { $0 == plain || $0.hasSuffix(".\(plain)") }
    if own.count == 1 { return own[0] }
    return settings(of: kind)[plain].flatMap { names.contains($0) ? $0 : nil }
  }

  /// Names of the field with the setting that each stands for.
  package static func settings(of kind: LearnerKind) -> [String: String] {
    table.mapValues { $0.hasPrefix("@") ? "\(kind.name).\($0.dropFirst())" : $0 }
  }

  /// An `@` stands for the learner's section.
  private static let table: [String: String] = [
    "lr": "@learning_rate", "learning_rates": "@learning_rate", "step_size": "@learning_rate",
    "lr_schedule": "@schedule", "anneal_lr": "@schedule",
    "n_steps": "@horizon", "num_steps": "@horizon", "num_steps_per_env": "@horizon",
    "rollout_length": "@horizon", "rollout_steps": "@horizon", "unroll_length": "@horizon",
    "horizon_length": "@horizon", "rollout_fragment_length": "@horizon",
    "batch_size": "@minibatch", "minibatch_size": "@minibatch", "sgd_minibatch_size": "@minibatch",
    "num_minibatches": "@minibatch", "num_mini_batches": "@minibatch", "mini_batch_size": "@minibatch",
    "n_epochs": "@epochs", "num_epochs": "@epochs", "update_epochs": "@epochs", "k_epochs": "@epochs",
    "num_learning_epochs": "@epochs", "num_sgd_iter": "@epochs", "num_updates_per_batch": "@epochs",
    "discount": "@gamma", "discounting": "@gamma", "discount_factor": "@gamma",
    "gae_lambda": "@lambda", "lam": "@lambda", "lambda_": "@lambda", "gae_tau": "@lambda",
    "clip_range": "@clip", "clip_param": "@clip", "clip_coef": "@clip", "clip_ratio": "@clip",
    "clip_epsilon": "@clip", "clipping_epsilon": "@clip", "eps_clip": "@clip", "e_clip": "@clip",
    "clip_range_vf": "@value_clip", "vf_clip_param": "@value_clip", "clip_vloss": "@value_clip",
    "ent_coef": "@entropy_coefficient", "entropy_coef": "@entropy_coefficient",
    "entropy_coeff": "@entropy_coefficient", "entropy_cost": "@entropy_coefficient",
    "vf_coef": "@value_coefficient", "value_coef": "@value_coefficient",
    "value_loss_coef": "@value_coefficient", "vf_loss_coeff": "@value_coefficient",
    "critic_coef": "@value_coefficient",
    "max_grad_norm": "@max_gradient_norm", "grad_clip": "@max_gradient_norm",
    "grad_norm": "@max_gradient_norm",
    "desired_kl": "@target_kl", "kl_target": "@target_kl", "kl_threshold": "@target_kl",
    "early_stop_kl": "@stop_kl", "kl_coeff": "@penalty",
    "normalize_obs": "@normalize_observations", "norm_obs": "@normalize_observations",
    "empirical_normalization": "@normalize_observations", "normalize_input": "@normalize_observations",
    "clip_obs": "@observation_clip",
    "normalize_value": "@normalize_values", "norm_reward": "@normalize_values",
    "normalize_reward": "@normalize_values",
    "normalize_advantage": "@normalize_advantages", "norm_adv": "@normalize_advantages",
    "reward_scaling": "@reward_scale",
    "log_std_init": "@initial_std", "init_noise_std": "@initial_std", "init_std": "@initial_std",
    "net_arch": "@hidden_layers", "actor_hidden_dims": "@hidden_layers", "hidden_sizes": "@hidden_layers",
    "hidden_dims": "@hidden_layers", "fcnet_hiddens": "@hidden_layers",
    "policy_hidden_layer_sizes": "@hidden_layers",
    "critic_hidden_dims": "@value_layers", "value_hidden_layer_sizes": "@value_layers",
    "activation_fn": "@activation", "fcnet_activation": "@activation",
    "total_timesteps": "steps", "timesteps": "steps", "num_timesteps": "steps",
    "max_iterations": "steps", "max_steps": "steps", "n_timesteps": "steps",
    "num_envs": "envs", "n_envs": "envs", "num_envs_per_worker": "envs",
    "num_workers": "threads", "n_jobs": "threads", "num_threads": "threads",
    "random_seed": "seed", "eval_freq": "evaluation.interval", "n_eval_episodes": "evaluation.episodes",
    "push_interval_s": "randomization.push_interval", "friction_range": "randomization.friction",
    "added_mass_range": "randomization.mass",
  ]
}
