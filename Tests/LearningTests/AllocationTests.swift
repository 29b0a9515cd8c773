import Environments
import Learning
import Networks
import TestEnvs
import TestSupport
import Testing

@Suite struct AllocationTests {
  @Test(.enabled(if: test_allocation_count() >= 0)) func allocationsAreCounted() {
    let before = test_allocation_count()
    var numbers: [Int] = []
    for i in 0..<100 { numbers.append(i) }
    #expect(numbers.count == 100 && test_allocation_count() > before)
  }

  @Test(
    .enabled(if: test_counts_allocations() != 0), arguments: [(NetworkMemory.none, false), (.gru, false), (.gru, true)])
  func minibatchesAllocateNothing(memory: NetworkMemory, sharesTrunk: Bool) throws {
    var counts: [Int] = []
    for epochs in [1, 5] {
      let envs = try VectorEnv(count: 8, seed: 1) { _ in try HalfEnv() }
      var settings = PPOSettings()
      (settings.memory, settings.sharesTrunk, settings.sequenceLength) = (memory, sharesTrunk, 8)
      settings.epochs = epochs
      settings.minibatchSize = 32
      var ppo = try PPO(spec: envs.spec, settings: settings, seed: 1)
      let workers = Workers(threads: 1)
      for _ in 0..<2 { _ = try ppo.improve(in: envs, on: workers) }
      var report = IterationReport()
      let before = test_allocation_count()
      ppo.update(on: workers, &report)
      counts.append(test_allocation_count() - before)
    }
    // Eight minibatches or forty: a whole update may allocate a little, a minibatch nothing.
    #expect(counts[0] == counts[1], "\(counts)")
    #expect(counts[0] <= 4, "\(counts)")
  }
}
