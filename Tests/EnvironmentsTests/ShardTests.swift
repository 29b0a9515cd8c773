import Environments
import Testing

struct ShardTests {
  private let alone = Workers(threads: 1)

  private func rollout(
    of envs: VectorEnv, steps: Int
  ) -> ShardRollout {
    envs.collect(steps: steps, with: RememberingPolicy(spec: envs.spec), on: alone)
    return envs.rollout(ofShard: 0)
  }

  private func column(_ column: Int, of observations: [Float]) -> [Float] {
    stride(from: column, to: observations.count, by: 3).map { observations[$0] }
  }

  // MARK: Rows

  @Test func rowsAreOrderedByTimeThenEnv() throws {
    let envs = try VectorEnv(count: 3, shards: 1, seed: 1, start: .together) { try CountingEnv($0) }
    let first = rollout(of: envs, steps: 4)
    #expect(first.steps == 4 && first.envCount == 3 && first.rowCount == 12)
    #expect(first.observationCount == 3 && first.actionCount == 1)
    #expect(column(0, of: first.observations) == [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
    #expect(column(1, of: first.observations) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
    // The policy answers with the number of times it was asked, the reward is the step's number plus the action.
    #expect(first.actions == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
    #expect(first.rewards == [1, 1, 1, 3, 3, 3, 5, 5, 5, 7, 7, 7])
    #expect(first.endings.allSatisfy { $0 == .running })
    #expect(first.finals.isEmpty && first.episodes.isEmpty)
    #expect(first.rewardTermSums == [30, 18])
  }

  @Test func theNextRolloutGoesOnWhereTheLastOneStopped() throws {
    let envs = try VectorEnv(count: 2, shards: 1, seed: 1, start: .together) { try CountingEnv($0, episodeSteps: 100) }
    let first = rollout(of: envs, steps: 3)
    let second = rollout(of: envs, steps: 3)
    let longer = rollout(of: envs, steps: 5)
    let shorter = rollout(of: envs, steps: 1)
    #expect(column(1, of: first.observations) == [0, 0, 1, 1, 2, 2, 3, 3])
    #expect(column(1, of: second.observations) == [3, 3, 4, 4, 5, 5, 6, 6])
    #expect(column(1, of: longer.observations) == [6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11])
    #expect(column(1, of: shorter.observations) == [11, 11, 12, 12])
    #expect(shorter.rewardTermSums == [24, 22])
    #expect(shorter.actions == [11, 11])
  }

  @Test func secondsAreCounted() throws {
    let envs = try VectorEnv(count: 2, shards: 1, seed: 1) { try CountingEnv($0) }
    let rollout = rollout(of: envs, steps: 50)
    #expect(rollout.policySeconds > 0)
    #expect(rollout.envSeconds > 0)
  }

  // MARK: Ends of episodes

  @Test func endedEpisodesStartAgainAndKeepTheirFinalObservation() throws {
    // Env 0 falls after 2 steps, env 1 runs out of time after 3.
    let envs = try VectorEnv(count: 2, shards: 1, seed: 1, start: .together) {
      try CountingEnv($0, episodeSteps: 3, fallAfter: $0 == 0 ? 2 : nil)
    }
    let rollout = rollout(of: envs, steps: 6)
    #expect(column(1, of: rollout.observations) == [0, 0, 1, 1, 0, 2, 1, 0, 0, 1, 1, 2, 0, 0])
    #expect(rollout.rewards == [1, 1, 3, 3, 1, 5, 3, 1, 1, 3, 3, 5])
    let (fell, late) = (Ending.terminated(reason: 0), Ending.truncated)
    #expect(
      rollout.endings == [
        .running, .running, fell, .running, .running, late, fell, .running, .running, .running, fell, late,
      ])
    #expect(rollout.finals.map(\.row) == [2, 5, 6, 10, 11])
    #expect(rollout.finals.map(\.ending) == [fell, late, fell, fell, late])
    #expect(column(0, of: rollout.finalObservations) == [0, 1, 0, 0, 1])
    #expect(column(1, of: rollout.finalObservations) == [2, 3, 2, 2, 3])
    // A final observation belongs to the ended episode: it shows the number that this episode drew, not the next one's.
    #expect(rollout.finalObservations[2] == rollout.observations[2])
    #expect(rollout.finalObservations[2] != rollout.observations[(2 * 2 + 0) * 3 + 2])
  }

  @Test func finishedEpisodesAreRecordedWithTheirFigures() throws {
    let envs = try VectorEnv(count: 2, shards: 1, seed: 1, start: .together) {
      try CountingEnv($0, episodeSteps: 3, fallAfter: $0 == 0 ? 2 : nil)
    }
    let rollout = rollout(of: envs, steps: 6)
    #expect(rollout.episodes.map(\.env) == [0, 1, 0, 0, 1])
    #expect(rollout.episodes.map(\.length) == [2, 3, 2, 2, 3])
    // 1 + (2 + 1), and 1 + (2 + 1) + (3 + 2).
    #expect(rollout.episodes.map(\.episodeReturn) == [4, 9, 4, 4, 9])
    #expect(rollout.episodes.map(\.ending) == rollout.finals.map(\.ending))
    #expect(rollout.episodeMetrics == [2, 0, 3, 1, 2, 0, 2, 0, 3, 1])
    #expect(Set(rollout.episodes.map(\.startDigest)).count == 5)
  }

  @Test func anEpisodeMaySpanRollouts() throws {
    let envs = try VectorEnv(count: 1, shards: 1, seed: 1, start: .together) { try CountingEnv($0, episodeSteps: 5) }
    #expect(rollout(of: envs, steps: 3).episodes.isEmpty)
    let second = rollout(of: envs, steps: 3)
    #expect(second.finals.map(\.row) == [1] && second.finals.map(\.ending) == [.truncated])
    #expect(second.episodes.map(\.length) == [5])
    // 1 + 3 + 5 + 7 + 9
    #expect(second.episodes.map(\.episodeReturn) == [25])
    #expect(rollout(of: envs, steps: 3).episodes.isEmpty)
  }

  @Test func everyStepMayEndAnEpisode() throws {
    let envs = try VectorEnv(count: 2, shards: 1, seed: 1, start: .together) { try CountingEnv($0, episodeSteps: 1) }
    let rollout = rollout(of: envs, steps: 4)
    #expect(rollout.finals.map(\.row) == Array(0..<8))
    #expect(rollout.episodes.count == 8)
    #expect(column(1, of: rollout.observations).allSatisfy { $0 == 0 })
    #expect(Set(column(2, of: rollout.observations)).count == 10)
  }

  // MARK: Starts

  @Test func staggeredFirstEpisodesAreCutShortAndLeftOutOfTheRecords() throws {
    let (count, length) = (300, 10)
    let envs = try VectorEnv(count: count, shards: 1, seed: 5, start: .staggered) {
      try CountingEnv($0, episodeSteps: length)
    }
    let rollout = rollout(of: envs, steps: 2 * length)
    var firstLengths = Array(repeating: 0, count: length + 1)
    for e in 0..<count {
      let finals = rollout.finals.enumerated().filter { $0.element.row % count == e }
      // Cut short or not, running out of time is a truncation.
      #expect(finals.allSatisfy { $0.element.ending == .truncated })
      let lengths = finals.map { Int(rollout.finalObservations[3 * $0.offset + 1]) }
      guard let first = lengths.first else {
        Issue.record("env \(e) ended no episode")
        continue
      }
      firstLengths[first] += 1
      #expect(lengths.dropFirst().allSatisfy { $0 == length })
      let recorded = rollout.episodes.filter { $0.env == e }
      #expect(recorded.count == lengths.count - (first < length ? 1 : 0))
      #expect(recorded.allSatisfy { $0.length == length })
    }
    // Lengths 1…10 are equally likely: 30 each, with a standard deviation of 5.2.
    #expect(firstLengths[0] == 0)
    #expect(firstLengths[1...].allSatisfy { (10...50).contains($0) })
  }

  @Test func aFirstEpisodeThatFallsBeforeItsCutCounts() throws {
    let envs = try VectorEnv(count: 200, shards: 1, seed: 5, start: .staggered) {
      try CountingEnv($0, episodeSteps: 10, fallAfter: 5)
    }
    let rollout = rollout(of: envs, steps: 5)
    let fallen = rollout.finals.filter { $0.ending == .terminated(reason: 0) }
    let cut = rollout.finals.filter { $0.ending == .truncated }
    #expect(fallen.count > 80 && cut.count > 50)
    #expect(rollout.episodes.count == fallen.count)
    #expect(rollout.episodes.allSatisfy { $0.length == 5 && $0.ending == .terminated(reason: 0) })
  }

  @Test func practicingCutsAShareOfLaterEpisodesShortAsWell() throws {
    let (count, length, share) = (100, 40, 0.6)
    let envs = try VectorEnv(count: count, shards: 1, seed: 5, start: .practicing(shortShare: share)) {
      try CountingEnv($0, episodeSteps: length)
    }
    let rollout = rollout(of: envs, steps: 10 * length)
    var (short, long) = (0, 0)
    var shortLengths: Set<Int> = []
    var seen: Set<Int> = []
    for (number, final) in rollout.finals.enumerated() {
      #expect(final.ending == .truncated)
      // An env's first episode may be cut anywhere.
      guard !seen.insert(final.row % count).inserted else { continue }
      let steps = Int(rollout.finalObservations[3 * number + 1])
      if steps == length {
        long += 1
      } else {
        short += 1
        shortLengths.insert(steps)
      }
    }
    // An eighth of 40 steps is 5.
    #expect(shortLengths == [1, 2, 3, 4, 5])
    let total = Double(short + long)
    // The rollout's end cuts long episodes off more often than short ones, hence the slack beside four deviations.
    #expect(abs(Double(short) / total - share) < 4 * (share * (1 - share) / total).squareRoot() + 0.04)
    #expect(rollout.episodes.allSatisfy { $0.length == length })
    #expect(rollout.episodes.count >= long)
  }

  @Test func onceRetiresAnEnvAfterItsEpisode() throws {
    let envs = try VectorEnv(count: 2, shards: 1, seed: 1, start: .once) {
      try CountingEnv($0, episodeSteps: 4, fallAfter: $0 == 0 ? 2 : nil)
    }
    let first = rollout(of: envs, steps: 6)
    #expect(first.episodes.map(\.env) == [0, 1])
    #expect(first.episodes.map(\.length) == [2, 4])
    #expect(first.finals.map(\.row) == [2, 7])
    // A resting env keeps showing its final observation and earns nothing.
    #expect(column(1, of: first.observations) == [0, 0, 1, 1, 2, 2, 2, 3, 2, 4, 2, 4, 2, 4])
    #expect(first.rewards == [1, 1, 3, 3, 0, 5, 0, 7, 0, 0, 0, 0])
    // 1 + 2 and 1 + 2 + 3 + 4 steps; 0 + 1 and 0 + 1 + 2 + 3 as actions.
    #expect(first.rewardTermSums == [13, 7])
    let second = rollout(of: envs, steps: 6)
    #expect(second.episodes.isEmpty && second.finals.isEmpty)
    #expect(second.rewards.allSatisfy { $0 == 0 })
  }

  @Test func everyResetDrawsANewStart() throws {
    let envs = try VectorEnv(count: 4, shards: 2, seed: 1) { try CountingEnv($0, episodeSteps: 2) }
    var starts: Set<Float> = []
    var digests: Set<UInt64> = []
    envs.collect(steps: 40, with: ZeroPolicy(spec: envs.spec), on: alone)
    for shard in 0..<2 {
      let rollout = envs.rollout(ofShard: shard)
      starts.formUnion(column(2, of: rollout.finalObservations))
      digests.formUnion(rollout.episodes.map(\.startDigest))
    }
    let ends = (0..<2).reduce(0) { $0 + envs.rollout(ofShard: $1).finals.count }
    #expect(starts.count == ends && ends >= 76)
    #expect(digests.count == (0..<2).reduce(0) { $0 + envs.rollout(ofShard: $1).episodes.count })
  }

  // MARK: Memory

  @Test func aPolicysMemoryIsZeroedWhenAnEpisodeStarts() throws {
    let envs = try VectorEnv(count: 2, shards: 1, seed: 1, start: .together) {
      try CountingEnv($0, episodeSteps: 4, fallAfter: $0 == 0 ? 3 : nil)
    }
    let rollout = rollout(of: envs, steps: 8)
    // The action is the number of calls since the start, so it must equal the step that is shown.
    #expect(rollout.actions == Array(column(1, of: rollout.observations).prefix(16)))
    #expect(rollout.actions.max() == 3)
  }

  @Test func anotherPolicyStartsWithEmptyMemory() throws {
    let envs = try VectorEnv(count: 2, shards: 1, seed: 1, start: .together) { try CountingEnv($0, episodeSteps: 100) }
    _ = rollout(of: envs, steps: 3)
    envs.collect(steps: 3, with: ZeroPolicy(spec: envs.spec), on: alone)
    #expect(rollout(of: envs, steps: 2).actions == [0, 0, 1, 1])
  }
}
