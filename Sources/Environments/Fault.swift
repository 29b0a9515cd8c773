/// A step in which an env failed, with what it takes to repeat it.
public struct FaultReport: Sendable, Equatable {
  /// Index of the env.
  public var env: Int
  /// Control steps of the rollout before the faulted one.
  public var step: Int
  /// Why, in words on one line.
  public var reason: String
  /// The episode up to and with the faulted step, as far back as the rollout goes.
  public var tail: EpisodeTail
}

/// The actions that an env was given from some point of an episode on.
public struct EpisodeTail: Sendable, Equatable {
  /// The seed that the episode was started with.
  public var seed: UInt64
  /// How hard the episode was, in 0…1.
  public var difficulty: Double
  /// The env's state where the tail begins, as the env saved it; nil where the tail begins with the episode.
  public var snapshot: [UInt8]?
  /// Control steps of the episode before the tail.
  public var stepsBefore: Int
  /// What the env showed where the tail begins.
  public var observation: [Float]
  /// One row of action components for each step of the tail.
  public var actions: [Float]

  public init(
    seed: UInt64, difficulty: Double = 1, snapshot: [UInt8]?, stepsBefore: Int, observation: [Float], actions: [Float]
  ) {
    self.seed = seed
    self.difficulty = difficulty
    self.snapshot = snapshot
    self.stepsBefore = stepsBefore
    self.observation = observation
    self.actions = actions
  }
}

/// The result of repeating the tail of an episode.
public struct TailRerun: Sendable, Equatable {
  public struct Step: Sendable, Equatable {
    public var observation: [Float]
    public var reward: Float
    public var ending: Ending
  }

  /// Up to the end of the tail, or of the episode where that came first.
  public var steps: [Step]
  /// Why the last of `steps` was faulted; nil if it was not.
  public var reason: String?
}

extension Env where Self: ~Copyable {
  /// Repeats the tail of an episode of an env like this one.
  ///
  /// - Throws: `StateError`, or what the env throws, if the snapshot does not fit.
  mutating func rerun(_ tail: EpisodeTail) throws -> TailRerun {
    let width = spec.actionCount
    var row = [Float](repeating: 0, count: spec.observationCount)
    if let snapshot = tail.snapshot {
      var reader = StateReader(snapshot)
      try restore(from: &reader)
      guard reader.isAtEnd else { throw StateError.mismatch("it holds more than the env needs") }
    } else {
      var span = row.mutableSpan
      difficulty = tail.difficulty
      reset(seed: tail.seed, observation: &span)
    }
    var rerun = TailRerun(steps: [])
    let actions = tail.actions.span
    for number in 0..<actions.count / width {
      var span = row.mutableSpan
      let transition = step(actions.extracting(number * width..<(number + 1) * width), observation: &span)
      rerun.steps.append(
        TailRerun.Step(observation: row, reward: transition.reward, ending: transition.ending))
      if transition.ending.isOver { break }
    }
    rerun.reason = faultReason
    return rerun
  }
}
