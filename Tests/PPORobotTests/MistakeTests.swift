import Environments
import PPORobot
import Robotics
import TestRuns
import Testing
import Training

/// A mistake of an author ends commands with a line that says what is wrong, in which step.
@Suite struct MistakeTests {
  static func catalog(
    _ manner: Lander.Manner, endings: [String] = [], success: Success = .lasting
  ) -> Catalog {
    Catalog([
      .init("lander", summary: "lands", success: success, env: { try Lander(manner, endings: endings) })
    ])
  }

  private func train(_ catalog: Catalog, in folder: TemporaryFolder) throws {
    try PPORobot.run(
      [
        "train", "--robot", "lander", "--run-dir", folder.path + "/run", "--quiet", "--steps", "2048", "--envs", "8",
        "--set", "evaluation.final_episodes=4", "--set", "evaluation.episodes=2",
      ], with: catalog)
  }

  private func error(_ catalog: Catalog) throws -> String? {
    let folder = try TemporaryFolder()
    do {
      try train(catalog, in: folder)
      return nil
    } catch {
      #expect(!folder.contents.contains("run/summary.json"))
      return "\(error)"
    }
  }

  @Test func anEndingWithoutANameEndsTheTraining() throws {
    #expect(
      try error(Self.catalog(.lands)) == "robot 'lander' has a mistake in its task or env: step returned "
        + ".terminated(reason: 0), but EnvSpec declares no endings; pass endings: [\"landed\"], or the name that suits")
    #expect(try error(Self.catalog(.lands, endings: ["landed"])) == nil)
  }

  @Test func aTrainingInWhichEveryEpisodeFaultsHasFailed() throws {
    #expect(
      try error(Self.catalog(.fails))
        == "the training of robot 'lander' failed: all 4 episodes of its final evaluation "
        + "ended in a fault; the first in the training: the reward is nan; 'check lander' says more")
  }

  @Test func checkTellsTheMistake() throws {
    let entry = try #require(Self.catalog(.lands)["lander"])
    let findings = RobotCheck.findings(of: entry)
    #expect(findings.map(\.id) == ["mistake"] && findings.map(\.severity) == [.error])
    #expect(findings[0].sentence.hasPrefix("step returned .terminated(reason: 0), but EnvSpec declares no endings"))
  }

  @Test func anEndingCanBeASuccess() throws {
    let entry = try #require(
      Self.catalog(.lands, endings: ["landed"], success: .ending("landed"))["lander"])
    let evaluator = Evaluator(entry: entry, workers: Workers(threads: 1))
    let found = try evaluator.evaluate(
      ZeroPolicy(spec: try entry.spec()), episodes: 5, seed: 1, for: .evaluation)
    let evaluation = try #require(found)
    let spec = try entry.spec()
    #expect(entry.success.outcomes(of: evaluation, spec: spec) == Array(repeating: true, count: 5))
    #expect(Success.ending("crashed").outcomes(of: evaluation, spec: spec) == nil)
    #expect(Success.ending("landed").words == "ending as landed")
    // What the curriculum goes by.
    let envs = try entry.makeVectorEnv(count: 2, shards: 1, seed: 1, start: .together)
    envs.collect(steps: 6, with: ZeroPolicy(spec: spec), on: Workers(threads: 1))
    #expect(entry.success.outcomes(of: envs.rollout(ofShard: 0), spec: spec) == [true, true, true, true])
  }

  @Test func aCatalogWithAMistakeIsRefused() throws {
    let entry = try #require(Self.catalog(.sound)["lander"])
    #expect(throws: CommandError("the catalog: two robots are named 'lander'; rename one of them")) {
      try PPORobot.run(["list"], with: Catalog([entry, entry]))
    }
  }

  /// A trap of Swift itself, such as an index out of range, is reported.
  @Test func aTrapIsToldInWords() async throws {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      UserCode.reportTraps()
      try PPORobot.run(["check", "lander"], with: MistakeTests.catalog(.traps))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Error: the env's step stopped the program: an index out of range, "), "\(text)")
  }
}
