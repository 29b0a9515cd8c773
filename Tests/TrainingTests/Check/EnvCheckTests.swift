import Environments
import Robotics
import Testing
import Training

/// What a check finds in an env without a simulated robot.
struct EnvCheckTests {
  private func findings(_ illness: Illness?) -> [Finding] { RobotCheck.findings(of: .ill(illness)) }

  @Test func aSoundEnvHasNoFindings() { #expect(findings(nil) == []) }

  private static let cases: [(Illness, id: String, Finding.Severity, place: String?)] = [
    (.constant, "constant_observation", .warning, "observation 'extra'"),
    (.aliased, "aliased_observation", .warning, "observation 'extra'"),
    (.unbounded, "unbounded_observation", .warning, "observation 'extra'"),
    (.tinyColumn, "tiny_observation", .warning, "observation 'extra'"),
    (.infiniteTerm, "reward_not_finite", .error, "reward term 'middle'"),
    (.wrongSum, "reward_sum", .error, nil),
    (.tinyTerm, "reward_sizes", .warning, "reward term 'effort'"),
    (.unpaidTerm, "unpaid_reward", .note, "reward term 'effort'"),
    (.largeReward, "large_reward", .warning, nil),
    (.tinyReward, "tiny_reward", .warning, nil),
    (.noReward, "no_reward", .error, nil),
    (.endsInFirstStep, "ends_at_once", .error, "ending 'lost'"),
    (.endsEarly, "ends_at_once", .warning, "ending 'lost'"),
    (.wrongClock, "wrong_clock", .error, nil),
    (.infiniteMetric, "infinite_metric", .error, "metric 'end_m'"),
    (.faults, "faults", .error, nil),
    (.sameStarts, "same_starts", .warning, nil),
    (.notClamped, "actions_not_clamped", .error, nil),
    (.chance, "not_repeatable", .error, nil),
    (.threads, "threads_show", .error, nil),
    (.neighbors, "neighbors_show", .error, nil),
    (.leftovers, "episodes_show", .error, nil),
    (.notSaved, "not_restorable", .error, nil),
    (.savesTooMuch, "not_restorable", .error, nil),
  ]

  @Test(arguments: cases)
  func anIllnessIsFound(_ illness: Illness, _ id: String, _ severity: Finding.Severity, _ place: String?) throws {
    let findings = findings(illness)
    let finding = try #require(findings.first { $0.id == id }, "\(findings.map(\.text))")
    #expect(finding.severity == severity)
    #expect(finding.place == place)
    #expect(!finding.text.contains("\n") && !finding.hint.isEmpty)
    // Nothing else is blamed but what follows from it.
    let consequences: [Illness: Set<String>] = [
      .endsInFirstStep: ["constant_observation"], .endsEarly: [],
      .neighbors: ["threads_show", "not_restorable", "actions_not_clamped", "episodes_show"],
      .notClamped: [], .chance: ["actions_not_clamped"], .sameStarts: [],
      .threads: [], .faults: [], .infiniteMetric: [], .wrongClock: [],
    ]
    #expect(Set(findings.map(\.id)).subtracting(consequences[illness] ?? []) == [id], "\(findings.map(\.text))")
  }

  @Test func everyIllnessIsLookedFor() { #expect(Set(Self.cases.map(\.0)) == Set(Illness.allCases)) }

  @Test func whatCannotBeMadeIsOneFinding() {
    let entry = Catalog.Entry("none", summary: "fails", env: { () throws -> IllEnv in throw EnvError("no such luck") })
    let findings = RobotCheck.findings(of: entry)
    #expect(findings.map(\.id) == ["cannot_be_made"] && findings[0].severity == .error)
    #expect(findings[0].sentence == "no such luck")
  }
}
