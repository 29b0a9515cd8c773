import Environments
import Robotics
import Robots
import TestSupport
import Testing

/// Sends one value, whatever it sees.
private struct Constant: Policy {
  let spec: EnvSpec
  let value: Float

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    for i in actions.indices { actions[i] = value }
  }
}

/// Sends each component's limits in turn, a different one to each component: as rough as play within the limits can be.
private struct BangBang: Policy {
  let spec: EnvSpec
  let memoryCount = 1

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    let count = spec.actionCount
    for i in actions.indices {
      let channel = spec.actions[i % count]
      actions[i] = (Int(memory[i / count]) / 3 + i % count).isMultiple(of: 2) ? channel.low : channel.high
    }
    for row in memory.indices { memory[row] += 1 }
  }
}

/// Moves each component on a wave of its own; row `special`, if any, keeps still.
private struct Waves: Policy {
  let spec: EnvSpec
  var special: Int?
  let memoryCount = 1

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    let count = spec.actionCount
    for i in actions.indices {
      let channel = spec.actions[i % count]
      let place = Int(memory[i / count]) * (3 + i % count) % 17
      let share = i / count == special ? 0.5 : Float(place) / 16
      actions[i] = channel.low + (channel.high - channel.low) * share
    }
    for row in memory.indices { memory[row] += 1 }
  }
}

/// What a shard lived through, but for the seconds it took; bit patterns, so that equal means equal.
private struct Trace: Equatable {
  var observations: [UInt32]
  var actions: [UInt32]
  var rewards: [UInt32]
  var endings: [Ending]
  var finals: [ShardRollout.Final]
  var finalObservations: [UInt32]
  var rewardTermSums: [UInt64]
  var episodes: [EpisodeRecord]
  var episodeMetrics: [UInt64]

  init(_ rollout: ShardRollout) {
    observations = rollout.observations.map(\.bitPattern)
    actions = rollout.actions.map(\.bitPattern)
    rewards = rollout.rewards.map(\.bitPattern)
    endings = rollout.endings
    finals = rollout.finals
    finalObservations = rollout.finalObservations.map(\.bitPattern)
    rewardTermSums = rollout.rewardTermSums.map(\.bitPattern)
    episodes = rollout.episodes
    episodeMetrics = rollout.episodeMetrics.map(\.bitPattern)
  }
}

extension VectorEnv {
  fileprivate var rollouts: [ShardRollout] { (0..<shardCount).map { rollout(ofShard: $0) } }
  fileprivate var traces: [Trace] { rollouts.map(Trace.init) }

  fileprivate var saved: [UInt8] {
    var writer = StateWriter()
    save(to: &writer)
    return writer.bytes
  }
}

/// Whether allocations are counted, and by code that the optimiser has seen: without it, Swift allocates where it need not.
private var countsAllocations: Bool {
  #if DEBUG
    false
  #else
    test_allocation_count() >= 0
  #endif
}

/// What every robot of the standard catalog promises as an env, whatever it is and does.
struct ConformanceTests {
  private static let names = Catalog.standard.names
  private let alone = Workers(threads: 1)

  private func entry(_ name: String) throws -> Catalog.Entry { try #require(Catalog.standard[name]) }

  private func envs(
    _ name: String, count: Int = 8, shards: Int = 1, seed: UInt64 = 1, start: EpisodeStart = .together
  ) throws -> VectorEnv {
    try entry(name).makeVectorEnv(count: count, shards: shards, seed: seed, start: start)
  }

  private func play<P: Policy>(_ envs: VectorEnv, _ policy: P, steps: Int) -> ShardRollout {
    envs.collect(steps: steps, with: policy, on: alone)
    return envs.rollout(ofShard: 0)
  }

  // MARK: What it says of itself

  @Test(arguments: names)
  func describesItself(_ name: String) throws {
    let entry = try entry(name)
    let spec = try entry.spec()
    #expect(!entry.summary.isEmpty && !entry.summary.contains("\n") && entry.summary.count < 100)
    #expect(spec.episodeSteps >= 50 && spec.controlInterval >= 0.005)
    for name in spec.observations.map(\.name) + spec.actions.map(\.name) + spec.rewardTerms + spec.endings
      + spec.metrics
    {
      #expect(!name.isEmpty && !name.contains(","))
    }
    #expect(try entry.spec() == spec)
    #expect(try envs(name).spec == spec)
  }

  // MARK: Random play

  @Test(arguments: names)
  func randomPlayIsSound(_ name: String) throws {
    let envs = try envs(name)
    let spec = envs.spec
    var low = Array(repeating: Float.infinity, count: spec.observationCount)
    var high = low.map { -$0 }
    for _ in 0..<4 {
      let rollout = play(envs, RandomPolicy(spec: spec), steps: 100)
      #expect(rollout.observations.allSatisfy { $0.isFinite && abs($0) < 100 })
      #expect(rollout.finalObservations.allSatisfy { $0.isFinite })
      #expect(rollout.rewards.allSatisfy { $0.isFinite && abs($0) < 100 })
      for (i, value) in rollout.observations.enumerated() {
        low[i % low.count] = min(low[i % low.count], value)
        high[i % low.count] = max(high[i % low.count], value)
      }
      #expect(!rollout.endings.contains(.faulted), "play within the limits broke the simulation")
    }
    for column in low.indices { #expect(low[column] < high[column], "column \(column) is always \(low[column])") }
  }

  @Test(arguments: names)
  func noColumnRepeatsAnother(_ name: String) throws {
    let envs = try envs(name)
    let rollout = play(envs, RandomPolicy(spec: envs.spec), steps: 60)
    let width = rollout.observationCount
    let columns = (0..<width).map { column in
      stride(from: column, to: rollout.observations.count, by: width).map { rollout.observations[$0] }
    }
    #expect(Set(columns).count == width)
  }

  @Test(arguments: names)
  func rewardIsTheSumOfItsTerms(_ name: String) throws {
    let envs = try envs(name)
    guard !envs.spec.rewardTerms.isEmpty else { return }
    for steps in [1, 50, 100] {
      let rollout = play(envs, RandomPolicy(spec: envs.spec), steps: steps)
      let sum = rollout.rewards.reduce(0.0) { $0 + Double($1) }
      let terms = rollout.rewardTermSums.reduce(0, +)
      let size = rollout.rewards.reduce(0.0) { $0 + abs(Double($1)) }
      #expect(abs(sum - terms) < 1e-4 * (size + 0.01))
    }
  }

  @Test(arguments: names)
  func episodesEndForNamedReasonsOrByTheClock(_ name: String) throws {
    let envs = try envs(name, count: 3)
    let spec = envs.spec
    for policy in [RandomPolicy(spec: spec), ZeroPolicy(spec: spec)] as [any Policy] {
      let rollout = play(envs, policy, steps: spec.episodeSteps + 50)
      #expect(rollout.episodes.count >= 3)
      for episode in rollout.episodes {
        switch episode.ending {
        case .terminated(let reason): #expect(spec.endings.indices.contains(reason))
        case .truncated: #expect(episode.length == spec.episodeSteps)
        case .running, .faulted: Issue.record("an episode ended as \(episode.ending)")
        }
        #expect((1...spec.episodeSteps).contains(episode.length))
      }
      #expect(rollout.episodeMetrics.count == rollout.episodes.count * spec.metrics.count)
      #expect(rollout.episodeMetrics.allSatisfy { !$0.isInfinite })
    }
  }

  // MARK: Starts

  @Test(arguments: names)
  func everyStartDiffers(_ name: String) throws {
    let envs = try envs(name, count: 64)
    let width = envs.spec.observationCount
    let rollout = play(envs, ZeroPolicy(spec: envs.spec), steps: 1)
    let firsts = (0..<64).map { Array(rollout.observations[$0 * width..<($0 + 1) * width]) }
    #expect(Set(firsts).count == 64)
    // And from one episode to the next of the same env.
    let few = try self.envs(name, count: 2)
    var digests: [UInt64] = []
    for _ in 0..<3 {
      digests += play(few, RandomPolicy(spec: few.spec), steps: few.spec.episodeSteps).episodes.map(\.startDigest)
    }
    #expect(digests.count >= 6 && Set(digests).count == digests.count)
  }

  /// Whatever happened in an env's first episode, its second starts and goes on the same way.
  @Test(arguments: names)
  func anEpisodeHangsOnItsSeedAndActionsAlone(_ name: String) throws {
    let (one, other) = (try envs(name, count: 1), try envs(name, count: 1))
    let spec = one.spec
    var steps = 0
    while play(one, Waves(spec: spec), steps: 1).finals.isEmpty { steps += 1 }
    while play(other, BangBang(spec: spec), steps: 1).finals.isEmpty { steps += 1 }
    #expect(steps > 2)
    let (expected, found) = (play(one, Waves(spec: spec), steps: 60), play(other, Waves(spec: spec), steps: 60))
    #expect(Trace(expected) == Trace(found))
  }

  // MARK: Bits

  @Test(arguments: names)
  func equalSeedsGiveEqualBits(_ name: String) throws {
    let life = { (seed: UInt64) in
      let envs = try self.envs(name, seed: seed)
      return Trace(self.play(envs, RandomPolicy(spec: envs.spec), steps: 150))
    }
    #expect(try life(1) == life(1))
    #expect(try life(1) != life(2))
  }

  @Test(arguments: names)
  func threadsChangeNoBit(_ name: String) throws {
    let life = { (threads: Int) in
      let envs = try self.envs(name, count: 10, shards: 5, start: .staggered)
      let workers = Workers(threads: threads)
      return (0..<2).flatMap { _ in
        envs.collect(steps: 60, with: RandomPolicy(spec: envs.spec), on: workers)
        return envs.traces
      }
    }
    let reference = try life(1)
    #expect(try life(2) == reference)
    #expect(try life(7) == reference)
  }

  /// Envs share nothing: neither others of their kind stepped in turn with them, nor what a neighbour does, show.
  @Test(arguments: names)
  func envsDoNotTouchEachOther(_ name: String) throws {
    let (calm, troubled) = (try envs(name, count: 3), try envs(name, count: 3))
    let spec = calm.spec
    var (calmRows, troubledRows): ([Float], [Float]) = ([], [])
    for _ in 0..<20 {
      for (envs, policy, isCalm) in [(calm, Waves(spec: spec), true), (troubled, Waves(spec: spec, special: 1), false)]
      {
        let rollout = play(envs, policy, steps: 5)
        let width = rollout.observationCount
        for row in 0..<15 where row % 3 != 1 {
          let values = rollout.observations[row * width..<(row + 1) * width]
          if isCalm { calmRows += values } else { troubledRows += values }
        }
      }
    }
    #expect(calmRows == troubledRows)
  }

  @Test(arguments: names)
  func aRestoredEpisodeGoesOnToTheBit(_ name: String) throws {
    let straight = try envs(name, count: 4, shards: 2, start: .staggered)
    let policy = RandomPolicy(spec: straight.spec)
    straight.collect(steps: 37, with: policy, on: alone)
    let bytes = straight.saved
    let fresh = try envs(name, count: 4, shards: 2, seed: 5)
    let used = try envs(name, count: 4, shards: 2, seed: 6)
    used.collect(steps: 80, with: policy, on: alone)
    for envs in [fresh, used] {
      var reader = StateReader(bytes)
      try envs.restore(from: &reader)
      #expect(reader.isAtEnd)
      #expect(envs.saved == bytes)
    }
    for envs in [straight, fresh, used] { envs.collect(steps: 100, with: policy, on: alone) }
    #expect(fresh.traces == straight.traces)
    #expect(used.traces == straight.traces)
    #expect(fresh.saved == straight.saved)
  }

  @Test(arguments: names)
  func damagedStateNeverTraps(_ name: String) throws {
    let envs = try envs(name, count: 1)
    let policy = RandomPolicy(spec: envs.spec)
    _ = play(envs, policy, steps: 20)
    let bytes = envs.saved
    for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 150)) {
      #expect(throws: (any Error).self) {
        var reader = StateReader(Array(bytes.prefix(count)))
        try envs.restore(from: &reader)
      }
    }
    var random = Random(seed: 3)
    for _ in 0..<100 {
      var damaged = bytes
      for _ in 0...random.index(below: 6) {
        damaged[random.index(below: damaged.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      var reader = StateReader(damaged)
      try? envs.restore(from: &reader)
      _ = play(envs, policy, steps: 10)
    }
  }

  // MARK: Actions

  @Test(arguments: names)
  func anyActionIsSurvived(_ name: String) throws {
    for value in [0, 1, -1, 1e30, -1e30, .infinity, -.infinity, .nan] as [Float] {
      let envs = try envs(name, count: 3)
      let spec = envs.spec
      let rollout = play(envs, Constant(spec: spec, value: value), steps: 120)
      #expect(rollout.observations.allSatisfy { $0.isFinite }, "after \(value)")
      #expect(rollout.rewards.allSatisfy { $0.isFinite }, "after \(value)")
      #expect(rollout.rewardTermSums.allSatisfy { $0.isFinite }, "after \(value)")
      if !value.isNaN { #expect(!rollout.endings.contains(.faulted), "after \(value)") }
      // And it goes on soundly with a sensible policy.
      let calm = play(envs, ZeroPolicy(spec: spec), steps: 60)
      #expect(calm.observations.allSatisfy { $0.isFinite })
      #expect(!calm.endings.contains(.faulted))
    }
  }

  @Test(arguments: names)
  func roughPlayWithinTheLimitsIsNoFault(_ name: String) throws {
    let envs = try envs(name, count: 8)
    let rollout = play(envs, BangBang(spec: envs.spec), steps: 300)
    #expect(!rollout.endings.contains(.faulted))
  }

  @Test(arguments: names)
  func actionsBeyondTheirLimitsAreClamped(_ name: String) throws {
    let spec = try entry(name).spec()
    for (low, high) in [(-1e30, 1e30), (-.infinity, .infinity)] as [(Float, Float)] {
      for (asked, limit) in [(low, spec.actions[0].low), (high, spec.actions[0].high)] {
        let (wild, tame) = (try envs(name), try envs(name))
        let found = play(wild, Constant(spec: spec, value: asked), steps: 60)
        let expected = play(tame, Constant(spec: spec, value: limit), steps: 60)
        #expect(found.observations == expected.observations)
        #expect(found.rewards == expected.rewards)
      }
    }
  }

  // MARK: Cost

  @Test(.enabled(if: countsAllocations), arguments: names)
  func stepsAndResetsAllocateNothing(_ name: String) throws {
    var counts: [Int] = []
    for steps in try [20, max(400, entry(name).spec().episodeSteps)] {
      let envs = try envs(name, count: 2)
      let policy = RandomPolicy(spec: envs.spec)
      for _ in 0..<3 { envs.collect(steps: steps, with: policy, on: alone) }
      let before = test_allocation_count()
      envs.collect(steps: steps, with: policy, on: alone)
      counts.append(test_allocation_count() - before)
      if steps >= 400 { #expect(!envs.rollout(ofShard: 0).finals.isEmpty) }
    }
    // A rollout may allocate a little as a whole, its steps and its new episodes nothing.
    #expect(counts.allSatisfy { $0 <= 2 }, "\(counts)")
  }
}
