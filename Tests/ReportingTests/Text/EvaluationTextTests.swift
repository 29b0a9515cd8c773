import Environments
import Reporting
import Robotics
import Robots
import TestRuns
import Testing
import Training

/// Evaluations and comparisons in sentences and tables.
@Suite struct EvaluationTextTests {
  private func evaluation(_ entry: Catalog.Entry, _ name: String, episodes: Int) throws -> Evaluation {
    let policy = try PolicySource.find(
      robot: entry.name, policy: name, in: Catalog([entry]), stochastic: false
    ).policy
    return try #require(
      try Evaluator(entry: entry, workers: Workers(threads: 1))
        .evaluate(policy, episodes: episodes, seed: 0, for: .evaluation))
  }

  @Test func howEpisodesEndedIsReported() throws {
    let evaluator = Evaluator(entry: .walker(), workers: Workers(threads: 1))
    let spec = try evaluator.entry.spec()
    let still = try evaluator.evaluate(ZeroPolicy(spec: spec), named: "p", episodes: 300)
    #expect(still.sentence.hasPrefix("300 of 300 episodes lasted the full 2 s; return 1"))
    let random = try evaluator.evaluate(RandomPolicy(spec: spec), named: "p", episodes: 400)
    #expect(random.sentence.contains("ended by fell off"))
    #expect(random.text.contains("success: lasting to the end  \(random.endings[2].count) of 400"))
  }

  @Test func comparisonsAreSentences() throws {
    let (still, random) = (
      try evaluation(.walker(), "zero", episodes: 200), try evaluation(.walker(), "random", episodes: 200)
    )
    let entry = Catalog.Entry.walker()
    let compare = { (a: Evaluation, b: Evaluation) in
      Comparison([a], [b], spec: try entry.spec(), success: entry.success)
    }
    #expect(
      try compare(still, still).sentence.hasPrefix("In return it is undecided whether B is better than A: B − A is 0")
    )
    #expect(try compare(random, still).sentence.contains("In success B is better than A: B − A is 0."))
  }

  @Test func effortIsATable() throws {
    let arm = try #require(Catalog.standard["arm"])
    let effort = try #require(
      EffortReport(try evaluation(arm, "random", episodes: 3)))
    #expect(effort.table.hasPrefix("joint        mean torque (N m)  peak  share of limit"))
  }

  @Test func halvedStepsAreATable() throws {
    let entry = try #require(Catalog.standard["cartpole"])
    let halving = try #require(
      try StepHalving(
        of: ZeroPolicy(spec: try entry.spec()), for: entry, episodes: 3, seed: 1, on: Workers(threads: 1)))
    #expect(halving.table.contains("5 ms") && halving.table.contains("2.5 ms"))
  }
}
