import Learning
import Networks

/// A setting of a training.
package typealias TrainingKey = SettingKey<TrainingSettings>

extension SettingKey<TrainingSettings> {
  /// Settings that belong together.
  package struct Group: Sendable {
    package let title: String
    package let keys: [TrainingKey]
  }

  /// The settings of a training with the learner `kind` by group, in the order of a settings file.
  package static func groups(of kind: LearnerKind) -> [Group] {
    [Group(title: "Training", keys: general), group(of: kind)] + further
  }

  /// The settings of trainings with any learner, by group.
  package static let groups = [Group(title: "Training", keys: general)] + LearnerKind.all.map(group) + further

  private static func group(of kind: LearnerKind) -> Group {
    Group(
      title: "Learning: `\(kind.name)`",
      keys: kind.keys.map { key in key.lifted({ $0.learner }, { $0.learner = $1 }) })
  }

  private static let further = [
    Group(title: "Evaluation during the training: `evaluation`", keys: evaluation),
    Group(title: "Domain randomization: `randomization`", keys: randomization),
    Group(title: "Curriculum: `curriculum`", keys: curriculum),
  ]

  private static let tables = Dictionary(
    uniqueKeysWithValues: LearnerKind.all.map { ($0.name, groups(of: $0).flatMap(\.keys)) })

  /// The settings of a training with the learner `kind`, in the order of a settings file.
  package static func all(of kind: LearnerKind) -> [TrainingKey] { tables[kind.name] ?? [] }

  /// Of whatever learner.
  package static func named(_ name: String) -> TrainingKey? {
    groups.lazy.flatMap(\.keys).first { $0.name == name }
  }

  /// The settings with their defaults, for `--help`.
  package static func help(for kind: LearnerKind) -> String {
    all(of: kind).map { "\($0.name) = \($0.defaultText(of: kind)): \($0.summary)" }.joined(separator: "\n")
  }

  /// The default as text, in a training with the learner `kind`.
  package func defaultText(of kind: LearnerKind) -> String { machineDefault ?? read(TrainingSettings(learner: kind)) }

  private static let mostSteps = 1_000_000_000_000

  private static let general: [TrainingKey] = [
    TrainingKey(
      name: "learner", summary: "algorithm that improves the policy", kind: .choice(LearnerKind.all.map(\.name)),
      read: { $0.kind.name },
      write: { settings, text in
        guard let kind = LearnerKind.named(text) else { return false }
        if kind.name != settings.kind.name { settings.learner = TrainingSettings(learner: kind).learner }
        return true
      }),
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

  private static let randomization: [TrainingKey] = [
    .range(
      "randomization.push", \.randomization.push, within: 0...100, neutral: 0,
      "change of velocity by a push, m/s; like all randomization, drawn for each episode of the training"),
    .number(
      "randomization.push_interval", \.randomization.pushInterval, .above(0, upTo: 1e6), "seconds between two pushes"),
    .range(
      "randomization.friction", \.randomization.friction, within: 0...1e3, neutral: 1,
      "factor of the ground's friction"),
    .range(
      "randomization.mass", \.randomization.mass, within: 0.01...100, neutral: 1, "factor of all masses"),
    .range(
      "randomization.strength", \.randomization.strength, within: 0.01...100, neutral: 1,
      "factor of the motors' gains and limits"),
    .range(
      "randomization.latency", \.randomization.latency, within: 0...10, neutral: 0,
      "seconds from an action to its effect"),
    .range(
      "randomization.noise", \.randomization.noise, within: 0...1e6, neutral: 0,
      "factor of the sensor noise that the task declares"),
    .range(
      "randomization.contact_stiffness", \.randomization.contactStiffness, within: 1e-3...1e3, neutral: 1,
      "factor of stiffness and damping of contacts"),
    .range(
      "randomization.joint_damping", \.randomization.jointDamping, within: 1e-3...1e3, neutral: 1,
      "factor of the damping of joints and position drives"),
  ]

  private static let curriculum: [TrainingKey] = [
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

  private static let evaluation: [TrainingKey] = [
    .whole(
      "evaluation.interval", \.evaluation.interval, 0...mostSteps,
      "env steps between two evaluations; 0: a tenth of the steps of the robot's preset"),
    .whole("evaluation.episodes", \.evaluation.episodes, 1...100_000, "episodes of an evaluation during the training"),
    .whole(
      "evaluation.final_episodes", \.evaluation.finalEpisodes, 1...100_000, affectsResult: false,
      "episodes of the evaluation at the end"),
  ]
}
