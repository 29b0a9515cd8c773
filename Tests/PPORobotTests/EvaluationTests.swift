import Environments
import PPORobot
import Robotics
import Testing

@Suite struct EvaluationTests {
  private func evaluate(
    _ policy: String = "zero", episodes: Int, seed: UInt64 = 0, threads: Int = 1,
    for purpose: Evaluator.Purpose = .judgement
  ) throws -> EvaluationReport {
    let entry = Catalog.Entry.walker()
    let spec = try entry.spec()
    let policy: any Policy = policy == "zero" ? ZeroPolicy(spec: spec) : RandomPolicy(spec: spec)
    let evaluator = Evaluator(entry: entry, workers: Workers(threads: threads))
    let evaluation = try #require(
      try evaluator.evaluate(policy, episodes: episodes, seed: seed, for: purpose))
    return EvaluationReport(evaluation, spec: spec, robot: "walker", policy: "p", seed: seed)
  }

  @Test func standingStillLastsTheFullTime() throws {
    let report = try evaluate(episodes: 300)
    #expect(report.episodes == 300)
    #expect(report.steps == 6000)
    #expect(report.distinctStarts == 300)
    #expect(report.lengthSeconds.mean == 2)
    #expect(report.endings.map(\.name) == ["fell off", "fault", "truncated"])
    #expect(report.endings.map(\.count) == [0, 0, 300])
    #expect(report.metrics.map(\.name) == ["end_m"])
    #expect(report.sentence.hasPrefix("300 of 300 episodes lasted the full 2 s; return 1"))
    // The mean over random starts.
    #expect(abs((report.episodeReturn.mean ?? 0) - 15) < 0.5)
  }

  @Test func threadsChangeNothing() throws {
    #expect(try evaluate("random", episodes: 200) == evaluate("random", episodes: 200, threads: 3))
  }

  @Test func seedsAndPurposesDiffer() throws {
    let one = try evaluate(episodes: 10)
    #expect(try one.episodeReturn != evaluate(episodes: 10, seed: 1).episodeReturn)
    #expect(try one.episodeReturn != evaluate(episodes: 10, for: .selection).episodeReturn)
  }

  @Test func aWishToStopIsHeard() throws {
    let entry = Catalog.Entry.walker()
    let evaluator = Evaluator(entry: entry, workers: Workers(threads: 1))
    let evaluation = try evaluator.evaluate(
      ZeroPolicy(spec: try entry.spec()), episodes: 1000, seed: 0, for: .judgement, shouldStop: { true })
    #expect(evaluation == nil)
  }

  @Test func fallsAreCountedByReason() throws {
    let report = try evaluate("random", episodes: 400)
    let counts = report.endings.map(\.count)
    #expect(counts.reduce(0, +) == 400)
    #expect(counts[0] > 0)
    #expect(report.sentence.contains("ended by fell off"))
  }
}
