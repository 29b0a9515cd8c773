import Environments
import Learning
import Networks
import Storage
import TestEnvs
import Testing

/// PPO with a penalty on the divergence.
@Suite struct PPOPenaltyTests {
  private func settings(_ change: (inout PPOSettings) -> Void = { _ in }) -> PPOSettings {
    var settings = PPOSettings()
    settings.objective = .penalty
    settings.hiddenLayers = [16]
    settings.valueLayers = [16]
    change(&settings)
    return settings
  }

  private func points(seed: UInt64) throws -> VectorEnv {
    try VectorEnv(count: 9, shards: 4, seed: seed) { _ in try PointEnv() }
  }

  private func report(ofDivergence divergence: Double) -> IterationReport {
    var report = IterationReport()
    report["kl"] = divergence
    return report
  }

  /// A target of 0.3: the weight stays from 0.2 to 0.45.
  @Test func theWeightFollowsTheDivergence() {
    var penalty = KLPenalty(1)
    for (divergence, weight) in [
      (0.451, 2.0), (100, 4), (0.449, 4), (0.3, 4), (0.201, 4), (0.199, 2), (0, 1), (0, 0.5),
    ] {
      let before = penalty.weight
      #expect(penalty.follow(divergence, target: 0.3) == (weight != before))
      #expect(penalty.weight == weight, "after \(divergence)")
    }
  }

  @Test func theWeightHasBounds() {
    var (high, low) = (KLPenalty(0.75), KLPenalty(0.15))
    #expect(high.follow(1, target: 0.1, within: 0.1...1) && high.weight == 1)
    #expect(!high.follow(1, target: 0.1, within: 0.1...1) && high.weight == 1)
    #expect(low.follow(0, target: 0.1, within: 0.1...1) && low.weight == 0.1)
    #expect(!low.follow(0, target: 0.1, within: 0.1...1) && low.weight == 0.1)
    // From beyond a bound it only comes back.
    #expect(!high.follow(1, target: 0.1, within: 0.1...0.5) && high.weight == 1)
    #expect(high.follow(0, target: 0.1, within: 0.1...0.5) && high.weight == 0.5)
    #expect(!low.follow(0, target: 0.1, within: 0.3...1) && low.weight == 0.1)
    #expect(low.follow(1, target: 0.1, within: 0.3...1) && low.weight == 0.2)
  }

  /// Up to its preferred bound the penalty answers, then the rate up to its own, then the penalty again.
  @Test(arguments: [true, false]) func penaltyAndRateTakeTurns(isHigh: Bool) throws {
    let rate = 1e-4
    let (preferred, range) = (KLPenalty.preferred, KLPenalty.range)
    let (bound, last, factor) =
      isHigh ? (preferred.upperBound, range.upperBound, 2) : (preferred.lowerBound, range.lowerBound, 0.5)
    var ppo = try PPO(
      spec: try PointEnv().spec,
      settings: settings {
        $0.targetKL = 0.1
        $0.learningRate = rate
        $0.minLearningRate = 0.7 * rate
        $0.maxLearningRate = 1.4 * rate
        $0.penalty = bound / factor
      }, seed: 1)
    let unanswered = report(ofDivergence: isHigh ? 1 : 0.01)
    func expect(_ weight: Double, _ rate: Double) {
      #expect(ppo.penalty.weight == weight && abs(ppo.learningRate / rate - 1) < 1e-12, "\(ppo.penalty)")
    }
    let steps = isHigh ? [1 / 1.3, 0.7] : [1.3, 1.4]
    ppo.endIteration(unanswered)
    expect(bound, rate)
    ppo.endIteration(report(ofDivergence: .nan))
    expect(bound, rate)
    for step in steps {
      ppo.endIteration(unanswered)
      expect(bound, step * rate)
    }
    ppo.endIteration(unanswered)
    expect(bound * factor, steps[1] * rate)
    for _ in 0..<20 { ppo.endIteration(unanswered) }
    expect(last, steps[1] * rate)
  }

  /// A rate that no schedule moves leaves all to the penalty, whose target moves all the same.
  @Test func theTargetMovesToTheFinalOne() throws {
    let envs = try points(seed: 1)
    var ppo = try PPO(
      spec: envs.spec,
      settings: settings {
        $0.schedule = .constant
        $0.targetKL = 0.1
        $0.finalKL = 0.4
        $0.totalSteps = 9 * $0.horizon
      }, seed: 1)
    ppo.endIteration(report(ofDivergence: 0.2))
    #expect(ppo.penalty.weight == 2 && ppo.learningRate == ppo.settings.learningRate)
    _ = try ppo.improve(in: envs, on: Workers(threads: 1))
    let weight = ppo.penalty.weight
    // All steps taken: 0.2 lies below 0.4 / 1.5.
    ppo.endIteration(report(ofDivergence: 0.2))
    #expect(ppo.penalty.weight == weight / 2 && ppo.learningRate == ppo.settings.learningRate)
  }

  /// Updates stay nearer the old policy the more their divergence weighs.
  @Test func thePenaltyHoldsTheDivergence() throws {
    var found: [Double] = []
    for weight in [KLPenalty.range.lowerBound, 10] {
      let envs = try VectorEnv(count: 32, seed: 1) { _ in try PointEnv() }
      var ppo = try PPO(
        spec: envs.spec,
        settings: settings {
          $0.penalty = weight
          $0.schedule = .constant
          $0.epochs = 10
        }, seed: 1)
      let report = try ppo.improve(in: envs, on: Workers(threads: 2))
      #expect(report["penalty"] == weight && report["clip_fraction"].isNaN)
      found.append(report["kl"])
    }
    #expect(found[1] > 0 && found[1] < 0.5 * found[0], "\(found)")
  }

  @Test func aFrozenPolicyLeavesThePenaltyAlone() throws {
    let envs = try points(seed: 1)
    var ppo = try PPO(spec: envs.spec, settings: settings { $0.frozenSteps = 2 * 9 * $0.horizon }, seed: 1)
    let workers = Workers(threads: 1)
    for _ in 0..<2 {
      _ = try ppo.improve(in: envs, on: workers)
      #expect(ppo.penalty.weight == 1)
    }
  }

  @Test func goesOnAfterARestoreAsIfNothingHadHappened() throws {
    // Too small a target for the first updates, so that the weight is another one when the state is saved.
    let settings = settings {
      $0.targetKL = 1e-5
      $0.finalKL = 5e-6
      $0.totalSteps = 4000
    }
    let workers = Workers(threads: 2)
    let envs = try points(seed: 5)
    var straight = try PPO(spec: envs.spec, settings: settings, seed: 5)
    for _ in 0..<3 { _ = try straight.improve(in: envs, on: workers) }
    let weight = straight.penalty.weight
    #expect(weight != 1)
    let saved = try straight.trainingFile(envs: envs, robot: "point").encoded()
    let wanted = try (0..<4).map { _ in try straight.improve(in: envs, on: workers).figures }

    let others = try points(seed: 6)
    var resumed = try PPO(spec: others.spec, settings: settings, seed: 6)
    try resumed.restore(envs: others, from: TensorFile(decoding: saved))
    #expect(resumed.penalty.weight == weight)
    #expect(try (0..<4).map { _ in try resumed.improve(in: others, on: workers).figures } == wanted)
    #expect(wanted.first?.first { $0.name == "penalty" }?.value == weight)
    #expect(
      try resumed.trainingFile(envs: others, robot: "point").encoded()
        == straight.trainingFile(envs: envs, robot: "point").encoded())
  }

  @Test func damagedPenaltiesAreRefused() throws {
    let envs = try points(seed: 1)
    let trained = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    let file = try trained.trainingFile(envs: envs, robot: "point")
    for weight in [0, -1, Double.nan, 2 * KLPenalty.range.upperBound] {
      var damaged = file
      damaged.set("ppo.penalty", .float64([weight]))
      var ppo = try PPO(spec: envs.spec, settings: settings { $0.penalty = 2 }, seed: 2)
      let before = ppo.policy.network.parameters
      #expect(throws: LearningError.self) { try ppo.restore(envs: envs, from: damaged) }
      #expect(ppo.penalty.weight == 2 && ppo.policy.network.parameters == before)
    }
    // The clip objective keeps no such thing.
    let clipped = try PPO(spec: envs.spec, settings: settings { $0.objective = .clip }, seed: 1)
    #expect(try clipped.trainingFile(envs: envs, robot: "point").tensors["ppo.penalty"] == nil)
  }

  /// What aims at a divergence hands it on, whether a schedule or the penalty does.
  @Test func thePaceIsHandedOn() {
    let constant = settings { $0.schedule = .constant }
    #expect(constant.pace(after: 0) == constant.targetKL)
    var clipped = constant
    clipped.objective = .clip
    #expect(clipped.pace(after: 0) == nil)
  }
}
