import Environments
import Learning
import Networks
import Robotics

/// All that a training's result depends on, beside the robot, and how many threads it uses.
///
/// `Documentation/Settings.md` has every setting with its range.
public struct TrainingSettings: Sendable, Equatable {
  /// Env steps in total, over all envs; a training rounds them up to whole iterations.
  public var steps = 1_000_000
  public var envs = 32
  /// Share of episodes that are cut short early; see `EpisodeStart.practicing`.
  public var shortEpisodes = 0.0
  /// Slices that the envs are divided into. Results depend on it, unlike on `threads`.
  public var shards = 8
  public var seed: UInt64 = 1
  public var threads = Host.processors
  /// Whether the training ends once the robot's goal is reached.
  public var untilSolved = false
  /// Seconds between two checkpoints; see `CheckpointSchedule`.
  public var checkpointSeconds = 4.0
  /// The learner's own settings, such as `PPOSettings`.
  public var learner: any LearnerSettings
  public var evaluation = EvaluationSettings()
  public var randomization = DomainRandomization()
  public var curriculum = CurriculumSettings()

  /// Names of settings that mean nothing because the training started from a trained policy.
  package var ofInitialPolicy: [String] = []

  package init(learner kind: LearnerKind = .standard) {
    learner = kind.settings
    learner.totalSteps = 0
  }

  /// The learner.
  public var kind: LearnerKind { LearnerKind.named(type(of: learner).section) ?? .standard }

  /// Every setting, in the order of a settings file.
  package var keys: [TrainingKey] { TrainingKey.all(of: kind) }

  public static func == (a: TrainingSettings, b: TrainingSettings) -> Bool {
    a.kind.name == b.kind.name && a.ofInitialPolicy == b.ofInitialPolicy
      && a.keys.allSatisfy { $0.read(a) == $0.read(b) }
  }
}

/// How often a training is evaluated, and on how many episodes.
public struct EvaluationSettings: Sendable, Equatable {
  /// Env steps between two evaluations; 0 stands for a tenth of the robot's usual steps until it is resolved.
  public var interval = 0
  /// Episodes of each evaluation on the way, whose returns decide which policy is `best`; see `BestPolicy.score(of:)`.
  public var episodes = 20
  /// Episodes of the evaluation at the end.
  public var finalEpisodes = 100
}

/// How the difficulty of a training's episodes follows its successes.
public struct CurriculumSettings: Sendable, Equatable {
  /// Difficulty at first, in 0…1; 1 stands for no curriculum.
  public var start = 1.0
  /// By how much the difficulty changes at once.
  public var step = 0.1
  /// Shares of successful episodes from which on the difficulty goes up, and below which it goes down.
  public var raiseAt = 0.8
  public var lowerAt = 0.4
}

extension TrainingSettings {
  /// The settings with which `ppo-robot train` trains a robot: the defaults, the entry's preset, and then `changes`.
  ///
  /// - Parameter changes: keyed as in a settings file, such as `["steps": 200_000, "ppo.epochs": 4]`.
  /// - Throws: `TrainingError` for a setting that does not exist, and for a value that is out of range.
  public init(for entry: Catalog.Entry, changing changes: [String: SettingValue] = [:]) throws {
    self = try Self.resolved(
      for: entry, file: nil, assignments: [],
      options: changes.sorted { $0.key < $1.key }.map { Assignment(key: $0.key, text: $0.value.text) })
  }

  /// Throws unless every setting is in its range, as one that was set in code may not be.
  package func validate() throws(TrainingError) {
    var copy = self
    for key in keys where !key.write(&copy, key.read(self)) {
      throw TrainingError("setting '\(key.name)' is \(key.read(self)); it must be \(key.kind.expectation)")
    }
  }
}

extension Catalog.Entry {
  /// The envs that a training with these settings learns from.
  ///
  /// - Throws: `TrainingError` for settings out of range; `RobotError`, `EnvError` or `PhysicsError` if the envs cannot be
  ///   made, such as domain randomization of an env without a simulated robot.
  public func makeVectorEnv(for settings: TrainingSettings) throws -> VectorEnv {
    try settings.validate()
    return try makeVectorEnv(
      count: settings.envs, shards: settings.shards, seed: settings.seed,
      start: .practicing(shortShare: settings.shortEpisodes), randomization: settings.randomization)
  }
}

extension TrainingSettings {
  /// A setting's text and where it comes from.
  package struct Assignment: Sendable, Equatable {
    package var key: String
    package var text: String
    /// What the user wrote it under, such as `--steps`; nil stands for the key itself.
    package var name: String?
    /// What an error line begins with, such as the name of a settings file.
    package var source: String?

    package init(key: String, text: String, name: String? = nil, source: String? = nil) {
      self.key = Self.presentName(of: key)
      self.text = text
      self.name = name
      self.source = source
    }

    /// The present name of a setting that earlier versions called otherwise, in files that they wrote.
    private static func presentName(of key: String) -> String {
      let former = "disturbances."
      return key.hasPrefix(former) ? "randomization." + key.dropFirst(former.count) : key
    }

    /// The setting as the user knows it.
    package var words: String { name ?? "setting '\(key)'" }
  }

  /// Layers settings: the framework's defaults, the robot's preset, what an initial policy brings along, a settings file,
  /// `--set`, options.
  ///
  /// - Parameters:
  ///   - initial: the policy that the training starts from, if there is one.
  ///   - base: settings of another run to start from.
  ///   - file: the path of a settings file, if there is one.
  ///   - assignments: `KEY=VALUE` texts.
  ///   - options: what was given by options of their own.
  package static func resolved(
    for entry: Catalog.Entry, from initial: InitialPolicy? = nil, base: [Assignment] = [], file: String?,
    assignments: [String], options: [Assignment]
  ) throws -> TrainingSettings {
    let preset = entry.settings.sorted { $0.key < $1.key }.map {
      Assignment(key: $0.key, text: $0.value.text, source: "the preset of robot '\(entry.name)'")
    }
    let userAssignments = try base + userAssignments(for: entry, file: file, assignments: assignments, options: options)
    // The learner comes first: it decides which other settings there are.
    var settings = try TrainingSettings(learner: learner(of: preset + userAssignments))
    settings.randomization = entry.randomization
    for assignment in preset where settings.has(assignment.key) { try settings.assign(assignment) }
    let declared = settings
    let brought = initial.map { settings.brought(by: $0.start.policy) } ?? []
    for assignment in brought { try settings.assign(assignment) }
    for assignment in userAssignments { try settings.assign(assignment) }
    if let initial { try settings.goOn(from: initial, otherwise: declared, userAssignments: userAssignments) }
    try settings.resolve(usualSteps: declared.steps)
    for assignment in brought {
      guard let key = TrainingKey.named(assignment.key), key.read(settings) != assignment.text else { continue }
      throw TrainingError(
        "setting '\(key.name)' is \(key.read(settings)), but the initial policy has \(assignment.text); leave it out")
    }
    return settings
  }

  /// The learner that assignments ask for, later ones first.
  private static func learner(of assignments: [Assignment]) throws -> LearnerKind {
    guard let assignment = assignments.last(where: { $0.key == "learner" }) else { return .standard }
    var settings = TrainingSettings()
    try settings.assign(assignment)
    return settings.kind
  }

  /// Whether the setting of that name means anything with this learner. What is no setting at all does, so that it is
  /// refused by name.
  private func has(_ name: String) -> Bool {
    let section = name.split(separator: ".").first.map(String.init) ?? name
    return section == kind.name || LearnerKind.named(section) == nil
  }

  /// What a policy that the training starts from has settled.
  private func brought(by policy: NetworkPolicy) -> [Assignment] {
    var other = self
    other.learner.adopt(policy)
    let names = type(of: learner).policyKeys
    return keys.filter { names.contains($0.name) }.map {
      Assignment(key: $0.name, text: $0.read(other), source: "the initial policy")
    }
  }

  /// These settings, of a run that has begun, with what the user asks for now.
  ///
  /// - Parameter folder: where the run is, for the error line.
  package func resumed(
    for entry: Catalog.Entry, in folder: String, file: String?, assignments: [String], options: [Assignment]
  ) throws -> TrainingSettings {
    var preset = TrainingSettings(learner: kind)
    if let steps = entry.settings["steps"] { try preset.assign(Assignment(key: "steps", text: steps.text)) }
    var settings = self
    for assignment in try Self.userAssignments(for: entry, file: file, assignments: assignments, options: options) {
      try settings.assign(assignment)
      try settings.resolve(usualSteps: preset.steps)
      guard !ofInitialPolicy.contains(assignment.key) else {
        throw TrainingError(
          "\(assignment.words) cannot be changed: the run in '\(folder)' started from a trained policy, which has its own; leave "
            + "it out")
      }
      guard let key = TrainingKey.named(assignment.key), key.affectsResult, key.read(settings) != key.read(self) else {
        continue
      }
      let free = keys.filter { !$0.affectsResult }.map(\.name)
      throw TrainingError(
        "\(assignment.words) is \(quoted(assignment.text)), but the run in '\(folder)' has \(key.read(self)); only "
          + "\(free.joined(separator: ", ")) may change when a run is resumed")
    }
    return settings
  }

  /// The settings of a file that a run wrote for itself.
  package static func recorded(in contents: SettingsFile.Contents, source: String) throws -> TrainingSettings {
    var settings = try TrainingSettings(learner: learner(of: contents.assignments))
    for var assignment in contents.assignments {
      assignment.source = source
      try settings.assign(assignment)
    }
    settings.findOfInitialPolicy(in: contents)
    guard settings.evaluation.interval > 0, settings.learner.totalSteps > 0 else {
      throw TrainingError(
        "\(source): evaluation.interval and \(settings.kind.name).total_steps must be above 0 there")
    }
    try settings.resolve(usualSteps: settings.steps)
    return settings
  }

  /// The user's assignments, later ones last.
  private static func userAssignments(
    for entry: Catalog.Entry, file: String?, assignments: [String], options: [Assignment]
  ) throws -> [Assignment] {
    var userAssignments: [Assignment] = []
    if let file {
      let contents = try SettingsFile.read(file)
      if let robot = contents.robot, robot != entry.name {
        throw TrainingError("'\(file)' holds settings for robot \(quoted(robot)), not '\(entry.name)'")
      }
      userAssignments = contents.assignments.map { Assignment(key: $0.key, text: $0.text, source: "'\(file)'") }
    }
    for text in assignments {
      guard let equals = text.firstIndex(of: "=") else {
        throw TrainingError("setting \(quoted(text)) has no '='; it must read KEY=VALUE, as in ppo.gamma=0.99")
      }
      userAssignments.append(Assignment(key: String(text[..<equals]), text: String(text[text.index(after: equals)...])))
    }
    return userAssignments + options
  }

  /// Samples of an iteration that memory surely has room for.
  private static let mostSamples = 1 << 24

  package mutating func assign(_ assignment: Assignment) throws {
    do {
      try set(assignment)
    } catch { throw assignment.source.map { TrainingError("\($0): \(error)") } ?? error }
  }

  private mutating func set(_ assignment: Assignment) throws(TrainingError) {
    guard has(assignment.key) else {
      throw TrainingError(
        "\(assignment.words) belongs to another learner; this training's is '\(kind.name)' (setting 'learner')")
    }
    guard let key = keys.first(where: { $0.name == assignment.key }) else {
      let name = assignment.key
      let ours =
        FieldNames.setting(for: name, of: kind) ?? NearestName.suggestion(for: name, among: keys.map(\.name))
      throw TrainingError(
        "unknown setting \(quoted(name))"
          + (ours.map { "; did you mean '\($0)'?" } ?? "; Documentation/Settings.md lists the settings"))
    }
    guard key.write(&self, assignment.text) else {
      throw TrainingError("\(assignment.words) is \(quoted(assignment.text)); it must be \(key.kind.expectation)")
    }
  }

  /// Fills in what is left to the robot, and checks settings against each other.
  ///
  /// - Parameter usualSteps: the steps of the robot's preset. `steps` does not affect how a training goes, only when
  ///   it ends, so that a longer training begins as a shorter one.
  private mutating func resolve(usualSteps: Int) throws {
    if evaluation.interval == 0 { evaluation.interval = max(1, usualSteps / 10) }
    if learner.totalSteps == 0 { learner.totalSteps = usualSteps }
    guard envs * learner.horizon <= Self.mostSamples else {
      throw TrainingError(
        "envs × \(kind.name).horizon is \(envs * learner.horizon), the samples of an iteration; at most "
          + "\(Self.mostSamples) fit")
    }
    guard curriculum.lowerAt <= curriculum.raiseAt else {
      throw TrainingError(
        "setting 'curriculum.lower_at' is \(curriculum.lowerAt); it must be at most 'curriculum.raise_at', "
          + "\(curriculum.raiseAt)")
    }
    if let conflict = learner.conflict { throw TrainingError(conflict) }
  }
}

extension SettingValue {
  /// The value as in a settings file.
  package var text: String {
    switch self {
    case .number(let value): Int(exactly: value).map(String.init) ?? String(value)
    case .text(let text): text
    case .flag(let flag): String(flag)
    }
  }
}
