extension SettingKey {
  /// Every setting of a training, in the order of a settings file.
  static let all: [SettingKey] = general + ppo + evaluation

  private static let general: [SettingKey] = [
    .whole("steps", \.steps, 1...1_000_000_000_000, "env steps in total, rounded up to whole iterations"),
    .whole("envs", \.envs, 1...65_536, "envs that are stepped side by side"),
    .whole("shards", \.shards, 1...1_024, "slices the envs stand in; results depend on it, not on the threads"),
    .seed("seed", \.seed, "source of all that is random"),
    .whole("threads", \.threads, 1...1_024, "threads to work with; no result depends on it"),
  ]

  private static let evaluation: [SettingKey] = [
    .whole(
      "evaluation.interval", \.evaluation.interval, 0...1_000_000_000_000,
      "env steps between two evaluations; 0: a tenth of all"),
    .whole("evaluation.episodes", \.evaluation.episodes, 1...100_000, "episodes of an evaluation on the way"),
    .whole("evaluation.finalEpisodes", \.evaluation.finalEpisodes, 1...100_000, "episodes of the evaluation at the end"),
  ]
}
