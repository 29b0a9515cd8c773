import Environments
import Robotics
import TestRuns
import Testing
import Training

/// What an entry declares of itself, a check holds against what there is.
struct DeclarationCheckTests {
  private func findings(
    settings: [String: SettingValue] = [:], goal: Goal? = nil, success: Success = .lasting
  ) -> [Finding] {
    RobotCheck.findings(
      of: Catalog.Entry(
        "lander", summary: "lands", settings: settings, goal: goal, success: success,
        env: { try Lander(.sound, endings: ["landed"]) })
    ).filter { $0.id.hasPrefix("wrong_preset") || $0.id.hasPrefix("unknown") || $0.id == "empty_goal" }
  }

  @Test func whatIsThereIsNoFinding() {
    #expect(
      findings(
        settings: ["steps": 1_000, "ppo.gamma": 0.9], goal: Goal(.lasting(atLeast: 1)), success: .ending("landed")
      )
      .isEmpty)
  }

  @Test func presetsOfSettingsThatDoNotExist() throws {
    let found = findings(settings: ["ppo.gama": 0.9, "ppo.lambda": 3])
    #expect(found.map(\.place) == ["preset setting 'ppo.gama'", "preset setting 'ppo.lambda'"])
    #expect(found.allSatisfy { $0.severity == .error })
    #expect(found[0].sentence.contains("did you mean 'ppo.gamma'?") && found[1].sentence.contains("from 0 to 1"))
  }

  @Test func presetsThatContradictThemselves() {
    let found = findings(settings: ["ppo.min_learning_rate": 0.5, "ppo.max_learning_rate": 0.1])
    #expect(found.map(\.id) == ["wrong_preset"])
  }

  @Test func goalsAndSuccessesOfWhatNobodyMeasures() {
    let found = findings(goal: Goal(.mean("speed", atLeast: 1)), success: .ending("crashed"))
    #expect(found.map(\.id) == ["unknown_goal", "unknown_success"])
    #expect(found[0].place == "metric 'speed'" && found[1].place == "ending 'crashed'")
    #expect(findings(success: .metric("depth", in: 0...1)).map(\.place) == ["metric 'depth'"])
    #expect(findings(goal: Goal()).map(\.id) == ["empty_goal"])
  }

  /// A task that declares two metrics and writes one, where there is one to write.
  private struct Forgetful: RobotTask {
    let summary = "forgets"
    let episodeSeconds = 1.0
    let endings: [String] = []
    let metrics = ["written", "undefined", "forgotten"]
    var writesUnknown = false
    mutating func prepare(for model: RobotModel) throws {}
    mutating func begin(_ sim: inout Simulation, using random: inout Random) throws {
      sim.place(at: sim.rootPose, positions: sim.model.neutralPositions.map { $0 + random.uniform(-0.1...0.1) })
    }
    func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
      cursor.write("joints", count: sim.axisCount, into: &row) { sim.position(ofAxis: $0) }
    }
    mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending
    {
      reward.add("x", sim.position(ofAxis: 0))
      return .running
    }
    func measure(_ sim: borrowing Simulation, into metrics: inout MetricCursor) {
      metrics.write("written", 1)
      metrics.write("undefined", .nan)
      if writesUnknown { metrics.write("other", 1) }
    }
    func save(to writer: inout StateWriter) {}
    mutating func restore(from reader: inout StateReader) throws {}
  }

  @Test func metricsThatAreNeverWritten() {
    let found = RobotCheck.findings(of: Catalog.Entry("strutter", Strutter(), Forgetful()))
      .filter { $0.id == "unwritten_metric" }
    #expect(found.map(\.place) == ["metric 'forgotten'"] && found[0].severity == .warning)
  }

  @Test func metricsThatNobodyDeclared() {
    let found = RobotCheck.findings(of: Catalog.Entry("strutter", Strutter(), Forgetful(writesUnknown: true)))
    #expect(
      found.contains { $0.id == "mistake" && $0.sentence.contains("metric 'other' is written, but is not among") })
  }
}
