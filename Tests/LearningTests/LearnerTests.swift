import Environments
import Learning
import Networks
import Storage
import TestEnvs
import Testing

/// What every learner must hold to, whichever it is; a new one is tested for free.
@Suite struct LearnerTests {
  static let names = LearnerKind.all.map(\.name)
  /// Learners by name, some with settings that change what there is to save.
  static let variants = names + ["ppo memory=gru", "a2c memory=gru", "a2c advantage=q"]

  /// A small learner of that kind, whose iterations are short.
  private func make(_ variant: String, for spec: EnvSpec, seed: UInt64) throws -> any AnyLearner {
    let parts = variant.split(separator: " ").map(String.init)
    let kind = try #require(LearnerKind.named(parts[0]))
    var settings = kind.settings
    var texts = [
      "horizon": "16", "hidden_layers": "8", "value_layers": "8", "minibatch": "32", "total_steps": "4000",
      "learning_starts": "64", "updates": "4", "buffer": "1000", "memory_width": "6", "sequence_length": "7",
    ]
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=").map(String.init)
      texts[pair[0]] = pair[1]
    }
    for key in kind.keys {
      guard let dot = key.name.firstIndex(of: "."), let text = texts[String(key.name[key.name.index(after: dot)...])]
      else { continue }
      #expect(key.write(&settings, text), "\(key.name)")
    }
    return try kind.makeLearner(spec: spec, settings: settings, seed: seed)
  }

  private func points(seed: UInt64) throws -> VectorEnv {
    try VectorEnv(count: 9, shards: 4, seed: seed) { _ in try PointEnv() }
  }

  /// What two equal trainings must agree on; not-a-number counts as equal to itself.
  private func text(_ report: IterationReport) -> String {
    "\(report.figures) \(report.rewardPerStep) \(report.learningRate) \(report.std) \(report.episodes)"
  }

  @Test(arguments: variants) func sameBitsForAnyNumberOfThreads(_ name: String) throws {
    var files: [[UInt8]] = []
    var reports: [[String]] = []
    for threads in [1, 2, 3, 7] {
      let envs = try points(seed: 3)
      let learner = try make(name, for: envs.spec, seed: 3)
      let workers = Workers(threads: threads)
      reports.append(try (0..<6).map { _ in text(try learner.improve(in: envs, on: workers)) })
      files.append(try learner.trainingFile(envs: envs, robot: "point").encoded())
    }
    for i in 1..<4 { #expect(files[i] == files[0] && reports[i] == reports[0]) }
  }

  @Test(arguments: variants) func goesOnAfterARestoreAsIfNothingHadHappened(_ name: String) throws {
    let workers = Workers(threads: 2)
    let envs = try points(seed: 5)
    let straight = try make(name, for: envs.spec, seed: 5)
    for _ in 0..<4 { _ = try straight.improve(in: envs, on: workers) }
    let saved = try straight.trainingFile(envs: envs, robot: "point").encoded()
    let wanted = try (0..<4).map { _ in text(try straight.improve(in: envs, on: workers)) }
    // Another seed, so that nothing can agree by itself.
    let others = try points(seed: 6)
    let resumed = try make(name, for: others.spec, seed: 6)
    try resumed.restore(envs: others, from: TensorFile(decoding: saved))
    #expect(try (0..<4).map { _ in text(try resumed.improve(in: others, on: workers)) } == wanted)
    #expect(
      try resumed.trainingFile(envs: others, robot: "point").encoded()
        == straight.trainingFile(envs: envs, robot: "point").encoded())
  }

  @Test(arguments: variants) func improvesItsPolicy(_ name: String) throws {
    let envs = try points(seed: 1)
    let learner = try make(name, for: envs.spec, seed: 1)
    let workers = Workers(threads: 1)
    let before = learner.policy.network.parameters
    for _ in 0..<6 {
      let report = try learner.improve(in: envs, on: workers)
      #expect(report.skippedMinibatches == 0 && report.rollback == nil)
      #expect(report.iteration == learner.iteration && report.steps == learner.steps)
      #expect(Set(report.figures.map(\.name)).count == report.figures.count && !report.figures.isEmpty)
    }
    #expect(learner.steps == 6 * 9 * 16)
    #expect(learner.policy.network.parameters != before)
  }

  @Test(arguments: names) func anothersFileIsRefused(_ name: String) throws {
    let envs = try points(seed: 1)
    var file = try make(name, for: envs.spec, seed: 1).trainingFile(envs: envs, robot: "point")
    file.metadata["learner"] = "other"
    let learner = try make(name, for: envs.spec, seed: 1)
    #expect(throws: LearningError("it is of the learner 'other', not of '\(name)'")) {
      try learner.restore(envs: envs, from: file)
    }
  }

  @Test func settingsOfAnotherLearnerAreRefused() throws {
    let spec = try PointEnv().spec
    #expect(throws: LearningError.self) {
      try LearnerKind.standard.makeLearner(spec: spec, settings: A2CSettings(), seed: 1)
    }
  }
}
