import Environments
import Learning
import Networks
import Storage

extension Training {
  /// Bytes a checkpoint may have.
  private static let limit = 1 << 34

  /// Writes the whole state, with how long `log`'s files are by now.
  mutating func save(_ log: RunLog, in folder: RunDirectory) throws {
    let watch = Stopwatch()
    state.lengths = try log.synchronizedLengths()
    try checkpoint().write(to: folder.last)
    state.clock.checkpoints += watch.seconds
    schedule.saved(after: state.clock.work, taking: watch.seconds)
  }

  /// The whole state: a policy file with all in it that the training's future depends on.
  package borrowing func checkpoint() throws -> TensorFile {
    var file = try learner.trainingFile(envs: envs, robot: entry.name)
    file.metadata["settings"] = SettingsFile.essentials(of: settings, robot: entry.name)
    file.metadata[PolicyFile.fingerprintKey] = fingerprint.text
    file.metadata["steps"] = "\(learner.steps)"
    state.save(to: &file)
    curriculum.save(to: &file)
    doctor.save(to: &file)
    return file
  }

  /// Takes up the state of the last checkpoint in `folder`; without one the training stays at its beginning.
  package mutating func restore(from folder: RunDirectory) throws {
    guard let file = try Self.checkpoint(in: folder) else { return }
    do { try restore(from: file) } catch { throw Self.refusal(of: folder, because: error) }
  }

  /// Sees that the last checkpoint in `folder`, if there is one, is of the training that `plan` describes, before anything
  /// is made that is as large as the settings say.
  static func check(_ folder: RunDirectory, for plan: TrainingPlan) throws {
    guard let file = try checkpoint(in: folder) else { return }
    do {
      try check(file, for: plan)
      try plan.settings.kind.check(
        file, spec: plan.entry.spec(), settings: plan.settings.learner, start: plan.initial)
    } catch { throw refusal(of: folder, because: error) }
  }

  private static func checkpoint(in folder: RunDirectory) throws -> TensorFile? {
    guard Files.kind(at: folder.last) != .nothing else { return nil }
    let bytes = try Files.read(folder.last, limit: limit)
    do { return try TensorFile(decoding: bytes) } catch { throw refusal(of: folder, because: error) }
  }

  private static func refusal(of folder: RunDirectory, because error: any Error) -> TrainingError {
    TrainingError(
      "'\(folder.last)' cannot be resumed: \(error); start a new run, from '\(folder.path)' to keep its best policy"
    )
  }

  /// Takes up the state in `file`, which must be of a training with the same robot and settings.
  ///
  /// - Throws: if it is not; the training is then of no further use.
  package mutating func restore(from file: TensorFile) throws {
    try Self.check(file, for: plan)
    if let theirs = try PolicyFile.fingerprint(of: file),
      let difference = fingerprint.difference(from: theirs, resumes: true)
    {
      throw LearningError("robot or task have changed since: \(difference)")
    }
    state = try RunState(from: file)
    // Where the goal no longer ends it, the training goes on as if it had never been reached.
    if !settings.untilSolved { state.isSolved = false }
    try curriculum.restore(from: file)
    try doctor.restore(from: file)
    try learner.restore(envs: envs, from: file)
    schedule = CheckpointSchedule(interval: settings.checkpointSeconds, start: state.clock.work)
  }

  /// Sees that `file` is of the same robot and settings.
  private static func check(_ file: TensorFile, for plan: TrainingPlan) throws {
    let robot = try file.text("robot")
    guard robot == plan.entry.name else { throw LearningError("it is for robot \(quoted(robot))") }
    let contents = try SettingsFile.parse(Array(file.text("settings").utf8))
    let theirs = try TrainingSettings.recorded(in: contents, source: "its settings")
    guard theirs.kind.name == plan.settings.kind.name else {
      throw LearningError("its learner is '\(theirs.kind.name)', but config.yaml says '\(plan.settings.kind.name)'")
    }
    for key in theirs.keys where key.affectsResult && key.read(theirs) != key.read(plan.settings) {
      throw LearningError(
        "it was made with \(key.name) \(key.read(theirs)), but config.yaml says \(key.read(plan.settings))")
    }
  }
}
