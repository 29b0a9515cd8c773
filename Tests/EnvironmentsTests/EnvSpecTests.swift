import Environments
import Testing

struct EnvSpecTests {
  private func spec(
    observations: [ObservationSlice] = [.init("angle", count: 2)], actions: [ActionChannel] = [.init("torque")],
    controlInterval: Double = 0.02, episodeSteps: Int = 100, rewardTerms: [String] = [], endings: [String] = [],
    metrics: [String] = []
  ) throws -> EnvSpec {
    try EnvSpec(
      observations: observations, actions: actions, controlInterval: controlInterval, episodeSteps: episodeSteps,
      rewardTerms: rewardTerms, endings: endings, metrics: metrics)
  }

  @Test func columnsFollowTheAudiences() throws {
    let spec = try spec(observations: [
      .init("noisy height", count: 1, for: .policy), .init("joints", count: 4), .init("feet", count: 2),
      .init("friction", count: 3, for: .critic),
    ])
    #expect(spec.observationCount == 10)
    #expect(spec.policyColumns == 0..<7)
    #expect(spec.criticColumns == 1..<10)
    #expect(spec.actionCount == 1)
  }

  @Test func policyAndCriticMaySeeDifferentThingsOnly() throws {
    let spec = try spec(observations: [.init("camera", count: 3, for: .policy), .init("truth", count: 2, for: .critic)])
    #expect(spec.policyColumns == 0..<3)
    #expect(spec.criticColumns == 3..<5)
  }

  @Test func keepsWhatItWasGiven() throws {
    let spec = try spec(rewardTerms: ["speed", "effort"], endings: ["fell"], metrics: ["distance_m"])
    #expect(spec.observations == [ObservationSlice("angle", count: 2, for: .both)])
    #expect(spec.actions == [ActionChannel("torque", low: -1, high: 1)])
    #expect(spec.controlInterval == 0.02)
    #expect(spec.episodeSteps == 100)
    #expect(spec.rewardTerms == ["speed", "effort"])
    #expect(spec.endings == ["fell"])
    #expect(spec.metrics == ["distance_m"])
  }

  @Test func refusesDoubledNames() {
    func twice(_ kind: String) -> EnvError { EnvError("there are two \(kind)s named 'a'") }
    #expect(throws: twice("observation")) { try spec(observations: [.init("a", count: 1), .init("a", count: 2)]) }
    #expect(throws: twice("action")) { try spec(actions: [.init("a"), .init("a")]) }
    #expect(throws: twice("reward term")) { try spec(rewardTerms: ["a", "b", "a"]) }
    #expect(throws: twice("ending")) { try spec(endings: ["a", "a"]) }
    #expect(throws: twice("metric")) { try spec(metrics: ["a", "a"]) }
  }

  @Test(arguments: [
    ("", "is empty"), ("  ", "is blank"), ("a\nb", "holds the control character \\u{A}"),
    ("\u{1B}[31m", "holds the control character \\u{1B}"), ("a\u{9B}", "holds the control character \\u{9B}"),
    ("a\u{202E}b", "holds the control character \\u{202E}"), ("a\u{2028}b", "holds the control character \\u{2028}"),
    (String(repeating: "x", count: 201), "is 201 bytes long; at most 200 are possible"),
  ])
  func refusesNamesThatCannotBeShown(_ name: String, _ flaw: String) {
    let makes: [() throws -> EnvSpec] = [
      { try spec(observations: [.init(name, count: 1)]) }, { try spec(actions: [.init(name)]) },
      { try spec(rewardTerms: [name]) }, { try spec(endings: [name]) }, { try spec(metrics: [name]) },
      { try spec(observations: [.init("x", count: 1, columns: [name])]) },
    ]
    for make in makes {
      do {
        _ = try make()
        Issue.record("'\(name)' was taken")
      } catch {
        #expect("\(error)".hasSuffix(flaw) && !"\(error)".unicodeScalars.contains { $0.value < 0x20 }, "\(error)")
      }
    }
    if !name.isEmpty {
      #expect(throws: EnvError.self) { try spec(observations: [.init("x", count: 1, unit: name)]) }
      #expect(throws: EnvError.self) { try spec(actions: [.init("x", unit: name)]) }
    }
  }

  @Test func anUnnamedReasonIsToldWithWhatIsPossible() throws {
    #expect(
      try spec().sentence(ofUnnamed: 0, from: "step", declaredIn: "EnvSpec")
        == "step returned .terminated(reason: 0), but EnvSpec declares no endings; pass endings: [\"landed\"], or the "
        + "name that suits")
    #expect(
      try spec(endings: ["fell", "left"]).sentence(ofUnnamed: 2, from: "evaluateStep", declaredIn: "the task")
        == "evaluateStep returned .terminated(reason: 2), but the task declares 2 endings, [\"fell\", \"left\"]; 0 to 1 are "
        + "possible")
  }

  @Test func everyEndingHasAName() throws {
    let spec = try spec(endings: ["fell", "left"])
    #expect(spec.endingNames == ["fell", "left", "fault", "truncated"])
    let endings: [Ending] = [.terminated(reason: 0), .terminated(reason: 1), .faulted, .truncated]
    #expect(endings.map(spec.name) == spec.endingNames)
    for ending in [Ending.running, .terminated(reason: 2), .terminated(reason: -1)] {
      #expect(spec.name(of: ending) == nil)
    }
  }

  @Test(arguments: ["fault", "truncated"])
  func refusesAnEndingThatEveryEnvHas(_ name: String) {
    #expect(throws: EnvError("an ending cannot be named '\(name)': every env has one of that name")) {
      try spec(endings: ["fell", name])
    }
  }

  @Test func theSameNameMayStandInDifferentLists() throws {
    #expect(throws: Never.self) {
      try spec(observations: [.init("a", count: 1)], actions: [.init("a")], rewardTerms: ["a"], endings: ["a"])
    }
  }

  @Test(arguments: [0, -1, .min, .max])
  func refusesImpossibleWidths(_ count: Int) {
    #expect(throws: EnvError.self) { try spec(observations: [.init("a", count: count), .init("b", count: count)]) }
  }

  @Test func refusesSlicesOutOfOrder() {
    let error = EnvError("observation slices must be sorted by audience: policy, both, critic")
    #expect(throws: error) { try spec(observations: [.init("a", count: 1), .init("b", count: 1, for: .policy)]) }
    #expect(throws: error) { try spec(observations: [.init("a", count: 1, for: .critic), .init("b", count: 1)]) }
  }

  @Test(
    arguments: [
      (1, 1), (2, 1), (.nan, 1), (0, .nan), (-.infinity, 1), (0, .infinity),
    ] as [(Float, Float)])
  func refusesImpossibleLimits(_ low: Float, _ high: Float) {
    #expect(throws: EnvError.self) { try spec(actions: [.init("a", low: low, high: high)]) }
  }

  @Test(arguments: [0, -0.1, .nan, .infinity])
  func refusesImpossibleIntervals(_ interval: Double) {
    #expect(throws: EnvError.self) { try spec(controlInterval: interval) }
  }

  @Test(arguments: [0, -5])
  func refusesEpisodesWithoutSteps(_ steps: Int) {
    #expect(throws: EnvError("an episode has \(steps) steps; 1 to 1000000000 are possible")) {
      try spec(episodeSteps: steps)
    }
  }

  @Test func refusesABlindPolicyABlindCriticAndIdleness() {
    let error = EnvError("policy and critic each need an observation, and there must be an action")
    #expect(throws: error) { try spec(observations: []) }
    #expect(throws: error) { try spec(observations: [.init("a", count: 1, for: .critic)]) }
    #expect(throws: error) { try spec(observations: [.init("a", count: 1, for: .policy)]) }
    #expect(throws: error) { try spec(actions: []) }
  }
}
