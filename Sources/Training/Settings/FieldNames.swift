/// What other libraries of the field call our settings: Stable-Baselines3, CleanRL, rsl_rl, RLlib and Brax.
package enum FieldNames {
  /// The setting that a name of the field, with or without a section before it, stands for; nil if there is none.
  package static func setting(for name: String) -> String? {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    let plain = last.lowercased().replacing("-", with: "_")
    // Our own name without its section, or under another one.
    let own = SettingKey.all.map(\.name).filter { $0 == plain || $0.hasSuffix(".\(plain)") }
    return own.count == 1 ? own[0] : settings[plain]
  }

  package static let settings: [String: String] = [
    "lr": "ppo.learning_rate", "learning_rates": "ppo.learning_rate", "step_size": "ppo.learning_rate",
    "lr_schedule": "ppo.schedule", "anneal_lr": "ppo.schedule",
    "n_steps": "ppo.horizon", "num_steps": "ppo.horizon", "num_steps_per_env": "ppo.horizon",
    "rollout_length": "ppo.horizon", "rollout_steps": "ppo.horizon", "unroll_length": "ppo.horizon",
    "horizon_length": "ppo.horizon", "rollout_fragment_length": "ppo.horizon",
    "batch_size": "ppo.minibatch", "minibatch_size": "ppo.minibatch", "sgd_minibatch_size": "ppo.minibatch",
    "num_minibatches": "ppo.minibatch", "num_mini_batches": "ppo.minibatch", "mini_batch_size": "ppo.minibatch",
    "n_epochs": "ppo.epochs", "num_epochs": "ppo.epochs", "update_epochs": "ppo.epochs", "k_epochs": "ppo.epochs",
    "num_learning_epochs": "ppo.epochs", "num_sgd_iter": "ppo.epochs", "num_updates_per_batch": "ppo.epochs",
    "discount": "ppo.gamma", "discounting": "ppo.gamma", "discount_factor": "ppo.gamma",
    "gae_lambda": "ppo.lambda", "lam": "ppo.lambda", "lambda_": "ppo.lambda", "gae_tau": "ppo.lambda",
    "clip_range": "ppo.clip", "clip_param": "ppo.clip", "clip_coef": "ppo.clip", "clip_ratio": "ppo.clip",
    "clip_epsilon": "ppo.clip", "clipping_epsilon": "ppo.clip", "eps_clip": "ppo.clip", "e_clip": "ppo.clip",
    "clip_range_vf": "ppo.value_clip", "vf_clip_param": "ppo.value_clip", "clip_vloss": "ppo.value_clip",
    "ent_coef": "ppo.entropy_coefficient", "entropy_coef": "ppo.entropy_coefficient",
    "entropy_coeff": "ppo.entropy_coefficient", "entropy_cost": "ppo.entropy_coefficient",
    "vf_coef": "ppo.value_coefficient", "value_coef": "ppo.value_coefficient",
    "value_loss_coef": "ppo.value_coefficient", "vf_loss_coeff": "ppo.value_coefficient",
    "critic_coef": "ppo.value_coefficient",
    "max_grad_norm": "ppo.max_gradient_norm", "grad_clip": "ppo.max_gradient_norm",
    "grad_norm": "ppo.max_gradient_norm",
    "desired_kl": "ppo.target_kl", "kl_target": "ppo.target_kl", "kl_threshold": "ppo.target_kl",
    "early_stop_kl": "ppo.stop_kl",
    "normalize_obs": "ppo.normalize_observations", "norm_obs": "ppo.normalize_observations",
    "empirical_normalization": "ppo.normalize_observations", "normalize_input": "ppo.normalize_observations",
    "clip_obs": "ppo.observation_clip",
    "normalize_value": "ppo.normalize_values", "norm_reward": "ppo.normalize_values",
    "normalize_reward": "ppo.normalize_values",
    "normalize_advantage": "ppo.normalize_advantages", "norm_adv": "ppo.normalize_advantages",
    "reward_scaling": "ppo.reward_scale",
    "log_std_init": "ppo.initial_std", "init_noise_std": "ppo.initial_std", "init_std": "ppo.initial_std",
    "net_arch": "ppo.hidden_layers", "actor_hidden_dims": "ppo.hidden_layers", "hidden_sizes": "ppo.hidden_layers",
    "hidden_dims": "ppo.hidden_layers", "fcnet_hiddens": "ppo.hidden_layers",
    "policy_hidden_layer_sizes": "ppo.hidden_layers",
    "critic_hidden_dims": "ppo.value_layers", "value_hidden_layer_sizes": "ppo.value_layers",
    "activation_fn": "ppo.activation", "fcnet_activation": "ppo.activation",
    "total_timesteps": "steps", "timesteps": "steps", "num_timesteps": "steps",
    "max_iterations": "steps", "max_steps": "steps", "n_timesteps": "steps",
    "num_envs": "envs", "n_envs": "envs", "num_envs_per_worker": "envs",
    "num_workers": "threads", "n_jobs": "threads", "num_threads": "threads",
    "random_seed": "seed", "eval_freq": "evaluation.interval", "n_eval_episodes": "evaluation.episodes",
    "push_interval_s": "disturbances.push_interval", "friction_range": "disturbances.friction",
    "added_mass_range": "disturbances.mass",
  ]
}
