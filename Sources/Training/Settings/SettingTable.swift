import Learning

extension SettingKey {
  /// Settings that belong together.
  package struct Group: Sendable {
    package let title: String
    package let keys: [SettingKey]
  }

  /// Every setting of a training by group, in the order of a settings file.
  package static let groups = [
    Group(title: "Training", keys: general),
    Group(title: "Learning: `ppo`", keys: ppo),
    Group(title: "Evaluation during the training: `evaluation`", keys: evaluation),
    Group(title: "Disturbances of the robot: `disturbances`", keys: disturbances),
    Group(title: "Curriculum: `curriculum`", keys: curriculum),
  ]

  package static let all: [SettingKey] = groups.flatMap(\.keys)

  package static func named(_ name: String) -> SettingKey? { all.first { $0.name == name } }

  /// The settings with their defaults, for `--help`.
  package static var help: String {
    all.map { "\($0.name) = \($0.defaultText): \($0.summary)" }.joined(separator: "\n")
  }

  /// The default as text.
  package var defaultText: String { machineDefault ?? read(TrainingSettings()) }

  private static let mostSteps = 1_000_000_000_000

  private static let general: [SettingKey] = [
    .whole(
      "steps", \.steps, 1...mostSteps, affectsResult: false, "env steps in total, rounded up to whole iterations"),
    .whole("envs", \.envs, 1...65_536, "envs that are simulated at the same time"),
    .number(
      "short_episodes", \.shortEpisodes, .from(0, to: 1),
      "share of episodes that are ended early, so that starts are learned from more often"),
    .whole(
      "shards", \.shards, 1...1_024, "groups that the envs are divided into; results depend on it, not on threads"),
    .seed("seed", \.seed, "seed of all random numbers"),
    .whole(
      "threads", \.threads, 1...1_024, affectsResult: false, machineDefault: "all processors",
      "threads to use; no result depends on it"),
    .flag(
      "until_solved", \.untilSolved, affectsResult: false, "whether to end early, once the robot's goal is reached"),
    .number(
      "checkpoint_seconds", \.checkpointSeconds, .from(0, to: 86_400), affectsResult: false,
      "seconds between two checkpoints, more where they would take over 5 % of the time; 0: after every iteration"),
  ]

  private static let ppo: [SettingKey] = [
    .whole("ppo.horizon", \.ppo.horizon, 1...1_000_000, "steps each env takes in an iteration"),
    .whole("ppo.minibatch", \.ppo.minibatchSize, 1...10_000_000, "samples in a minibatch"),
    .whole("ppo.epochs", \.ppo.epochs, 1...1_000, "passes of an update over the samples"),
    .number("ppo.gamma", \.ppo.discount, .from(0, to: 1), "discount factor γ of a control step"),
    .number("ppo.lambda", \.ppo.lambda, .from(0, to: 1), "λ of the generalized advantage estimate"),
    .number("ppo.clip", \.ppo.clip, .from(1e-6, to: 10), "how far the probability ratio may be from 1"),
    .number(
      "ppo.value_clip", \.ppo.valueClip, .from(0, to: 1e6), "how far a value may change in an update; 0: no limit"),
    .number("ppo.entropy_coefficient", \.ppo.entropyCoefficient, .from(0, to: 1e3), "weight of the entropy bonus"),
    .number("ppo.value_coefficient", \.ppo.valueCoefficient, .from(0, to: 1e3), "weight of the value loss"),
    .number(
      "ppo.max_gradient_norm", \.ppo.maxGradientNorm, .from(0, to: 1e9),
      "norm that gradients are clipped to; 0: no limit"),
    .number("ppo.learning_rate", \.ppo.learningRate, .from(0, to: 1), "initial learning rate of Adam"),
    .choice("ppo.schedule", \.ppo.schedule, "how the learning rate changes"),
    .whole(
      "ppo.frozen_steps", \.ppo.frozenSteps, 0...mostSteps,
      "env steps at the start in which only the value network learns; --init sets it"),
    .number(
      "ppo.target_kl", \.ppo.targetKL, .from(1e-9, to: 1e3),
      "KL divergence of an update that the adaptive schedule aims at"),
    .number(
      "ppo.final_kl", \.ppo.finalKL, .from(0, to: 1e3), "KL divergence that it aims at in the end; 0: target_kl"),
    .number(
      "ppo.min_learning_rate", \.ppo.minLearningRate, .from(0, to: 1),
      "lower bound of the learning rate, for the schedules"),
    .number("ppo.max_learning_rate", \.ppo.maxLearningRate, .from(0, to: 1), "upper bound of the adaptive schedule"),
    .number("ppo.stop_kl", \.ppo.stopKL, .from(0, to: 1e3), "KL divergence at which an update is ended; 0: no limit"),
    .flag("ppo.normalize_observations", \.ppo.normalizeObservations, "whether observations are normalized"),
    .number(
      "ppo.observation_clip", \.ppo.observationClip, .from(1e-3, to: 1e6),
      "bound that normalized observations are clipped to"),
    .flag("ppo.normalize_values", \.ppo.normalizeValues, "whether returns are normalized for the value network"),
    .flag("ppo.normalize_advantages", \.ppo.normalizeAdvantages, "whether advantages are normalized in a minibatch"),
    .flag("ppo.mirror_samples", \.ppo.mirrorSamples, "whether each sample is also learned from mirrored"),
    .number("ppo.reward_scale", \.ppo.rewardScale, .from(1e-9, to: 1e9), "factor of the rewards in learning"),
    .number("ppo.initial_std", \.ppo.initialStd, .above(0, upTo: 100), "initial standard deviation of the actions"),
    .number("ppo.min_std", \.ppo.minStd, .from(1e-6, to: 10), "lower bound of the standard deviation of the actions"),
    .list("ppo.hidden_layers", \.ppo.hiddenLayers, of: widths, upTo: 16, "widths of the policy's hidden layers"),
    .list("ppo.value_layers", \.ppo.valueLayers, of: widths, upTo: 16, "widths of the value network's hidden layers"),
    .choice("ppo.activation", \.ppo.activation, "activation function of the hidden layers"),
    .number("ppo.output_gain", \.ppo.outputGain, .from(0, to: 100), "scale of the policy's initial output weights"),
    .whole(
      "ppo.gradient_shards", \.ppo.gradientShards, 1...1_024,
      "parts that a minibatch is divided into; results depend on it, as on shards"),
    .whole(
      "ppo.total_steps", \.ppo.totalSteps, 0...mostSteps,
      "env steps over which schedules run; 0: the steps of the robot's preset"),
  ]

  private static let widths = 1...MLP.widest

  private static let disturbances: [SettingKey] = [
    .range(
      "disturbances.push", \.disturbances.push, within: 0...100, neutral: 0,
      "change of velocity by a push, m/s; as all disturbances, drawn anew for each episode of the training"),
    .number(
      "disturbances.push_interval", \.disturbances.pushInterval, .above(0, upTo: 1e6), "seconds between two pushes"),
    .range(
      "disturbances.friction", \.disturbances.friction, within: 0...1e3, neutral: 1,
      "factor of the ground's friction"),
    .range(
      "disturbances.mass", \.disturbances.mass, within: 0.01...100, neutral: 1, "factor of all masses"),
    .range(
      "disturbances.strength", \.disturbances.strength, within: 0.01...100, neutral: 1,
      "factor of the motors' gains and limits"),
    .range(
      "disturbances.latency", \.disturbances.latency, within: 0...10, neutral: 0,
      "seconds from an action to its effect"),
    .range(
      "disturbances.noise", \.disturbances.noise, within: 0...1e6, neutral: 0,
      "factor of the sensor noise that the task declares"),
    .range(
      "disturbances.contact_stiffness", \.disturbances.contactStiffness, within: 1e-3...1e3, neutral: 1,
      "factor of stiffness and damping of contacts"),
    .range(
      "disturbances.joint_damping", \.disturbances.jointDamping, within: 1e-3...1e3, neutral: 1,
      "factor of the damping of joints and position drives"),
  ]

  private static let curriculum: [SettingKey] = [
    .number(
      "curriculum.start", \.curriculum.start, .from(0, to: 1),
      "difficulty of the first episodes, which rises with success; 1: no curriculum"),
    .number("curriculum.step", \.curriculum.step, .above(0, upTo: 1), "by how much the difficulty changes at once"),
    .number(
      "curriculum.raise_at", \.curriculum.raiseAt, .from(0, to: 1),
      "share of successful episodes at or above which the difficulty rises"),
    .number(
      "curriculum.lower_at", \.curriculum.lowerAt, .from(0, to: 1),
      "share of successful episodes below which the difficulty falls"),
  ]

  private static let evaluation: [SettingKey] = [
    .whole(
      "evaluation.interval", \.evaluation.interval, 0...mostSteps,
      "env steps between two evaluations; 0: a tenth of the steps of the robot's preset"),
    .whole("evaluation.episodes", \.evaluation.episodes, 1...100_000, "episodes of an evaluation during the training"),
    .whole(
      "evaluation.final_episodes", \.evaluation.finalEpisodes, 1...100_000, affectsResult: false,
      "episodes of the evaluation at the end"),
  ]
}
