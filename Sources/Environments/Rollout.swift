/// A finished episode, as the statistics and the evaluation need it.
public struct EpisodeResult: Sendable, Equatable {
  /// Index of the env.
  public var env: Int
  /// Sum of the rewards.
  public var episodeReturn: Double
  /// Control steps.
  public var length: Int
  public var ending: Ending
  /// A digest of the first observation: different starts give different digests.
  public var startDigest: UInt64
}

/// The samples of one shard of envs in a rollout: `steps` control steps of each of `envCount` envs.
///
/// Rows are ordered by time, then env: row `t * envCount + e`. Where an episode ends at row *r*, `observations` goes on
/// with the next episode's first observation at row *r* + `envCount`, and the observation that the ended episode closed
/// with stands in `finals`.
public struct ShardRollout: Sendable {
  /// An observation with which an episode closed.
  public struct Final: Sendable, Equatable {
    /// The row of the step that ended the episode.
    public var row: Int
    public var ending: Ending
  }

  /// Control steps per env.
  public let steps: Int
  public let envCount: Int
  public let observationCount: Int
  public let actionCount: Int

  /// (`steps` + 1) × `envCount` rows of `observationCount`; the last `envCount` rows are what the envs show now.
  public internal(set) var observations: [Float]
  /// `steps` × `envCount` rows of `actionCount`, as the policy chose them, before any clamping.
  public internal(set) var actions: [Float]
  /// `steps` × `envCount` rows of what the policy had recorded; see `Policy.recordedCount`.
  public internal(set) var records: [Float]
  /// `steps` × `envCount`.
  public internal(set) var rewards: [Float]
  /// `steps` × `envCount`.
  public internal(set) var endings: [Ending]
  /// One for each episode that ended, in row order.
  public internal(set) var finals: [Final] = []
  /// `finals.count` rows of `observationCount`.
  public internal(set) var finalObservations: [Float] = []
  /// Sum of each of the spec's reward terms over all rows.
  public internal(set) var rewardTermSums: [Double]
  /// Episodes that ended during the rollout, except those that were cut short on purpose.
  public internal(set) var episodes: [EpisodeResult] = []
  /// `episodes.count` rows of the spec's metrics.
  public internal(set) var episodeMetrics: [Double] = []
  /// Steps in which an env failed; their observation, action and reward are no sample.
  public internal(set) var faultCount = 0
  /// The first few of them, where they were to be recorded.
  public internal(set) var faults: [FaultReport] = []
  /// Seconds of this shard's time spent choosing actions, estimated from every eighth step.
  public internal(set) var policySeconds = 0.0
  /// Seconds of this shard's time spent stepping envs.
  public internal(set) var envSeconds = 0.0

  /// Steps of all envs together.
  public var rowCount: Int { steps * envCount }

  /// The rows that are samples: runs of them between those in which an env failed.
  public var soundRuns: [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = 0
    for final in finals where final.ending == .faulted {
      if final.row > start { runs.append(start..<final.row) }
      start = final.row + 1
    }
    if start < rowCount { runs.append(start..<rowCount) }
    return runs
  }

  init(steps: Int, envCount: Int, spec: EnvSpec, recordedCount: Int = 0) {
    self.steps = steps
    self.envCount = envCount
    observationCount = spec.observationCount
    actionCount = spec.actionCount
    let rows = steps * envCount
    observations = Array(repeating: 0, count: (rows + envCount) * spec.observationCount)
    actions = Array(repeating: 0, count: rows * spec.actionCount)
    records = Array(repeating: 0, count: rows * recordedCount)
    rewards = Array(repeating: 0, count: rows)
    endings = Array(repeating: .running, count: rows)
    rewardTermSums = Array(repeating: 0, count: spec.rewardTerms.count)
    finals.reserveCapacity(rows)
    finalObservations.reserveCapacity(rows * spec.observationCount)
    episodes.reserveCapacity(rows)
    episodeMetrics.reserveCapacity(rows * spec.metrics.count)
  }

  /// Forgets the last rollout but keeps its room.
  mutating func begin() {
    finals.removeAll(keepingCapacity: true)
    finalObservations.removeAll(keepingCapacity: true)
    episodes.removeAll(keepingCapacity: true)
    episodeMetrics.removeAll(keepingCapacity: true)
    for i in rewardTermSums.indices { rewardTermSums[i] = 0 }
    faultCount = 0
    faults.removeAll()
    policySeconds = 0
    envSeconds = 0
  }
}
