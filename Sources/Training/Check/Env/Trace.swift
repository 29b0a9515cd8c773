import Environments

/// The samples of a shard, without the seconds they took; bit patterns, so that equal means equal.
package struct Trace: Equatable, Sendable {
  private let envCount: Int
  private let observations: [UInt32]
  private let actions: [UInt32]
  private let rewards: [UInt32]
  private let endings: [Ending]
  private let finals: [ShardRollout.Final]
  private let finalObservations: [UInt32]
  private let rewardTermSums: [UInt64]
  private let episodes: [EpisodeResult]
  private let episodeMetrics: [UInt64]

  package init(_ rollout: ShardRollout, withActions: Bool = true) {
    envCount = rollout.envCount
    observations = rollout.observations.map(\.bitPattern)
    actions = withActions ? rollout.actions.map(\.bitPattern) : []
    rewards = rollout.rewards.map(\.bitPattern)
    endings = rollout.endings
    finals = rollout.finals
    finalObservations = rollout.finalObservations.map(\.bitPattern)
    rewardTermSums = rollout.rewardTermSums.map(\.bitPattern)
    episodes = rollout.episodes
    episodeMetrics = rollout.episodeMetrics.map(\.bitPattern)
  }

  /// Where the two first part, in words; nil if they do not.
  func firstDifference(from other: Trace, _ spec: EnvSpec) -> String? {
    guard self != other else { return nil }
    let width = spec.observationCount
    for row in 0...rewards.count / max(1, envCount) {
      // Rows of observations are what a step found, so those of the next step are what it led to.
      for place in row * envCount * width..<min((row + 1) * envCount * width, observations.count)
      where observations[place] != other.observations[place] {
        let (mine, its) = (Float(bitPattern: observations[place]), Float(bitPattern: other.observations[place]))
        return
          "after \(row) steps observation \(ObservationCheck.name(place % width, spec)) is \(mine) and \(its)"
      }
      for place in row * envCount..<min((row + 1) * envCount, rewards.count) {
        if rewards[place] != other.rewards[place] {
          let (mine, its) = (Float(bitPattern: rewards[place]), Float(bitPattern: other.rewards[place]))
          return "the reward of step \(row + 1) is \(mine) and \(its)"
        }
        if endings[place] != other.endings[place] { return "step \(row + 1) ends one episode alone" }
      }
    }
    if episodeMetrics != other.episodeMetrics { return "an episode's metrics differ" }
    return "the reports differ, though observations and rewards of all steps are equal"
  }
}

extension VectorEnv {
  /// The samples of each shard in the last `collect`.
  package var traces: [Trace] { (0..<shardCount).map { Trace(rollout(ofShard: $0)) } }

  /// All that the envs' future depends on.
  package var saved: [UInt8] {
    var writer = StateWriter()
    save(to: &writer)
    return writer.bytes
  }
}
