import Environments
import Networks
import Storage

/// A fault on file, with what it takes to see it again.
///
/// The file holds `actions` (steps × components), `observation` (what the env showed before the first of them) and, unless
/// the episode begins with them, `snapshot`: the env's state, as the env saves it. The text holds robot, env and reason.
public struct CrashFile: Sendable, Equatable {
  /// The robot's (or the catalog entry's) name.
  public var robot: String
  /// The env that failed.
  public var spec: EnvSpec
  /// Index of the env in its training.
  public var env: Int
  /// Env steps that the training had taken after the faulted step.
  public var step: Int
  /// Why, in words on one line.
  public var reason: String
  /// The training's settings, as the contents of a settings file: they hold the domain randomization.
  public var settings: String
  public var tail: EpisodeTail

  public init(
    robot: String, spec: EnvSpec, env: Int, step: Int, reason: String, settings: String = "", tail: EpisodeTail
  ) {
    self.robot = robot
    self.spec = spec
    self.env = env
    self.step = step
    self.reason = reason
    self.settings = settings
    self.tail = tail
  }

  private static let format = "ppo-robot-crash"

  /// The file; actions and observations go in as they are, not-a-number included.
  public var file: TensorFile {
    var file = TensorFile()
    file.metadata["format"] = Self.format
    file.metadata["version"] = "\(NetworkPolicy.fileVersion)"
    file.metadata["robot"] = robot
    file.metadata["spec"] = spec.json.line
    file.metadata["reason"] = reason
    file.metadata["settings"] = settings
    file.metadata["episode_seed"] = "\(tail.seed)"
    file.set("difficulty", .float64([tail.difficulty]))
    file.set("place", .int64([env, step, tail.stepsBefore].map { Int64($0) }))
    file.set("actions", .float32(tail.actions), shape: [tail.actions.count / spec.actionCount, spec.actionCount])
    file.set("observation", .float32(tail.observation))
    if let snapshot = tail.snapshot { file.set("snapshot", .uint8(snapshot)) }
    return file
  }

  /// - Throws: `LearningError` if `file` is not of a fault, or of another version.
  public init(from file: TensorFile) throws {
    guard file.metadata["format"] == Self.format else { throw LearningError("it is no crash file") }
    let version = try file.text("version")
    guard version == "\(NetworkPolicy.fileVersion)" else {
      throw LearningError("it is of version \(version); this program reads version \(NetworkPolicy.fileVersion)")
    }
    robot = try file.text("robot")
    reason = try file.text("reason")
    settings = try file.text("settings")
    spec = try EnvSpec(try JSON(Array(try file.text("spec").utf8)[...]))
    let place = try file.integers("place", shape: [3]).map { Int($0) }
    guard place.allSatisfy({ (0...1 << 53).contains($0) }), let seed = UInt64(try file.text("episode_seed")) else {
      throw LearningError("its counters or its seed are out of range")
    }
    (env, step) = (place[0], place[1])
    let steps = file.tensors["actions"]?.shape.first ?? 0
    let difficulty = try file.doubles("difficulty", shape: [1])[0]
    guard (0...1).contains(difficulty) else {
      throw LearningError("its difficulty is \(difficulty); 0 to 1 is possible")
    }
    tail = EpisodeTail(
      seed: seed, difficulty: difficulty,
      snapshot: file.tensors["snapshot"] == nil ? nil : try file.bytes("snapshot"), stepsBefore: place[2],
      observation: try file.floats("observation", shape: [spec.observationCount]),
      actions: try file.floats("actions", shape: [steps, spec.actionCount]))
    guard steps > 0 else { throw LearningError("it holds no actions") }
    guard steps <= spec.episodeSteps, place[2] <= spec.episodeSteps - steps else {
      throw LearningError(
        "it holds \(steps) actions after \(place[2]) steps of an episode, which has \(spec.episodeSteps)")
    }
  }
}
