import Environments
import Testing

struct FaultTests {
  private let alone = Workers(threads: 1)

  /// Three envs in one shard; the second gives a reward that is not a number in the fourth step of every episode of ten.
  private func troubled(count: Int = 3, start: EpisodeStart = .together) throws -> VectorEnv {
    try VectorEnv(count: count, shards: 1, seed: 4, start: start) {
      try TroubledEnv($0 == 1 ? .reward(.nan) : .none, after: 4)
    }
  }

  private func rollout(of envs: VectorEnv, steps: Int, recordsFaults: Bool = true) -> ShardRollout {
    envs.collect(steps: steps, with: RandomPolicy(spec: envs.spec), on: alone, recordsFaults: recordsFaults)
    return envs.rollout(ofShard: 0)
  }

  // MARK: Rollouts

  @Test func faultsAreCountedAndTheirRowsLeftOut() throws {
    let envs = try troubled()
    let first = rollout(of: envs, steps: 9, recordsFaults: false)
    #expect(first.faultCount == 2 && first.faults.isEmpty)
    #expect(first.endings.indices.filter { first.endings[$0] == .faulted } == [10, 22])
    #expect(first.soundRuns == [0..<10, 11..<22, 23..<27])
    #expect(first.rewards.allSatisfy(\.isFinite) && first.observations.allSatisfy(\.isFinite))
    #expect(first.rewardTermSums.allSatisfy { $0.isFinite })
    #expect(first.episodes.map(\.ending) == [.faulted, .faulted] && first.episodes.map(\.length) == [4, 4])
    #expect(first.episodeMetrics.allSatisfy { $0.isNaN })
    // What it showed before, and what the next episode starts with, is sound.
    #expect(first.observations[10 * 3] == 3 && first.observations[13 * 3] == 0)
    let second = rollout(of: envs, steps: 1)
    #expect(second.faultCount == 0 && second.soundRuns == [0..<3])
  }

  @Test func aRolloutOfNothingButFaultsHasNoSoundRun() throws {
    let envs = try VectorEnv(count: 2, shards: 1, seed: 4) { _ in try TroubledEnv(.shows(.nan), after: 0) }
    let rollout = rollout(of: envs, steps: 8)
    #expect(rollout.faultCount == 16 && rollout.soundRuns.isEmpty)
    #expect(rollout.observations.allSatisfy { $0 == 0 })
    // A few tell enough.
    #expect(rollout.faults.count == 10)
  }

  @Test func anEvaluationCountsAFaultAsAnEnding() throws {
    let evaluation = Evaluation(
      of: ZeroPolicy(spec: try TroubledEnv(.none).spec), in: try troubled(start: .once), on: alone)
    #expect(evaluation.episodes.map(\.ending) == [.truncated, .faulted, .truncated])
    #expect(evaluation.episodes.compactMap { envSpecName($0.ending) } == ["truncated", "fault", "truncated"])
  }

  private func envSpecName(_ ending: Ending) -> String? { try? TroubledEnv(.none).spec.name(of: ending) }

  @Test func recordingChangesNoBit() throws {
    let (one, other) = (try troubled(start: .staggered), try troubled(start: .staggered))
    for _ in 0..<3 {
      _ = rollout(of: one, steps: 7, recordsFaults: true)
      _ = rollout(of: other, steps: 7, recordsFaults: false)
      #expect(Trace(one) == Trace(other))
    }
  }

  // MARK: Records

  @Test func aTailBeginsWithTheEpisodeOrTheRollout() throws {
    let envs = try troubled()
    let first = rollout(of: envs, steps: 3)
    let second = rollout(of: envs, steps: 6)
    #expect(second.faults.map(\.env) == [1, 1] && second.faults.map(\.step) == [0, 4])
    #expect(second.faults.allSatisfy { $0.reason == "the reward is nan: its term 'odd' is nan" })
    let (late, whole) = (second.faults[0].tail, second.faults[1].tail)
    #expect(late.stepsBefore == 3 && late.snapshot != nil)
    #expect(late.actions == [second.actions[1]])
    #expect(late.observation == Array(first.observations[10 * 3..<11 * 3]))
    #expect(whole.stepsBefore == 0 && whole.snapshot == nil)
    #expect(whole.actions == [1, 2, 3, 4].map { second.actions[$0 * 3 + 1] })
    #expect(whole.observation == Array(second.observations[4 * 3..<5 * 3]))
    #expect(late.seed != whole.seed)
  }

  @Test func aTailCanBeRepeated() throws {
    let envs = try troubled()
    _ = rollout(of: envs, steps: 2)
    let found = rollout(of: envs, steps: 6)
    let fresh = { try VectorEnv(count: 1, seed: 0, start: .together) { _ in try TroubledEnv(.reward(.nan), after: 4) } }
    for fault in found.faults {
      let rerun = try fresh().rerun(fault.tail)
      #expect(rerun.reason == fault.reason)
      #expect(rerun.steps.count == fault.tail.actions.count)
      #expect(rerun.steps.last?.ending == .faulted)
      for (number, step) in rerun.steps.dropLast().enumerated() {
        let row = (fault.step + 1 - fault.tail.actions.count + number) * 3 + 1
        #expect(step.reward == found.rewards[row] && step.ending == .running)
        #expect(step.observation == Array(found.observations[(row + 3) * 3..<(row + 4) * 3]))
      }
    }
    #expect(found.faults.count == 2)
    // In an env that is well, the same tail goes through.
    let well = try VectorEnv(count: 1, seed: 0) { _ in try TroubledEnv(.none) }
    let rerun = try well.rerun(found.faults[0].tail)
    #expect(rerun.reason == nil && rerun.steps.allSatisfy { $0.ending == .running })
  }

  @Test func aSnapshotThatDoesNotFitIsRefused() throws {
    let envs = try VectorEnv(count: 1, seed: 0) { _ in try TroubledEnv(.none) }
    let tail = EpisodeTail(seed: 1, snapshot: [1, 2], stepsBefore: 0, observation: [0, 0, 0], actions: [0])
    #expect(throws: StateError.self) { try envs.rerun(tail) }
  }

  @Test func savedFaultsGoOnToTheBit() throws {
    let straight = try troubled(start: .staggered)
    _ = rollout(of: straight, steps: 3)
    var writer = StateWriter()
    straight.save(to: &writer)
    let resumed = try troubled(start: .staggered)
    var reader = StateReader(writer.bytes)
    try resumed.restore(from: &reader)
    #expect(reader.isAtEnd)
    let (expected, found) = (rollout(of: straight, steps: 9), rollout(of: resumed, steps: 9))
    #expect(Trace(straight) == Trace(resumed) && expected.faultCount == 2)
    #expect(expected.faults == found.faults)
  }
}
