import Environments
import Learning
import Networks
import Reporting
import Robotics
import Robots
import TestRuns
import Testing
import Training

/// What a program of one's own calls.
@Suite struct LibraryTests {
  private let cartpole: Catalog.Entry

  init() throws { cartpole = try #require(Catalog.standard["cartpole"]) }

  @Test func settingsComeFromThePreset() throws {
    let settings = try TrainingSettings(for: cartpole, changing: ["steps": 5_000, "ppo.epochs": 2])
    let declared = try TrainingSettings(for: cartpole)
    #expect(settings.steps == 5_000 && settings.ppo.epochs == 2)
    #expect(Double(declared.steps) == 100_000 && settings.ppo.totalSteps == declared.ppo.totalSteps)
    #expect(settings.evaluation.interval == declared.evaluation.interval && settings.evaluation.interval > 0)
    #expect(throws: TrainingError("unknown setting 'ppo.epoch'; did you mean 'ppo.epochs'?")) {
      try TrainingSettings(for: cartpole, changing: ["ppo.epoch": 2])
    }
    #expect(throws: TrainingError("setting 'envs' is '0'; it must be a whole number from 1 to 65536")) {
      try TrainingSettings(for: cartpole, changing: ["envs": 0])
    }
  }

  @Test func settingsOutOfRangeMakeNoEnvs() throws {
    var settings = try TrainingSettings(for: cartpole)
    settings.envs = 0
    #expect(throws: TrainingError("setting 'envs' is 0; it must be a whole number from 1 to 65536")) {
      try cartpole.makeVectorEnv(for: settings)
    }
    settings.envs = 3
    settings.shards = 2
    let envs = try cartpole.makeVectorEnv(for: settings)
    #expect(envs.count == 3 && envs.shardCount == 2)
  }

  /// The same figures as the command's.
  @Test func anEvaluationIsTheCommands() throws {
    let evaluator = Evaluator(entry: cartpole, workers: Workers(threads: 2))
    let policy = ZeroPolicy(spec: try cartpole.spec())
    let report = try evaluator.evaluate(policy, named: "zero", episodes: 5, seed: 3)
    let folder = try TemporaryFolder()
    let arguments = ["evaluate", "cartpole", "--policy", "zero", "--episodes", "5", "--seed", "3", "--json"]
    #expect(try Command.run(arguments, in: folder).output == report.jsonDocument + "\n")
    let mean = try #require(report.episodeReturn.mean)
    #expect(report.episodes == 5 && report.episodeReturn.ci95?.contains(mean) == true)
    let recording = try #require(try evaluator.record(policy, episode: 2, seed: 3))
    #expect(recording.frames.count > 1)
    let page = String(
      decoding: try Replay.page(of: policy, named: "zero", by: evaluator, report: report), as: UTF8.self)
    #expect(page.contains("<h1>cartpole</h1>"))
  }

  @Test func mistakesAreErrors() throws {
    let evaluator = Evaluator(entry: cartpole, workers: Workers(threads: 1))
    let spec = try cartpole.spec()
    #expect(throws: TrainingError("an evaluation of 0 episodes was asked for; it takes 1 at least")) {
      try evaluator.evaluate(ZeroPolicy(spec: spec), episodes: 0)
    }
    #expect(throws: TrainingError("there is no episode -1; the first is 0")) {
      try evaluator.record(ZeroPolicy(spec: spec), episode: -1)
    }
    let other = ZeroPolicy(spec: try #require(Catalog.standard["pendulum"]).spec())
    let error = #expect(throws: TrainingError.self) { try evaluator.evaluate(other) }
    #expect(error?.description.hasPrefix("the policy does not fit robot 'cartpole': it was trained on 3 ") == true)
    #expect(throws: TrainingError.self) { try Catalog.standard.entry(named: "cartpol") }
  }

  /// A rate that is far too high is found out, as in a training by the command.
  @Test func theDoctorSpeaks() throws {
    let settings = try TrainingSettings(
      for: cartpole, changing: ["ppo.learning_rate": 0.05, "ppo.schedule": "constant", "threads": 1])
    let envs = try cartpole.makeVectorEnv(for: settings)
    var learner = try PPO(spec: envs.spec, settings: settings.ppo, seed: settings.seed)
    var doctor = try RunDoctor(for: cartpole, settings: settings)
    let workers = Workers(threads: settings.threads)
    var said: [Finding] = []
    for _ in 0..<30 { said += doctor.examine(try learner.improve(in: envs, on: workers)) }
    #expect(said.contains { $0.id == "kl_above_target" && $0.hint.contains("ppo.learning_rate") })
    #expect(!said.contains { $0.id == "slow" })
    #expect(!doctor.findings.isEmpty)
  }

  @Test func theSettingsPageIsTheTable() throws {
    let page = try Repository.text("Documentation/Settings.md")
    #expect(page == SettingsReference.page, "run: ppo-robot list --settings > Documentation/Settings.md")
    for key in TrainingKey.all(of: .standard) {
      #expect(page.contains("| `\(key.name)`\(key.affectsResult ? "" : " *") | "))
    }
    #expect(page.contains("| all processors |"))
    let folder = try TemporaryFolder()
    #expect(try Command.run(["list", "--settings"], in: folder).output == page)
    let outcome = try Command.run(["list", "--settings", "--json"], in: folder)
    #expect(outcome.status != 0 && outcome.errors.contains("--settings prints Markdown and --json lists robots"))
  }
}
