import Environments
import Testing

@testable import Learning

@Suite struct PPOTests {
  @Test func learnsTheKnownOptimum() throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try HalfEnv() }
    var ppo = try PPO(spec: envs.spec, seed: 1)
    let workers = Workers(threads: 2)
    for i in 0..<60 {
      let report = try ppo.improve(in: envs, on: workers)
      if i % 10 == 9 {
        print(
          report.iteration, report.steps, report.rewardPerStep, report.approxKL, report.learningRate, report.std,
          report.explainedVariance, report.stepsPerSecond, report.updateSeconds, report.gradientNorm)
      }
    }
  }

  @Test func learnsToStandStill() throws {
    let envs = try VectorEnv(count: 32, seed: 1) { _ in try PointEnv() }
    var ppo = try PPO(spec: envs.spec, seed: 1)
    let workers = Workers(threads: 2)
    for i in 0..<60 {
      let report = try ppo.improve(in: envs, on: workers)
      if i % 10 == 9 { print(report) }
    }
  }
}
