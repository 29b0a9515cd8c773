import Learning
import Robotics

/// All that a training's result depends on, beside the robot, and how many threads it uses.
package struct TrainingSettings: Sendable, Equatable {
  /// Env steps in total, over all envs; a training rounds them up to whole iterations.
  package var steps = 1_000_000
  package var envs = 32
  /// Share of episodes that are cut short early; see `EpisodeStart.practising`.
  package var shortEpisodes = 0.0
  /// Slices the envs stand in. Results depend on it, unlike on `threads`.
  package var shards = 8
  package var seed: UInt64 = 1
  package var threads = Host.processors
  package var ppo = PPOSettings()
  package var evaluation = EvaluationSettings()

  package init() { ppo.totalSteps = 0 }
}

/// How often a training is held to the test, and on how much.
package struct EvaluationSettings: Sendable, Equatable {
  /// Env steps between two evaluations; 0 stands for a tenth of all steps until it is resolved.
  package var interval = 0
  /// Episodes of each evaluation on the way; the best mean return decides which policy is `best`.
  package var episodes = 20
  /// Episodes of the evaluation at the end.
  package var finalEpisodes = 100
}

extension TrainingSettings {
  /// Where a setting's text comes from, for the error line.
  package struct Assignment: Sendable, Equatable {
    package var key: String
    package var text: String
    /// What the user wrote it under, such as `--steps`; nil stands for the key itself.
    package var name: String?

    package init(key: String, text: String, name: String? = nil) {
      self.key = key
      self.text = text
      self.name = name
    }
  }

  /// Layers settings: the framework's defaults, the robot's preset, a settings file, `--set`, options.
  ///
  /// - Parameters:
  ///   - file: the path of a settings file, if there is one.
  ///   - assignments: `KEY=VALUE` texts.
  ///   - options: what was given by options of their own.
  package static func resolved(
    for entry: Catalog.Entry, file: String?, assignments: [String], options: [Assignment]
  ) throws -> TrainingSettings {
    var settings = TrainingSettings()
    for (key, value) in entry.settings.sorted(by: { $0.key < $1.key }) {
      do {
        try settings.assign(Assignment(key: key, text: value.text))
      } catch { throw CommandError("the preset of robot '\(entry.name)': \(error)") }
    }
    if let file {
      let contents = try SettingsFile.read(file)
      if let robot = contents.robot, robot != entry.name {
        throw CommandError("'\(file)' holds settings for robot \(quoted(robot)), not '\(entry.name)'")
      }
      for assignment in contents.assignments {
        do {
          try settings.assign(assignment)
        } catch { throw CommandError("'\(file)': \(error)") }
      }
    }
    for text in assignments {
      guard let equals = text.firstIndex(of: "=") else {
        throw CommandError("--set \(quoted(text)) has no '='; it must read KEY=VALUE, as in --set ppo.gamma=0.99")
      }
      try settings.assign(Assignment(key: String(text[..<equals]), text: String(text[text.index(after: equals)...])))
    }
    for option in options { try settings.assign(option) }
    try settings.resolve()
    return settings
  }

  /// Samples of an iteration that memory surely has room for.
  private static let mostSamples = 1 << 24

  package mutating func assign(_ assignment: Assignment) throws {
    guard let key = SettingKey.all.first(where: { $0.name == assignment.key }) else {
      throw CommandError(
        "unknown setting \(quoted(assignment.key))"
          + (NearestName.suggestion(for: assignment.key, among: SettingKey.all.map(\.name))
            .map { "; did you mean '\($0)'?" }
            ?? "; 'ppo-robot train --help' lists the settings"))
    }
    guard key.write(&self, assignment.text) else {
      let name = assignment.name ?? "setting '\(key.name)'"
      throw CommandError("\(name) is \(quoted(assignment.text)); it must be \(key.kind.expectation)")
    }
  }

  /// Fills in what depends on other settings, and checks them against each other.
  private mutating func resolve() throws {
    if evaluation.interval == 0 { evaluation.interval = max(1, steps / 10) }
    if ppo.totalSteps == 0 { ppo.totalSteps = steps }
    guard envs * ppo.horizon <= Self.mostSamples else {
      throw CommandError(
        "envs × ppo.horizon is \(envs * ppo.horizon), the samples of an iteration; at most \(Self.mostSamples) fit")
    }
    guard ppo.minLearningRate <= ppo.maxLearningRate else {
      throw CommandError(
        "setting 'ppo.max_learning_rate' is \(ppo.maxLearningRate); it must be at least 'ppo.min_learning_rate', "
          + "\(ppo.minLearningRate)")
    }
    guard ppo.schedule != .adaptive || (ppo.minLearningRate...ppo.maxLearningRate).contains(ppo.learningRate) else {
      throw CommandError(
        "setting 'ppo.learning_rate' is \(ppo.learningRate); with the adaptive schedule it must be from "
          + "\(ppo.minLearningRate) to \(ppo.maxLearningRate), its two bounds")
    }
    guard ppo.initialStd > ppo.minStd else {
      throw CommandError(
        "setting 'ppo.initial_std' is \(ppo.initialStd); it must be above 'ppo.min_std', \(ppo.minStd)")
    }
  }
}

extension SettingValue {
  /// The value as it would stand in a settings file.
  package var text: String {
    switch self {
    case .number(let value): Int(exactly: value).map(String.init) ?? String(value)
    case .text(let text): text
    case .flag(let flag): String(flag)
    }
  }
}

/// Text from outside between quotes, on one line and of bearable length.
package func quoted(_ text: String) -> String {
  let limit = 80
  let clean = String(
    String.UnicodeScalarView(
      text.unicodeScalars.prefix(limit).map { scalar in
        scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
      }))
  return "'\(clean)\(text.unicodeScalars.count > limit ? "…" : "")'"
}
