import Environments
import Robotics
import Synchronization

extension Benchmark {
  private static let seed: UInt64 = 1

  /// Env steps, against the bare physics of the very same episodes, and against one thread.
  func measureRollouts() throws -> [BenchmarkReport.Row] {
    let envs = try entry.makeVectorEnv(
      count: settings.envs, shards: settings.shards, seed: Self.seed, start: .together)
    let bare = try BareLoop(for: entry, like: envs, seed: Self.seed)
    let steps = settings.learner.horizon
    let count = Double(steps * envs.count)
    var explorer = policy
    explorer.mode = .stochastic
    var rollouts = pools.map { _ in Samples() }
    var loops = rollouts
    try runRounds {
      for (i, workers) in pools.enumerated() {
        Self.wake(workers)
        let watch = Stopwatch()
        envs.collect(steps: steps, with: explorer, on: workers)
        rollouts[i].add(count / watch.seconds)
        if let bare { loops[i].add(count / (try bare.follow(envs, on: workers))) }
      }
    }

    var rows: [BenchmarkReport.Row] = []
    for (i, workers) in pools.enumerated() {
      if bare != nil {
        rows.append(
          .init(
            name: "bare physics loop, \(workers.label)", value: loops[i].median, unit: "steps/s", against: nil,
            ratio: nil))
      }
      rows.append(
        .init(
          name: "env steps, \(workers.label)", value: rollouts[i].median, unit: "steps/s",
          against: bare.map { _ in "bare physics loop, \(workers.label)" },
          ratio: bare.map { _ in rollouts[i].ratio(to: loops[i]) }))
    }
    if let two = pools.firstIndex(where: { $0.threads == 2 }) {
      rows.append(
        .init(
          name: "rollout, 2 threads", value: rollouts[two].median, unit: "steps/s", against: "rollout, 1 thread",
          ratio: rollouts[two].ratio(to: rollouts[0])))
    }
    return rows
  }
}

/// The physics of a `VectorEnv` alone, env by env.
struct BareLoop {
  private let reruns: [any EngineRerun]

  /// - Parameter envs: freshly made with `seed`, to start together.
  /// - Returns: nil where the envs have no physics to repeat.
  init?(for entry: Catalog.Entry, like envs: VectorEnv, seed: UInt64) throws {
    guard let reruns = try entry.makeEngineReruns(count: envs.count, seed: seed) else { return nil }
    self.reruns = reruns
  }

  /// Repeats the physics of the envs' last rollout; every rollout must be followed.
  ///
  /// - Returns: the seconds that the physics engine took for it.
  func follow(_ envs: VectorEnv, on workers: Workers) throws -> Double {
    var actions: [RolloutActions] = []
    var slices: [Range<Int>] = []
    for shard in 0..<envs.shardCount {
      let rollout = envs.rollout(ofShard: shard)
      slices.append(actions.count..<actions.count + rollout.envCount)
      for env in 0..<rollout.envCount { actions.append(RolloutActions(of: rollout, env: env)) }
    }
    let (reruns, allActions, allSlices) = (reruns, actions, slices)
    workers.run(allSlices.count) { slice in
      for env in allSlices[slice] { reruns[env].follow(allActions[env]) }
    }
    let failure = Mutex<(any Error)?>(nil)
    let watch = Stopwatch()
    workers.run(allSlices.count) { slice in
      do { for env in allSlices[slice] { try reruns[env].rerun() } } catch { failure.withLock { $0 = error } }
    }
    let seconds = watch.seconds
    if let error = failure.withLock({ $0 }) { throw error }
    return seconds
  }
}
