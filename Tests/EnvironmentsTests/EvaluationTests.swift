import Environments
import Testing

struct EvaluationTests {
  private func envs(_ count: Int, seed: UInt64 = 1, fallAfter: @escaping @Sendable (Int) -> Int?) throws -> VectorEnv {
    try VectorEnv(count: count, shards: 4, seed: seed, start: .once) {
      try CountingEnv($0, episodeSteps: 120, fallAfter: fallAfter($0))
    }
  }

  @Test func hasOneEpisodeAnEnvInTheOrderOfTheEnvs() throws {
    // The last env ends first; env 0 lives to the end of its time.
    let envs = try envs(10) { $0 == 0 ? nil : 110 - 10 * $0 }
    let evaluation = Evaluation(of: ZeroPolicy(spec: envs.spec), in: envs, on: Workers(threads: 2))
    #expect(evaluation.episodes.map(\.env) == Array(0..<10))
    #expect(evaluation.episodes.map(\.length) == [120, 100, 90, 80, 70, 60, 50, 40, 30, 20])
    #expect(evaluation.episodes.map(\.ending) == [.truncated] + Array(repeating: .terminated(reason: 0), count: 9))
    // 1 + 2 + … + n.
    #expect(
      evaluation.episodes.map(\.episodeReturn) == evaluation.episodes.map { Double($0.length * ($0.length + 1) / 2) })
    #expect(evaluation.metrics == evaluation.episodes.map { [Double($0.length), Double($0.env)] })
    #expect(evaluation.steps == 660)
  }

  @Test func startsAreDistinctAndHangOnTheSeed() throws {
    let run = { (seed: UInt64) in
      let envs = try self.envs(50, seed: seed) { _ in 3 }
      return Evaluation(of: ZeroPolicy(spec: envs.spec), in: envs, on: Workers(threads: 1))
    }
    let one = try run(1)
    #expect(one.distinctStarts == 50)
    #expect(try run(1) == one)
    #expect(try run(2).episodes.map(\.startDigest) != one.episodes.map(\.startDigest))
  }

  @Test func equalStartsAreCountedOnce() throws {
    var evaluation = Evaluation(
      of: ZeroPolicy(spec: try CountingEnv(0).spec), in: try envs(3) { _ in 1 }, on: Workers(threads: 1))
    evaluation.episodes[2].startDigest = evaluation.episodes[0].startDigest
    #expect(evaluation.distinctStarts == 2)
  }

  @Test func threadsChangeNothing() throws {
    let run = { (threads: Int) in
      let envs = try VectorEnv(count: 20, seed: 8, start: .once) { _ in try ChaoticEnv() }
      return Evaluation(of: RandomPolicy(spec: envs.spec), in: envs, on: Workers(threads: threads))
    }
    let reference = try run(1)
    #expect(reference.episodes.count == 20)
    for threads in [2, 3, 7] { #expect(try run(threads) == reference) }
  }
}
