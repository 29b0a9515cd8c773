import Environments
import Learning
import Networks
import Storage
import TestEnvs
import Testing

/// Settings of a small learner.
private func settings(_ change: (inout PPOSettings) -> Void = { _ in }) -> PPOSettings {
  var settings = PPOSettings()
  settings.hiddenLayers = [16, 16]
  settings.valueLayers = [16]
  change(&settings)
  return settings
}

/// Everything a learner holds, as bytes.
private func bytes(of ppo: borrowing PPO) throws -> [UInt8] {
  var file = TensorFile()
  try ppo.save(to: &file)
  return file.encoded()
}

/// Observations, actions and targets of all shards.
private func samples(of ppo: borrowing PPO) -> Batch {
  var all = Batch()
  for shard in ppo.core.shards {
    shard.state.withLock {
      all.observations += $0.batch.observations
      all.actions += $0.batch.actions
      all.targets += $0.batch.targets
    }
  }
  return all
}

/// A report without its clock readings.
private func timeless(_ report: IterationReport) -> IterationReport {
  var report = report
  (report.stepsPerSecond, report.envSeconds, report.policySeconds) = (0, 0, 0)
  (report.updateSeconds, report.seconds) = (0, 0)
  return report
}

/// What a value network that reads one column gives for each of `shown`.
private func outputs(of network: MLP, at shown: [Float]) -> [Float] {
  var values = shown
  var span = values.mutableSpan
  network.evaluate(shown.span, rowLength: 1, firstColumn: 0, scaling: .identity(columns: 1), into: &span)
  return values
}

@Suite struct PPOTests {
  @Test func learnsTheKnownOptimum() throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try HalfEnv() }
    var ppo = try PPO(spec: envs.spec, settings: settings { $0.entropyCoefficient = 0 }, seed: 1)
    let workers = Workers(threads: 2)
    for _ in 0..<120 { _ = try ppo.improve(in: envs, on: workers) }
    var random = Random(seed: 0)
    var worst: Float = 0
    for shown in stride(from: -0.9 as Float, through: 0.9, by: 0.1) {
      let observation = [shown]
      var action: [Float] = [0]
      var none: [Float] = []
      var span = action.mutableSpan
      var memory = none.mutableSpan
      ppo.policy.act(on: observation.span, memory: &memory, random: &random, into: &span)
      worst = max(worst, abs(action[0] - shown / 2))
    }
    #expect(worst < 0.06, "off by \(worst)")
  }

  /// The unit of rewards makes no difference at all, up to what rounding does where it is not a power of two.
  @Test func rewardsOfAnySizeTeachTheSame() throws {
    var found: [[Float]] = []
    for scale in [1, 0x1p-17, 0x1p-29, 0x1p20] {
      let envs = try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() }
      var ppo = try PPO(spec: envs.spec, settings: settings { $0.rewardScale = scale }, seed: 1)
      let workers = Workers(threads: 1)
      for _ in 0..<5 { _ = try ppo.improve(in: envs, on: workers) }
      found.append(ppo.policy.network.parameters + ppo.policy.rawLogStd + ppo.valueNetwork.parameters)
    }
    for parameters in found { #expect(parameters == found[0]) }
  }

  @Test(arguments: [1e-8, 1e-4, 1e4]) func observationsOfAnySizeAreLearnedFrom(scale: Float) throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try HalfEnv(scale: scale) }
    var ppo = try PPO(spec: envs.spec, settings: settings { $0.entropyCoefficient = 0 }, seed: 1)
    let workers = Workers(threads: 2)
    for _ in 0..<60 { _ = try ppo.improve(in: envs, on: workers) }
    var means: [Float] = [0, 0]
    var span = means.mutableSpan
    let rows: [Float] = [0.6 * scale, -0.8 * scale]
    ppo.policy.writeOutputs(of: rows.span, into: &span)
    #expect(abs(means[0] - 0.3) < 0.12 && abs(means[1] + 0.4) < 0.12, "\(means)")
  }

  /// A minibatch that holds one sample, or one and its mirror image, has no spread of its own.
  @Test(arguments: [(minibatch: 1, mirrors: false), (minibatch: 2, mirrors: true)])
  func singleSamplesAreLearnedFrom(minibatch: Int, mirrors: Bool) throws {
    let envs = try VectorEnv(count: 8, seed: 1) { _ in try HalfEnv() }
    let settings = settings {
      $0.minibatchSize = minibatch
      $0.mirrorSamples = mirrors
      $0.horizon = mirrors ? 1 : 16
      $0.epochs = 1
      $0.entropyCoefficient = 0
      $0.schedule = .constant
    }
    var ppo = try PPO(spec: envs.spec, settings: settings, seed: 1)
    let before = ppo.policy.network.parameters
    let workers = Workers(threads: 1)
    _ = try ppo.improve(in: envs, on: workers)
    #expect(ppo.policy.network.parameters != before)
    guard !mirrors else { return }
    for _ in 0..<25 { _ = try ppo.improve(in: envs, on: workers) }
    var means: [Float] = [0, 0]
    var span = means.mutableSpan
    let rows: [Float] = [0.8, -0.8]
    ppo.policy.writeOutputs(of: rows.span, into: &span)
    #expect(means[0] > 0.15 && means[1] < -0.15, "\(means)")
  }

  /// An iteration of one sample in all.
  @Test(arguments: [false, true]) func aSingleSampleMovesThePolicy(mirrors: Bool) throws {
    let envs = try VectorEnv(count: 1, seed: 1) { _ in try HalfEnv() }
    var ppo = try PPO(
      spec: envs.spec,
      settings: settings {
        $0.horizon = 1
        $0.mirrorSamples = mirrors
        $0.entropyCoefficient = 0
      }, seed: 1)
    let before = ppo.policy.network.parameters
    let report = try ppo.improve(in: envs, on: Workers(threads: 1))
    #expect(report.skippedMinibatches == 0 && report["gradient_norm"] > 0)
    #expect(ppo.policy.network.parameters != before)
  }

  /// What is learned from mirrored samples is symmetric, the scaling of observations included, and only true steps count.
  @Test func learnsSymmetrically() throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try HalfEnv() }
    var asymmetries: [Float] = []
    for mirrors in [false, true] {
      var ppo = try PPO(spec: envs.spec, settings: settings { $0.mirrorSamples = mirrors }, seed: 1)
      let workers = Workers(threads: 2)
      for _ in 0..<40 { _ = try ppo.improve(in: envs, on: workers) }
      #expect(ppo.steps == 40 * 32 * ppo.settings.horizon)
      #expect((abs(ppo.policy.normalizer.mean[0]) < 1e-12) == mirrors)
      var means: [Float] = [0, 0]
      var span = means.mutableSpan
      let rows: [Float] = [0.7, -0.7]
      ppo.policy.writeOutputs(of: rows.span, into: &span)
      asymmetries.append(abs(means[0] + means[1]))
    }
    #expect(asymmetries[1] < 0.5 * asymmetries[0], "\(asymmetries)")
  }

  @Test func mirrorsOnlyWhatHasASymmetry() throws {
    let envs = try VectorEnv(count: 2, seed: 1) { _ in try PointEnv() }
    var ppo = try PPO(spec: envs.spec, settings: settings { $0.mirrorSamples = true }, seed: 1)
    let workers = Workers(threads: 1)
    var message = ""
    do { _ = try ppo.improve(in: envs, on: workers) } catch { message = "\(error)" }
    #expect(message.contains("symmetry"))
  }

  @Test func learnsToStandStill() throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try PointEnv() }
    var ppo = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    let workers = Workers(threads: 2)
    var returns: [Double] = []
    for _ in 0..<50 {
      let report = try ppo.improve(in: envs, on: workers)
      if let mean = report.meanReturn { returns.append(mean) }
      #expect(report.skippedMinibatches == 0)
    }
    #expect(returns.suffix(5).reduce(0, +) / 5 > -2, "\(returns)")
    #expect(returns.prefix(3).reduce(0, +) / 3 < -4, "\(returns)")
  }

  @Test func sameBitsForAnyNumberOfThreads() throws {
    var results: [[UInt8]] = []
    var reports: [[IterationReport]] = []
    for threads in [1, 2, 3, 7] {
      let envs = try VectorEnv(count: 13, shards: 5, seed: 3) { _ in try PointEnv() }
      var ppo = try PPO(
        spec: envs.spec, settings: settings { $0.minibatchSize = 100 }, seed: 3)
      let workers = Workers(threads: threads)
      var lines: [IterationReport] = []
      for _ in 0..<6 { lines.append(timeless(try ppo.improve(in: envs, on: workers))) }
      results.append(try bytes(of: ppo))
      reports.append(lines)
    }
    for i in 1..<4 {
      #expect(results[i] == results[0])
      #expect(reports[i] == reports[0])
    }
  }

  @Test(arguments: PPOSettings.Schedule.allCases)
  func goesOnAfterARestoreAsIfNothingHadHappened(schedule: PPOSettings.Schedule) throws {
    let settings = settings {
      $0.schedule = schedule
      $0.totalSteps = 4000
    }
    let workers = Workers(threads: 2)
    func make(seed: UInt64) throws -> VectorEnv {
      try VectorEnv(count: 9, shards: 4, seed: seed) { _ in try PointEnv() }
    }
    let envs = try make(seed: 5)
    var straight = try PPO(spec: envs.spec, settings: settings, seed: 5)
    for _ in 0..<4 { _ = try straight.improve(in: envs, on: workers) }
    let saved = try straight.trainingFile(envs: envs, robot: "point").encoded()
    var wanted: [IterationReport] = []
    for _ in 0..<4 { wanted.append(timeless(try straight.improve(in: envs, on: workers))) }

    // Another seed, so that nothing can agree by itself.
    let others = try make(seed: 6)
    var resumed = try PPO(spec: others.spec, settings: settings, seed: 6)
    try resumed.restore(envs: others, from: try TensorFile(decoding: saved))
    var found: [IterationReport] = []
    for _ in 0..<4 { found.append(timeless(try resumed.improve(in: others, on: workers))) }
    #expect(found == wanted)
    #expect(
      try resumed.trainingFile(envs: others, robot: "point").encoded()
        == straight.trainingFile(envs: envs, robot: "point").encoded())
  }

  /// With λ = 0 a target is the reward and γ times the value of what came next, which here is always one step more, the
  /// observation after the last step of an episode or of the rollout included.
  @Test(arguments: [Ending.truncated, .terminated(reason: 0)])
  func targetsUseTheValueOfWhatCameNext(ending: Ending) throws {
    let envs = try VectorEnv(count: 5, shards: 2, seed: 1, start: .together) { _ in try CountingEnv(ending: ending) }
    let settings = settings {
      $0.horizon = 7
      $0.lambda = 0
      $0.discount = 0.5
      $0.normalizeValues = false
    }
    var ppo = try PPO(spec: envs.spec, settings: settings, seed: 1)
    let values = outputs(of: ppo.valueNetwork, at: [0, 1, 2, 3])
    _ = try ppo.improve(in: envs, on: Workers(threads: 2))
    let batch = samples(of: ppo)
    #expect(batch.targets.count == 35)
    for row in batch.targets.indices {
      let steps = Int(batch.observations[row])
      let next = steps == 2 && ending != .truncated ? 0 : values[steps + 1]
      #expect(abs(batch.targets[row] - (1 + 0.5 * next)) < 1e-5)
    }
  }

  @Test func poisonedSamplesDoNoHarm() throws {
    let envs = try VectorEnv(count: 4, seed: 1) { _ in try PointEnv() }
    var ppo = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    let workers = Workers(threads: 1)
    _ = try ppo.improve(in: envs, on: workers)
    let before = ppo.policy.network.parameters
    ppo.core.shards[0].state.withLock { $0.batch.advantages[0] = .nan }
    var report = IterationReport()
    ppo.update(on: workers, &report)
    try ppo.core.endUpdate(&report)
    #expect(report.skippedMinibatches == 3 && ppo.policy.network.parameters == before)
  }

  /// As above, but the third step of every episode fails: the second still counts on the observation before the third.
  @Test func faultedStepsAreNoSamples() throws {
    let envs = try VectorEnv(count: 5, shards: 2, seed: 1, start: .together) { _ in try CountingEnv(ending: .faulted) }
    let settings = settings {
      $0.horizon = 7
      $0.lambda = 0
      $0.discount = 0.5
      $0.normalizeValues = false
    }
    var ppo = try PPO(spec: envs.spec, settings: settings, seed: 1)
    let values = outputs(of: ppo.valueNetwork, at: [0, 1, 2])
    let report = try ppo.improve(in: envs, on: Workers(threads: 2))
    #expect(report.faults == 10 && report.totalFaults == 10 && ppo.faults == 10)
    #expect(report.steps == 35 && report.endings == ["fault": 10] && report.faultReports.count == 10)
    let batch = samples(of: ppo)
    #expect(batch.targets.count == 25 && batch.actions.count == 25 && batch.observations.count == 25)
    for row in batch.targets.indices {
      let steps = Int(batch.observations[row])
      #expect(steps < 2)
      #expect(abs(batch.targets[row] - (1 + 0.5 * values[steps + 1])) < 1e-5)
    }
    // What was shown before a faulted step alone is no observation to learn the scale of either.
    #expect(ppo.policy.normalizer.count == 25 && ppo.policy.normalizer.mean[0] == 0.4)
    #expect(report.rollback == nil && report.skippedMinibatches == 0)
  }

  /// A thousand breakdowns of every kind: it learns as without them.
  @Test func learnsDespiteAThousandFaults() throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in FaultyEnv(try PointEnv(), rate: 0.024) }
    var ppo = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    let workers = Workers(threads: 2)
    for _ in 0..<50 {
      let report = try ppo.improve(in: envs, on: workers)
      #expect(report.skippedMinibatches == 0 && report.rollback == nil && report["surrogate_loss"].isFinite)
    }
    #expect(ppo.faults >= 1000 && ppo.rollbacks == 0)
    let sound = try VectorEnv(count: 100, seed: 9, start: .once) { _ in try PointEnv() }
    let returns = Evaluation(of: ppo.policy, in: sound, on: workers).episodes.map(\.episodeReturn)
    #expect(returns.reduce(0, +) / 100 > -2, "\(returns)")
  }

  /// With one minibatch an epoch, the first moves the policy and the second sees it, so that the update is that of one epoch.
  @Test func divergenceStopsAnUpdate() throws {
    func trained(_ change: (inout PPOSettings) -> Void) throws -> (parameters: [Float], kl: Double) {
      let envs = try VectorEnv(count: 16, seed: 1) { _ in try PointEnv() }
      let settings = settings {
        $0.minibatchSize = 16 * $0.horizon
        $0.schedule = .constant
        change(&$0)
      }
      var ppo = try PPO(spec: envs.spec, settings: settings, seed: 1)
      let report = try ppo.improve(in: envs, on: Workers(threads: 1))
      return (ppo.policy.network.parameters, report["kl"])
    }
    let stopped = try trained { ($0.epochs, $0.stopKL) = (5, 1e-6) }
    let once = try trained { $0.epochs = 1 }
    let whole = try trained { $0.epochs = 5 }
    #expect(stopped.parameters == once.parameters)
    #expect(stopped.parameters != whole.parameters)
    #expect(stopped.kl > 1e-6 && once.kl < 1e-6)
  }

  @Test func reportsWhatHappened() throws {
    let envs = try VectorEnv(count: 32, shards: 3, seed: 2) { _ in try PointEnv() }
    var ppo = try PPO(spec: envs.spec, settings: settings { $0.horizon = 60 }, seed: 2)
    let report = try ppo.improve(in: envs, on: Workers(threads: 2))
    #expect(report.iteration == 1 && report.steps == 1920 && ppo.steps == 1920)
    #expect(!report.episodes.isEmpty && report.endings.values.reduce(0, +) == report.episodes.count)
    let terms = report.rewardTerms
    #expect(Set(terms.keys) == ["place", "effort"])
    if report.endings["lost"] == nil {
      #expect(abs(report.rewardPerStep - terms.values.reduce(0, +)) < 1e-6)
    }
    #expect(report.std.count == 2 && report.std.allSatisfy { $0 > 0.4 && $0 < 0.6 })
    #expect((0.01...0.2).contains(report.actionsAtLimits))
    #expect(report.metrics["distance"] != nil && report.meanLength.map { $0 > 0 && $0 <= 40 } == true)
    #expect(report.stepsPerSecond > 0 && report.updateSeconds > 0 && report.seconds >= report.updateSeconds)
  }

  @Test func envsOfAnotherKindAreRefused() throws {
    let envs = try VectorEnv(count: 2, seed: 1) { _ in try HalfEnv() }
    var ppo = try PPO(spec: try PointEnv().spec, settings: settings(), seed: 1)
    let workers = Workers(threads: 1)
    do {
      _ = try ppo.improve(in: envs, on: workers)
      Issue.record("they were taken")
    } catch {
      #expect(error is LearningError)
    }
  }

  private static func make(seed: UInt64 = 1) throws -> VectorEnv {
    try VectorEnv(count: 8, seed: seed) { _ in try PointEnv() }
  }

  @Test func goesOnFromAPolicy() throws {
    let envs = try Self.make()
    var first = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    let workers = Workers(threads: 1)
    for _ in 0..<3 { _ = try first.improve(in: envs, on: workers) }
    let second = try PPO(policy: first.policy, settings: settings(), seed: 9)
    #expect(second.policy.network == first.policy.network && second.policy.std == first.policy.std)
    #expect(second.policy.normalizer == first.policy.normalizer)
  }

  /// A policy's file brings the value network and the rate along, a training's state the moments as well.
  @Test func goesOnFromFiles() throws {
    let envs = try Self.make()
    var first = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    let workers = Workers(threads: 1)
    for _ in 0..<3 { _ = try first.improve(in: envs, on: workers) }
    let files = [
      try first.policyFile(robot: "point"),
      try first.trainingFile(envs: envs, robot: "point"),
    ]
    for (i, file) in files.enumerated() {
      let start = try LearnerStart(from: try TensorFile(decoding: file.encoded()))
      #expect(start.learningRate == first.learningRate && start.valueLayers == [16])
      let second = try PPO(spec: envs.spec, from: start, settings: settings(), seed: 9)
      #expect(second.policy.network == first.policy.network && second.valueNetwork == first.valueNetwork)
      #expect(second.core.model.critic == first.core.model.critic)
      // And through the file that a run directory keeps of it.
      var kept = TensorFile()
      start.save(to: &kept)
      let again = try PPO(spec: envs.spec, from: try LearnerStart(from: kept), settings: settings(), seed: 9)
      #expect(try bytes(of: again) == bytes(of: second))
      var file = TensorFile()
      try second.save(to: &file)
      let moments = try file.floats(
        "adam.first", shape: [first.policy.network.parameters.count + 2 + first.valueNetwork.parameters.count])
      #expect(moments.contains { $0 != 0 } == (i == 1))
    }
    // Other layers: a fresh value network.
    let start = try LearnerStart(from: files[0])
    let other = try PPO(spec: envs.spec, from: start, settings: settings { $0.valueLayers = [8] }, seed: 9)
    #expect(other.valueNetwork.sizes == [3, 8, 1] && other.policy.network == first.policy.network)
    var damaged = files[0]
    damaged.metadata["value_layers"] = "[3,17,1]"
    #expect(throws: StorageError.self) { try LearnerStart(from: damaged) }
  }

  /// While it is frozen a policy stays the same to the bit, and its value network learns what it is worth.
  @Test func aFrozenPolicyKeepsStill() throws {
    let envs = try Self.make()
    var first = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    let workers = Workers(threads: 1)
    for _ in 0..<10 { _ = try first.improve(in: envs, on: workers) }
    let frozen = settings {
      $0.frozenSteps = 20 * 8 * $0.horizon
      $0.minibatchSize = 32
    }
    var firstLoss = Double.nan
    var second = try PPO(policy: first.policy, settings: frozen, seed: 9)
    let others = try Self.make(seed: 9)
    for i in 1...21 {
      let report = try second.improve(in: others, on: workers)
      let isFrozen = i <= 20
      #expect((second.policy.network == first.policy.network) == isFrozen)
      #expect((second.policy.rawLogStd == first.policy.rawLogStd) == isFrozen)
      #expect(report.learningRate == (isFrozen ? PPOSettings.frozenRate : second.settings.learningRate))
      if i == 1 { firstLoss = report["value_loss"] }
      if i == 20 { #expect(report["value_loss"] < 0.7 * firstLoss, "\(report["value_loss"]) after \(firstLoss)") }
    }
    // The critic alone sees the clock, whose statistics no policy brings along.
    var file = TensorFile()
    try second.save(to: &file)
    let means = try file.doubles("observations.normalizer.mean", shape: [4])
    #expect(abs(means[3] - 0.45) < 0.1, "\(means)")
  }
}
