import Environments
import Robotics
import Robots
import Testing
import Training

@Suite struct EvaluationTests {
  private func evaluate(
    _ policy: String = "zero", episodes: Int, seed: UInt64 = 0, threads: Int = 1,
    for purpose: Evaluator.Purpose = .evaluation
  ) throws -> EvaluationReport {
    let entry = Catalog.Entry.walker()
    let spec = try entry.spec()
    let policy: any Policy = policy == "zero" ? ZeroPolicy(spec: spec) : RandomPolicy(spec: spec)
    let evaluator = Evaluator(entry: entry, workers: Workers(threads: threads))
    let evaluation = try #require(
      try evaluator.evaluate(policy, episodes: episodes, seed: seed, for: purpose))
    return EvaluationReport(
      evaluation, spec: spec, success: entry.success, robot: "walker", policy: "p", seed: seed)
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
      ZeroPolicy(spec: try entry.spec()), episodes: 1000, seed: 0, for: .evaluation, shouldStop: { true })
    #expect(evaluation == nil)
  }

  @Test func fallsAreCountedByReason() throws {
    let report = try evaluate("random", episodes: 400)
    let counts = report.endings.map(\.count)
    #expect(counts.reduce(0, +) == 400)
    #expect(counts[0] > 0)
    // Lasting is success, unless the task says otherwise.
    #expect(report.success?.proportion == Proportion(counts[2], of: 400))
    #expect(report.endingShares.map(\.proportion) == counts.map { Proportion($0, of: 400) })
    #expect(report.effort == nil)
  }

  @Test func successIsWhatTheTaskSays() throws {
    let entry = Catalog.Entry.walker()
    let spec = try entry.spec()
    let evaluation = try #require(
      try Evaluator(entry: entry, workers: Workers(threads: 1))
        .evaluate(ZeroPolicy(spec: spec), episodes: 100, seed: 0, for: .evaluation))
    let outcomes = try #require(Success.metric("end_m", in: 0...0.25).outcomes(of: evaluation, spec: spec))
    #expect(outcomes == evaluation.metrics.map { (0...0.25).contains($0[0]) })
    #expect((10...40).contains(outcomes.count { $0 }))
    #expect(Success.metric("none", in: 0...1).outcomes(of: evaluation, spec: spec) == nil)
    #expect(Success.metric("final_error_m", in: -.infinity...0.02).words == "final error at most 0.02")
  }

  /// Where nothing can end an episode early, lasting is no success.
  @Test func somePoliciesCannotFail() throws {
    let entry = try #require(Catalog.standard["pendulum"])
    let spec = try entry.spec()
    let evaluation = try #require(
      try Evaluator(entry: entry, workers: Workers(threads: 1))
        .evaluate(ZeroPolicy(spec: spec), episodes: 2, seed: 0, for: .evaluation))
    #expect(entry.success.outcomes(of: evaluation, spec: spec) == nil)
  }

  /// Effort is measured where a policy is evaluated, not where one is selected.
  @Test func effortIsToldJointByJoint() throws {
    let entry = try #require(Catalog.standard["arm"])
    let policy = RandomPolicy(spec: try entry.spec())
    let evaluator = Evaluator(entry: entry, workers: Workers(threads: 2))
    let evaluated = try #require(try evaluator.evaluate(policy, episodes: 3, seed: 0, for: .evaluation))
    let effort = try #require(EffortReport(evaluated))
    #expect(effort.figures.map(\.name) == ["energy_j", "power_w", "action_rate"])
    #expect(effort.joints.map(\.name) == policy.spec.actions.map(\.name))
    let turn = effort.joints[0]
    #expect(
      turn.figures.map(\.name) == ["torque_nm", "peak_torque_nm", "torque_share", "at_torque_limit", "at_joint_limit"])
    let (mean, share) = (turn.figures[0].statistics.mean ?? 0, turn.figures[2].statistics.mean ?? 0)
    // The turret's drive gives at most 80 N m.
    #expect(mean > 1 && abs(mean / 80 - share) < 1e-12)
    let chosen = try #require(try evaluator.evaluate(policy, episodes: 3, seed: 0, for: .selection))
    #expect(EffortReport(chosen) == nil && chosen.metricNames == policy.spec.metrics)
  }
}
