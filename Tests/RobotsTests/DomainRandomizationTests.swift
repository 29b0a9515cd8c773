import Environments
import Robotics
import Robots
import TestSupport
import Testing

/// The catalog's simulated robots with all domain randomization, and with their effort measured.
struct DomainRandomizationTests {
  private static let names = ["biped", "quadruped", "arm"]
  private let alone = Workers(threads: 1)

  private func envs(_ name: String, seed: UInt64 = 1, shards: Int = 2) throws -> VectorEnv {
    let entry = try #require(Catalog.standard[name])
    var randomization = DomainRandomization()
    if try #require(try entry.model()).isFloating { (randomization.push, randomization.pushInterval) = (0.1...0.5, 1) }
    randomization.friction = 0.6...1.2
    randomization.mass = 0.9...1.2
    randomization.strength = 0.8...1.1
    randomization.latency = 0...0.03
    randomization.noise = 0...0.05
    return try entry.makeVectorEnv(
      count: 4, shards: shards, seed: seed, randomization: randomization, measuresEffort: true)
  }

  private func saved(_ envs: VectorEnv) -> [UInt8] {
    var writer = StateWriter()
    envs.save(to: &writer)
    return writer.bytes
  }

  @Test(arguments: names) func stateIsCompleteToTheBit(_ name: String) throws {
    let straight = try envs(name)
    let policy = RandomPolicy(spec: straight.spec)
    straight.collect(steps: 37, with: policy, on: alone)
    let bytes = saved(straight)
    let used = try envs(name, seed: 6)
    used.collect(steps: 80, with: policy, on: alone)
    var reader = StateReader(bytes)
    try used.restore(from: &reader)
    #expect(reader.isAtEnd && saved(used) == bytes)
    for envs in [straight, used] { envs.collect(steps: 300, with: policy, on: Workers(threads: 2)) }
    #expect(saved(used) == saved(straight))
    for shard in 0..<2 {
      let (a, b) = (straight.rollout(ofShard: shard), used.rollout(ofShard: shard))
      #expect(a.observations == b.observations && a.rewards == b.rewards && a.episodes == b.episodes)
      #expect(a.episodeMetrics.map(\.bitPattern) == b.episodeMetrics.map(\.bitPattern))
      #expect(a.observations.allSatisfy { $0.isFinite })
    }
  }

  @Test(.enabled(if: test_counts_allocations() != 0), arguments: names)
  func stepsAndResetsAllocateNothing(_ name: String) throws {
    let envs = try envs(name, shards: 1)
    let policy = RandomPolicy(spec: envs.spec)
    for _ in 0..<3 { envs.collect(steps: 400, with: policy, on: alone) }
    let before = test_allocation_count()
    envs.collect(steps: 400, with: policy, on: alone)
    let count = test_allocation_count() - before
    #expect(!envs.rollout(ofShard: 0).finals.isEmpty)
    #expect(count <= 2, "\(count) allocations")
  }
}
