import Environments
import Foundation
import Robotics
import TestRuns
import Testing
import Training

@Suite struct ComparisonTests {
  private let entry = Catalog.Entry.walker()

  private func evaluation(_ policy: String, seed: UInt64 = 0) throws -> Evaluation {
    let spec = try entry.spec()
    let policy: any Policy = policy == "zero" ? ZeroPolicy(spec: spec) : RandomPolicy(spec: spec)
    return try #require(
      try Evaluator(entry: entry, workers: Workers(threads: 1))
        .evaluate(policy, episodes: 200, seed: seed, for: .evaluation))
  }

  private func compare(_ a: [Evaluation], _ b: [Evaluation]) throws -> Comparison {
    Comparison(a, b, spec: try entry.spec(), success: entry.success)
  }

  @Test func aPolicyIsNotBetterThanItself() throws {
    let one = try evaluation("zero")
    let comparison = try compare([one], [one])
    #expect(comparison.differences.map(\.name) == ["return", "success", "length_s", "end_m"])
    for row in comparison.differences {
      #expect(row.difference == 0 && row.ci95 == 0...0 && row.verdict == .cannotTell && row.a == row.b)
    }
  }

  @Test func standingStillBeatsStaggering() throws {
    let (still, random) = (try evaluation("zero"), try evaluation("random"))
    let comparison = try compare([random], [still])
    #expect(comparison.isPaired)
    #expect(comparison["return"]?.verdict == .better && comparison["success"]?.verdict == .better)
    let mean = { (evaluation: Evaluation) in
      evaluation.episodes.reduce(0) { $0 + $1.episodeReturn } / Double(evaluation.episodes.count)
    }
    let row = try #require(comparison["return"])
    #expect(abs((row.difference ?? 0) - (mean(still) - mean(random))) < 1e-9)
    #expect(try compare([still], [random])["return"]?.verdict == .worse)
  }

  @Test func setsAreComparedOverRuns() throws {
    let still = try (0..<4 as Range<UInt64>).map { try evaluation("zero", seed: $0) }
    let random = try (0..<3 as Range<UInt64>).map { try evaluation("random", seed: $0) }
    let comparison = try compare(random, still)
    #expect(!comparison.isPaired)
    #expect(comparison["return"]?.verdict == .better)
    let means = still.map { $0.episodes.reduce(0) { $0 + $1.episodeReturn } / 200 }
    #expect(abs((comparison["return"]?.b ?? 0) - (Statistics.interquartileMean(of: means) ?? 0)) < 1e-9)
    // Runs of one kind differ by their starts alone.
    #expect(try compare(Array(still[..<2]), Array(still[2...]))["success"]?.verdict == .cannotTell)
  }

  // MARK: The command

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func json(_ arguments: String...) throws -> [String: Any] {
    let outcome = try Command.run(arguments + ["--json"], in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return try #require(try outcome.json() as? [String: Any])
  }

  @Test func theTrainedPendulumBeatsZero() throws {
    let document = try json("compare", "zero", "trained", "--robot", "pendulum", "--episodes", "20")
    #expect(
      Set(document.keys) == [
        "robot", "a", "b", "episodes", "seed", "interval_over", "differences", "verdict", "sentence",
      ])
    #expect(document["interval_over"] as? String == "paired episodes")
    #expect((document["verdict"] as? [String: String]) == ["return": "better"])
    let differences = try #require(document["differences"] as? [String: [String: Any]])
    let row = try #require(differences["return"])
    #expect(((row["ci95"] as? [Double])?.first ?? 0) > 500)

    let text = try Command.run(
      ["compare", "trained", "trained", "--robot", "pendulum", "--episodes", "5"], in: folder)
    #expect(text.lines.last?.hasPrefix("In return it is undecided whether B is better than A: B − A is 0,") == true)
  }

  @Test func trainingsOfSeveralSeeds() throws {
    let train = ["train", "--robot", "pendulum", "--steps", "5000", "--set", "evaluation.final_episodes=10"]
    let outcome = try Command.run(train + ["--seeds", "1,3-4", "--run-dir", "set"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Next: ppo-robot compare OTHER set"))
    let alone = try Command.run(train + ["--seed", "3", "--run-dir", "alone", "--quiet"], in: folder)
    #expect(alone.status == 0)
    for file in ["checkpoints/best.safetensors", "config.yaml"] {
      #expect(try folder.data("set/seed-3/\(file)") == folder.data("alone/\(file)"))
    }
    let (among, single) = (try RunContents("set/seed-3", in: folder), try RunContents("alone", in: folder))
    #expect(among.last == single.last && among.progress == single.progress)
    let summary = try #require(
      try JSONSerialization.jsonObject(with: folder.data("set/summary.json")) as? [String: Any])
    #expect(summary["seeds"] as? [Int] == [1, 3, 4])
    let runs = try #require(summary["runs"] as? [[String: Any]])
    let returns = runs.compactMap { $0["return"] as? Double }
    let over = try #require((summary["over_runs"] as? [String: [String: Any]])?["return"])
    #expect(returns.count == 3 && abs((over["mean"] as? Double ?? 0) - returns.reduce(0, +) / 3) < 1e-9)
    #expect((over["ci95"] as? [Double])?.first ?? 0 >= returns.min() ?? 0)

    let document = try json("compare", "set", "set/seed-1,alone/", "--episodes", "4")
    #expect(document["interval_over"] as? String == "runs")
    #expect(
      (document["b"] as? [String: Any])?["policies"] as? [String]
        == ["set/seed-1/checkpoints/best.safetensors", "alone/checkpoints/best.safetensors"])
    #expect(((document["a"] as? [String: Any])?["policies"] as? [String])?.count == 3)

    let lines = try Command.run(train + ["--seeds", "1-2", "--json"], in: folder)
    let last = try #require(
      try JSONSerialization.jsonObject(with: Data((lines.lines.last ?? "").utf8)) as? [String: Any])
    #expect(last["event"] as? String == "done" && last["seeds"] as? [Int] == [1, 2])
  }
}
