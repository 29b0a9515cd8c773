import Environments
import TestSupport
import Testing

struct VectorEnvTests {
  private let alone = Workers(threads: 1)

  // MARK: Making

  @Test func refusesToBeEmpty() {
    #expect(throws: EnvError("0 envs were asked for; at least 1 is needed")) {
      _ = try VectorEnv(count: 0, seed: 0) { _ in try ChaoticEnv() }
    }
    #expect(throws: EnvError("-2 envs were asked for; at least 1 is needed")) {
      _ = try VectorEnv(count: -2, seed: 0) { _ in try ChaoticEnv() }
    }
    #expect(throws: EnvError("0 shards were asked for; at least 1 is needed")) {
      _ = try VectorEnv(count: 4, shards: 0, seed: 0) { _ in try ChaoticEnv() }
    }
  }

  @Test func passesOnWhatItsMakerThrows() {
    #expect(throws: EnvError("no")) {
      _ = try VectorEnv(count: 4, seed: 0) { index throws -> CountingEnv in
        guard index < 3 else { throw EnvError("no") }
        return try CountingEnv(index)
      }
    }
  }

  @Test(arguments: [(1, 8, 1), (3, 8, 3), (8, 8, 8), (13, 5, 5), (100, 1, 1)])
  func dividesItsEnvsIntoShards(_ count: Int, _ shards: Int, _ expected: Int) throws {
    let envs = try VectorEnv(count: count, shards: shards, seed: 0) { try CountingEnv($0) }
    #expect(envs.count == count)
    #expect(envs.shardCount == expected)
    envs.collect(steps: 1, with: ZeroPolicy(spec: envs.spec), on: alone)
    var indices: [Float] = []
    for shard in 0..<envs.shardCount {
      let rollout = envs.rollout(ofShard: shard)
      #expect((count / expected...(count + expected - 1) / expected).contains(rollout.envCount))
      indices += (0..<rollout.envCount).map { rollout.observations[3 * $0] }
    }
    #expect(indices == (0..<count).map(Float.init))
  }

  // MARK: Streams

  /// First and later starts of env `index` in a company of `count`.
  private func starts(of index: Int, count: Int, shards: Int, seed: UInt64) throws -> [Float] {
    let envs = try VectorEnv(count: count, shards: shards, seed: seed) { try CountingEnv($0, episodeSteps: 3) }
    envs.collect(steps: 9, with: ZeroPolicy(spec: envs.spec), on: alone)
    var found: [Float] = []
    for shard in 0..<envs.shardCount {
      let observations = envs.rollout(ofShard: shard).observations
      for row in stride(from: 0, to: observations.count, by: 3)
      where observations[row] == Float(index) && observations[row + 1] == 0 {
        found.append(observations[row + 2])
      }
    }
    return found
  }

  @Test func anEnvsStreamHangsOnSeedAndIndexAlone() throws {
    let reference = try starts(of: 2, count: 3, shards: 1, seed: 6)
    #expect(reference.count >= 3)
    #expect(try starts(of: 2, count: 3, shards: 3, seed: 6) == reference)
    #expect(try starts(of: 2, count: 50, shards: 7, seed: 6) == reference)
    #expect(try starts(of: 2, count: 3, shards: 1, seed: 7) != reference)
    #expect(try starts(of: 1, count: 3, shards: 1, seed: 6) != reference)
  }

  /// What 13 chaotic envs live through in three rollouts.
  private func life(threads: Int, seed: UInt64 = 3, start: EpisodeStart = .staggered) throws -> [Trace] {
    let envs = try VectorEnv(count: 13, shards: 5, seed: seed, start: start) { _ in try ChaoticEnv() }
    let workers = Workers(threads: threads)
    return (0..<3).map { _ in
      envs.collect(steps: 50, with: RandomPolicy(spec: envs.spec), on: workers)
      return Trace(envs)
    }
  }

  @Test(arguments: [2, 3, 7])
  func threadsChangeNoBit(_ threads: Int) throws {
    #expect(try life(threads: threads) == life(threads: 1))
  }

  @Test func theSeedMatters() throws {
    #expect(try life(threads: 1, seed: 3) == life(threads: 1, seed: 3))
    #expect(try life(threads: 1, seed: 3) != life(threads: 1, seed: 4))
    #expect(try life(threads: 1, start: .together) != life(threads: 1))
  }

  // MARK: Cost

  /// Steps, ends of episodes and new starts alike.
  @Test(.enabled(if: test_counts_allocations() != 0)) func stepsAllocateNothing() throws {
    var counts: [Int] = []
    for steps in [10, 1_000] {
      let envs = try VectorEnv(count: 8, shards: 2, seed: 1) { _ in try ChaoticEnv() }
      let policy = RememberingPolicy(spec: envs.spec, noise: 0.5)
      for _ in 0..<2 { envs.collect(steps: steps, with: policy, on: alone) }
      let before = test_allocation_count()
      envs.collect(steps: steps, with: policy, on: alone)
      counts.append(test_allocation_count() - before)
    }
    #expect(counts[1] <= counts[0] && counts[0] <= 2, "\(counts)")
  }

  // MARK: Saving

  private func chaos(seed: UInt64, start: EpisodeStart = .staggered) throws -> VectorEnv {
    try VectorEnv(count: 6, shards: 3, seed: seed, start: start) { _ in try ChaoticEnv() }
  }

  private func saved(_ envs: VectorEnv) -> [UInt8] {
    var writer = StateWriter()
    envs.save(to: &writer)
    return writer.bytes
  }

  @Test(arguments: [EpisodeStart.staggered, .together, .once])
  func restoredEnvsGoOnToTheBit(_ start: EpisodeStart) throws {
    let straight = try chaos(seed: 1, start: start)
    let policy = RememberingPolicy(spec: straight.spec, noise: 0.5)
    straight.collect(steps: 23, with: policy, on: alone)
    let bytes = saved(straight)
    straight.collect(steps: 60, with: policy, on: alone)

    // Fresh ones, that never met the policy and were made with another seed.
    let fresh = try chaos(seed: 99, start: start)
    var reader = StateReader(bytes)
    try fresh.restore(from: &reader)
    #expect(reader.isAtEnd)
    #expect(saved(fresh) == bytes)
    fresh.collect(steps: 60, with: policy, on: alone)
    #expect(Trace(fresh) == Trace(straight))
    #expect(saved(fresh) == saved(straight))

    // Used ones, that hold room for rollouts of another length.
    let used = try chaos(seed: 5, start: start)
    used.collect(steps: 11, with: policy, on: alone)
    reader = StateReader(bytes)
    try used.restore(from: &reader)
    used.collect(steps: 60, with: policy, on: alone)
    #expect(Trace(used) == Trace(straight))
  }

  @Test func savingBeforeTheFirstRolloutWorks() throws {
    let (one, other) = (try chaos(seed: 1), try chaos(seed: 2))
    var reader = StateReader(saved(one))
    try other.restore(from: &reader)
    for envs in [one, other] { envs.collect(steps: 30, with: RandomPolicy(spec: envs.spec), on: alone) }
    #expect(Trace(one) == Trace(other))
  }

  @Test func everyTruncationThrows() throws {
    let envs = try chaos(seed: 1)
    let policy = RememberingPolicy(spec: envs.spec)
    envs.collect(steps: 5, with: policy, on: alone)
    let bytes = saved(envs)
    let victim = try chaos(seed: 2)
    for count in 0..<bytes.count {
      #expect(throws: StateError.self) {
        var reader = StateReader(Array(bytes.prefix(count)))
        try victim.restore(from: &reader)
      }
    }
  }

  @Test func stateOfOtherEnvsThrows() throws {
    let bytes = saved(try chaos(seed: 1))
    for (count, shards) in [(5, 3), (7, 3), (6, 2), (12, 3)] {
      let other = try VectorEnv(count: count, shards: shards, seed: 0) { _ in try ChaoticEnv() }
      #expect(throws: StateError.self) {
        var reader = StateReader(bytes)
        try other.restore(from: &reader)
      }
    }
    let wider = try VectorEnv(count: 6, shards: 3, seed: 0) { try CountingEnv($0) }
    #expect(throws: StateError.mismatch("4 values where 6 belong")) {
      var reader = StateReader(bytes)
      try wider.restore(from: &reader)
    }
  }

  /// Whatever bytes stand in a damaged state, reading them and living on with them never traps.
  @Test func damagedBytesNeverTrap() throws {
    let envs = try chaos(seed: 1)
    let policy = RememberingPolicy(spec: envs.spec)
    envs.collect(steps: 7, with: policy, on: alone)
    let bytes = saved(envs)
    var random = Random(seed: 4)
    var refused = 0
    for _ in 0..<400 {
      var damaged = bytes
      for _ in 0...random.index(below: 8) {
        let at = random.index(below: damaged.count)
        damaged[at] = random.index(below: 3) == 0 ? 0xFF : UInt8(truncatingIfNeeded: random.next())
      }
      let victim = try chaos(seed: 2)
      do {
        var reader = StateReader(damaged)
        try victim.restore(from: &reader)
      } catch {
        refused += 1
      }
      victim.collect(steps: 50, with: policy, on: alone)
    }
    #expect(refused > 20)
  }
}
