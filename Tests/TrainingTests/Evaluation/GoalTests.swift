import Environments
import Robotics
import TestRuns
import Testing
import Training

@Suite struct GoalTests {
  /// Standing still in the middle: every episode lasts, the return is about 15, the walker ends where it began.
  private func report(_ policy: (EnvSpec) -> any Policy = { ZeroPolicy(spec: $0) }) throws -> EvaluationReport {
    let entry = Catalog.Entry.walker()
    let spec = try entry.spec()
    let evaluation = try #require(
      try Evaluator(entry: entry, workers: Workers(threads: 1)).evaluate(
        policy(spec), episodes: 200, seed: 0, for: .evaluation))
    return EvaluationReport(evaluation, spec: spec, success: entry.success, robot: "walker", policy: "p", seed: 0)
  }

  @Test func everyConditionMustHold() throws {
    let report = try report()
    #expect(Goal(.lasting(atLeast: 1), .meanReturn(atLeast: 14), .mean("end_m", in: -0.2...0.2)).isReached(by: report))
    #expect(!Goal(.lasting(atLeast: 1), .meanReturn(atLeast: 16)).isReached(by: report))
    #expect(!Goal(.mean("end_m", atMost: -0.3)).isReached(by: report))
    #expect(!Goal(.mean("end_m", atLeast: 0.3)).isReached(by: report))
  }

  @Test func boundsAreIncluded() throws {
    let mean = try #require(try report().episodeReturn.mean)
    #expect(try Goal(.meanReturn(atLeast: mean)).isReached(by: report()))
    #expect(try !Goal(.meanReturn(atLeast: mean.nextUp)).isReached(by: report()))
  }

  @Test func episodesThatEndEarlyCount() throws {
    let random = try report { RandomPolicy(spec: $0) }
    #expect(!Goal(.lasting(atLeast: 1)).isReached(by: random))
    #expect(Goal(.lasting(atLeast: 0)).isReached(by: random))
  }

  @Test func whatIsMissedIsSaid() throws {
    let missed = try Goal(.lasting(atLeast: 0.5), .meanReturn(atLeast: 100), .mean("other", in: 1...2))
      .missed(by: report())
    #expect(missed.count == 2)
    #expect(missed[0].hasPrefix("return 1") && missed[0].hasSuffix("(at least 100)"))
    // What no evaluation measured holds no bounds.
    #expect(missed[1] == "other undefined (1 to 2)")
  }

  @Test func aRobotWithoutAGoalCannotBeSolved() {
    #expect(
      throws: TrainingError(
        "robot 'walker' declares no goal, so a training cannot end when it is reached; leave until_solved out")
    ) { try Catalog.Entry.walker().declaredGoal() }
  }

  @Test func aGoalMustSpeakOfWhatIsMeasured() throws {
    let goal = Goal(.mean("end", atMost: 1))
    let entry = Catalog.Entry("walker", summary: "", goal: goal, env: { try Walker() })
    #expect(
      throws: TrainingError(
        "the goal of robot 'walker' names 'end', which no evaluation measures; its metrics are end_m")
    ) { try entry.declaredGoal() }
    let right = Goal(.mean("end_m", atMost: 1))
    #expect(try Catalog.Entry("walker", summary: "", goal: right, env: { try Walker() }).declaredGoal() == right)
  }
}
