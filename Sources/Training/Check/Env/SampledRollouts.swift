import Environments
import Robotics

/// Observations and rewards of some envs, step by step, under one kind of actions.
package struct SampledRollouts: Sendable {
  /// What the actions are, such as "random actions".
  package let actions: String
  /// Whether actions go from limit to limit, so that episodes are expected to end early.
  let isExtreme: Bool
  /// Steps of all envs that were no faults.
  private(set) var stepCount = 0
  /// One row a step and env: what was shown before the step.
  private(set) var observations: [Float] = []
  /// The value of each reward term, one row a step and env.
  private(set) var terms: [Double] = []
  private(set) var rewards: [Float] = []
  private(set) var episodes: [EpisodeResult] = []
  /// For each episode, its figure for each of the spec's metrics.
  private(set) var metrics: [Double] = []
  private(set) var faultCount = 0
  /// A mistake in the env or its task, which every other episode would show as well.
  private(set) var defect: String?
  /// Why, and after how many steps of its episode, an env first failed.
  private(set) var firstFault: (reason: String, step: Int)?

  package static let envs = 6

  /// Zero, random and extreme actions, for as long as an episode, at most 300 steps.
  static func all(of entry: Catalog.Entry, seed: UInt64) throws -> [SampledRollouts] {
    let spec = try entry.spec()
    let steps = min(spec.episodeSteps + 1, 300)
    return [
      try SampledRollouts("zero actions", ZeroPolicy(spec: spec), of: entry, steps: steps, seed: seed),
      try SampledRollouts("random actions", RandomPolicy(spec: spec), of: entry, steps: steps, seed: seed),
      try SampledRollouts(
        "actions from limit to limit", BangBangPolicy(spec: spec), of: entry, steps: steps, seed: seed,
        isExtreme: true),
    ]
  }

  package init(
    _ actions: String, _ policy: some Policy, of entry: Catalog.Entry, steps: Int, seed: UInt64, isExtreme: Bool = false
  )
    throws
  {
    self.actions = actions
    self.isExtreme = isExtreme
    // An env a shard and a step a time, so that the sums of reward terms are those of single steps.
    let envs = try entry.makeVectorEnv(count: Self.envs, shards: Self.envs, seed: seed, start: .together)
    let alone = Workers(threads: 1)
    for _ in 0..<steps {
      envs.collect(steps: 1, with: policy, on: alone, recordsFaults: true)
      for shard in 0..<envs.shardCount { take(envs.rollout(ofShard: shard)) }
      defect = envs.defect
      if defect != nil { break }
    }
  }

  private mutating func take(_ rollout: ShardRollout) {
    episodes += rollout.episodes
    metrics += rollout.episodeMetrics
    faultCount += rollout.faultCount
    if let fault = rollout.faults.first, firstFault == nil {
      firstFault = (fault.reason, fault.tail.stepsBefore + fault.tail.actions.count / rollout.actionCount)
    }
    guard rollout.faultCount == 0 else { return }
    stepCount += 1
    observations += rollout.observations.prefix(rollout.observationCount)
    terms += rollout.rewardTermSums
    rewards += rollout.rewards
  }
}
