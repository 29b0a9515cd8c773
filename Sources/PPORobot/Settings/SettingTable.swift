import Learning

extension SettingKey {
  /// Every setting of a training, in the order of a settings file.
  package static let all: [SettingKey] = general + ppo + evaluation + disturbances + curriculum

  package static func named(_ name: String) -> SettingKey? { all.first { $0.name == name } }

  /// The settings with their defaults, for `--help`.
  package static var help: String {
    let defaults = TrainingSettings()
    return all.map { "\($0.name) = \($0.read(defaults)): \($0.summary)" }.joined(separator: "\n")
  }

  private static let mostSteps = 1_000_000_000_000

  private static let general: [SettingKey] = [
    .whole(
      "steps", \.steps, 1...mostSteps, affectsResult: false, "env steps in total, rounded up to whole iterations"),
    .whole("envs", \.envs, 1...65_536, "envs that are stepped side by side"),
    .number(
      "short_episodes", \.shortEpisodes, .from(0, to: 1), "share of episodes cut short, so that starts are practised"),
    .whole("shards", \.shards, 1...1_024, "slices the envs stand in; results depend on it, not on the threads"),
    .seed("seed", \.seed, "source of all that is random"),
    .whole("threads", \.threads, 1...1_024, affectsResult: false, "threads to work with; no result depends on it"),
    .flag(
      "until_solved", \.untilSolved, affectsResult: false, "whether to end early, once the robot's goal is reached"),
    .number(
      "checkpoint_seconds", \.checkpointSeconds, .from(0, to: 86_400), affectsResult: false,
      "seconds between two checkpoints, more where they would take 5 % of the time; 0: after every iteration"),
  ]

  private static let ppo: [SettingKey] = [
    .whole("ppo.horizon", \.ppo.horizon, 1...1_000_000, "steps each env takes in an iteration"),
    .whole("ppo.minibatch", \.ppo.minibatchSize, 1...10_000_000, "samples in a minibatch"),
    .whole("ppo.epochs", \.ppo.epochs, 1...1_000, "how often an update goes through the samples"),
    .number("ppo.gamma", \.ppo.discount, .from(0, to: 1), "γ, the weight of a reward one step later"),
    .number("ppo.lambda", \.ppo.lambda, .from(0, to: 1), "λ of the generalised advantage estimate"),
    .number("ppo.clip", \.ppo.clip, .from(1e-6, to: 10), "how far the probability ratio may leave 1"),
    .number("ppo.value_clip", \.ppo.valueClip, .from(0, to: 1e6), "how far a value may move in an update; 0: no limit"),
    .number("ppo.entropy_coefficient", \.ppo.entropyCoefficient, .from(0, to: 1e3), "weight of the entropy bonus"),
    .number("ppo.value_coefficient", \.ppo.valueCoefficient, .from(0, to: 1e3), "weight of the value loss"),
    .number(
      "ppo.max_gradient_norm", \.ppo.maxGradientNorm, .from(0, to: 1e9), "norm to which gradients are cut; 0: no limit"),
    .number("ppo.learning_rate", \.ppo.learningRate, .from(0, to: 1), "Adam's learning rate at first"),
    .choice("ppo.schedule", \.ppo.schedule, "how the learning rate moves"),
    .whole(
      "ppo.frozen_steps", \.ppo.frozenSteps, 0...mostSteps,
      "env steps at first in which only the value network learns; --init sets it"),
    .number("ppo.target_kl", \.ppo.targetKL, .from(1e-9, to: 1e3), "divergence the adaptive schedule aims at"),
    .number(
      "ppo.final_kl", \.ppo.finalKL, .from(0, to: 1e3), "divergence it aims at when all steps are done; 0: target_kl"),
    .number("ppo.min_learning_rate", \.ppo.minLearningRate, .from(0, to: 1), "bound of the schedules"),
    .number("ppo.max_learning_rate", \.ppo.maxLearningRate, .from(0, to: 1), "bound of the adaptive schedule"),
    .number("ppo.stop_kl", \.ppo.stopKL, .from(0, to: 1e3), "divergence that ends an update; 0: no limit"),
    .flag("ppo.normalize_observations", \.ppo.normalizeObservations, "whether observations are normalised"),
    .number(
      "ppo.observation_clip", \.ppo.observationClip, .from(1e-3, to: 1e6), "where normalised observations are cut off"),
    .flag("ppo.normalize_values", \.ppo.normalizeValues, "whether returns are normalised for the value network"),
    .flag("ppo.normalize_advantages", \.ppo.normalizeAdvantages, "whether advantages are normalised in a minibatch"),
    .flag("ppo.mirror_samples", \.ppo.mirrorSamples, "whether samples are learned from a second time, mirrored"),
    .number("ppo.reward_scale", \.ppo.rewardScale, .from(1e-9, to: 1e9), "what rewards are multiplied by for learning"),
    .number("ppo.initial_std", \.ppo.initialStd, .above(0, upTo: 100), "the policy's first standard deviation"),
    .number("ppo.min_std", \.ppo.minStd, .from(1e-6, to: 10), "standard deviation it cannot fall below"),
    .list("ppo.hidden_layers", \.ppo.hiddenLayers, of: widths, upTo: 16, "widths of the policy's hidden layers"),
    .list("ppo.value_layers", \.ppo.valueLayers, of: widths, upTo: 16, "widths of the value network's hidden layers"),
    .choice("ppo.activation", \.ppo.activation, "what the hidden layers' sums go through"),
    .number("ppo.output_gain", \.ppo.outputGain, .from(0, to: 100), "scale of the policy's first output weights"),
    .whole(
      "ppo.gradient_shards", \.ppo.gradientShards, 1...1_024,
      "slices of a minibatch; results depend on it, as on shards"),
    .whole(
      "ppo.total_steps", \.ppo.totalSteps, 0...mostSteps,
      "env steps over which schedules run; 0: the robot's usual steps"),
  ]

  private static let widths = 1...MLP.widest

  private static let disturbances: [SettingKey] = [
    .range(
      "disturbances.push", \.disturbances.push, within: 0...100, neutral: 0,
      "change of speed in a push, m/s; as all disturbances, drawn anew for each episode of the training"),
    .number(
      "disturbances.push_interval", \.disturbances.pushInterval, .above(0, upTo: 1e6), "seconds between two pushes"),
    .range(
      "disturbances.friction", \.disturbances.friction, within: 0...1e3, neutral: 1,
      "what the ground's friction is multiplied by"),
    .range(
      "disturbances.mass", \.disturbances.mass, within: 0.01...100, neutral: 1, "what all masses are multiplied by"),
    .range(
      "disturbances.strength", \.disturbances.strength, within: 0.01...100, neutral: 1,
      "what the motors' strength is multiplied by"),
    .range(
      "disturbances.latency", \.disturbances.latency, within: 0...10, neutral: 0,
      "seconds from an action to its effect"),
    .range(
      "disturbances.noise", \.disturbances.noise, within: 0...1e6, neutral: 0,
      "what the noise of the sensors, as the task declares it, is multiplied by"),
    .range(
      "disturbances.contact_stiffness", \.disturbances.contactStiffness, within: 1e-3...1e3, neutral: 1,
      "what stiffness and damping of contacts are multiplied by"),
    .range(
      "disturbances.joint_damping", \.disturbances.jointDamping, within: 1e-3...1e3, neutral: 1,
      "what the damping of joints and position drives is multiplied by"),
  ]

  private static let curriculum: [SettingKey] = [
    .number(
      "curriculum.start", \.curriculum.start, .from(0, to: 1),
      "difficulty of the first episodes, which goes up with success; 1: no curriculum"),
    .number("curriculum.step", \.curriculum.step, .above(0, upTo: 1), "by how much the difficulty changes at once"),
    .number(
      "curriculum.raise_at", \.curriculum.raiseAt, .from(0, to: 1),
      "share of successful episodes from which on the difficulty goes up"),
    .number(
      "curriculum.lower_at", \.curriculum.lowerAt, .from(0, to: 1),
      "share of successful episodes below which the difficulty goes down"),
  ]

  private static let evaluation: [SettingKey] = [
    .whole(
      "evaluation.interval", \.evaluation.interval, 0...mostSteps,
      "env steps between two evaluations; 0: a tenth of the robot's usual steps"),
    .whole("evaluation.episodes", \.evaluation.episodes, 1...100_000, "episodes of an evaluation on the way"),
    .whole(
      "evaluation.final_episodes", \.evaluation.finalEpisodes, 1...100_000, affectsResult: false,
      "episodes of the evaluation at the end"),
  ]
}
