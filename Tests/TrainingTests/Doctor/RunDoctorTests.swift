import Environments
import Learning
import Networks
import Robotics
import Storage
import Testing
import Training

/// Each thing the doctor knows, with figures that show it and figures that nearly do.
@Suite struct RunDoctorTests {
  private let spec: EnvSpec
  private var settings = TrainingSettings()
  private let episode: EpisodeResult
  private let evaluation: Evaluation

  init() throws {
    spec = try EnvSpec(
      observations: [ObservationSlice("o", count: 1)], actions: [ActionChannel("a"), ActionChannel("b")],
      controlInterval: 0.1, episodeSteps: 100, rewardTerms: ["alive", "speed"], endings: ["fell", "lost"])
    settings.steps = 100_000
    settings.ppo.totalSteps = 100_000
    let entry = Catalog.Entry.walker()
    let policy = try PolicySource.find(robot: "walker", policy: "zero", in: Catalog([entry]), stochastic: false).policy
    let evaluated = try Evaluator(entry: entry, workers: Workers(threads: 1))
      .evaluate(policy, episodes: 1, seed: 1, for: .evaluation)
    evaluation = try #require(evaluated)
    episode = try #require(evaluated?.episodes.first)
  }

  /// An iteration of 1,000 steps without any findings.
  private func report(_ number: Int) -> IterationReport {
    var report = IterationReport()
    report.iteration = number
    report.steps = 1_000 * number
    report["kl"] = 0.02
    report["explained_variance"] = 0.8
    report.std = [0.4, 0.3]
    report.actionsAtLimits = 0.1
    report.learningRate = 1e-3
    report.rewardTerms = ["alive": 0.5, "speed": -0.4]
    report.seconds = 0.5
    report.stepsPerSecond = 2_000
    report.envSeconds = 0.6
    report.updateSeconds = 0.1
    return report
  }

  private func doctor() -> RunDoctor { RunDoctor(robot: "robot", spec: spec, settings: settings, processors: 2) }

  /// Shows a doctor healthy iterations, each changed by `change`.
  ///
  /// - Returns: the ids of what was said, in order.
  private func said(
    by doctor: inout RunDoctor, over iterations: ClosedRange<Int>, processorSeconds: Double = 0.8,
    _ change: (inout IterationReport) -> Void = { _ in }
  ) -> [String] {
    iterations.flatMap { number in
      var report = report(number)
      change(&report)
      return doctor.examine(report, processorSeconds: processorSeconds).map(\.id)
    }
  }

  /// The words for iterations that are all changed by `change`; nil if nothing is said, or more than one thing.
  private func diagnosis(
    over iterations: ClosedRange<Int> = 1...40, processorSeconds: Double = 0.8,
    _ change: (inout IterationReport) -> Void
  ) -> Finding? {
    var doctor = doctor()
    let said = said(by: &doctor, over: iterations, processorSeconds: processorSeconds, change)
    #expect(said == doctor.findings.map(\.id))
    return doctor.findings.count == 1 ? doctor.findings[0] : nil
  }

  private func episode(_ episodeReturn: Double) -> EpisodeResult {
    var record = episode
    record.episodeReturn = episodeReturn
    return record
  }

  /// An evaluation of twenty episodes whose returns are near `mean`.
  private func evaluation(_ mean: Double, spread: Double = 10) throws -> EvaluationReport {
    var evaluation = evaluation
    evaluation.episodes = (0..<20).map { episode(mean + spread * (Double($0 % 5) - 2)) }
    return EvaluationReport(
      evaluation, spec: spec, success: .lasting, robot: "robot", policy: "p", seed: 0)
  }

  /// What is said while evaluations come, one every five iterations.
  private func said(after means: [Double], spread: Double = 10) throws -> [String] {
    var doctor = doctor()
    if let first = means.first { doctor.examine(try evaluation(first, spread: spread), step: 0) }
    var said: [String] = []
    for (i, mean) in means.dropFirst().enumerated() {
      for number in 5 * i + 1...5 * i + 5 {
        let evaluation = number % 5 == 0 ? try evaluation(mean, spread: spread) : nil
        said += doctor.examine(report(number), evaluation: evaluation, processorSeconds: 0.8).map(\.id)
      }
    }
    return said
  }

  @Test func healthIsNotWorthAWord() {
    var doctor = doctor()
    #expect(said(by: &doctor, over: 1...100).isEmpty)
    #expect(doctor.findings.isEmpty)
  }

  // MARK: Updates

  @Test mutating func aDivergenceFarAboveItsTarget() {
    settings.ppo.schedule = .constant
    settings.ppo.learningRate = 1e-3
    let finding = diagnosis { $0["kl"] = 0.32 }
    #expect(finding?.id == "kl_above_target")
    #expect(finding?.severity == .warning)
    #expect(finding?.sentence == "the KL divergence is 0.32 an update, 16 times the 0.02 aimed at (ppo.target_kl)")
    #expect(finding?.hint == "try --set ppo.learning_rate=2.5e-4 or --set ppo.schedule=adaptive")
    #expect(diagnosis { $0["kl"] = 0.05 } == nil)
    // The target of a schedule that does not use it stays.
    settings.ppo.finalKL = 0.001
    #expect(diagnosis(over: 80...100) { $0["kl"] = 0.05 } == nil)
    settings.ppo.schedule = .adaptive
    #expect(diagnosis(over: 80...100) { $0["kl"] = 0.05 }?.hint == "try --set ppo.epochs=1")
  }

  @Test func nowAndThenIsNoise() {
    #expect(diagnosis { $0["kl"] = $0.iteration % 5 == 0 ? 0.01 : 1 } == nil)
    #expect(diagnosis { $0["kl"] = .nan } == nil)
  }

  @Test func saidOnceUntilItHasGone() {
    var doctor = doctor()
    #expect(said(by: &doctor, over: 1...17) { $0["kl"] = 1 }.isEmpty)
    #expect(said(by: &doctor, over: 18...50) { $0["kl"] = 1 } == ["kl_above_target"])
    // Half of the window is good again only after ten.
    #expect(said(by: &doctor, over: 51...59).isEmpty)
    #expect(doctor.findings.count == 1)
    #expect(said(by: &doctor, over: 60...80).isEmpty)
    #expect(doctor.findings.isEmpty)
    #expect(said(by: &doctor, over: 81...100) { $0["kl"] = 1 } == ["kl_above_target"])
  }

  @Test mutating func aLearningRateAtABound() {
    let low = diagnosis {
      $0.learningRate = 1e-5
      $0["kl"] = 0.05
    }
    #expect(low?.id == "learning_rate_at_minimum")
    #expect(low?.hint == "try --set ppo.epochs=1 or --set ppo.min_learning_rate=1e-6")
    let high = diagnosis {
      $0.learningRate = 2e-3
      $0["kl"] = 0.004
    }
    #expect(high?.id == "learning_rate_at_maximum")
    #expect(high?.severity == .note)
    #expect(high?.hint == "try --set ppo.max_learning_rate=0.006")
    // Where it wants to be.
    #expect(diagnosis { $0.learningRate = 2e-3 } == nil)
    #expect(diagnosis { $0["kl"] = 0.004 } == nil)
    // Another schedule ends at its bound.
    settings.ppo.schedule = .linear
    #expect(
      diagnosis {
        $0.learningRate = 1e-5
        $0["kl"] = 0.05
      } == nil)
  }

  /// Where there is no gradient, a higher rate is of no use.
  @Test mutating func aPolicyWithoutAGradient() {
    let still = diagnosis {
      $0.learningRate = 2e-3
      $0["kl"] = 1e-9
    }
    #expect(still?.id == "policy_stands_still")
    #expect(still?.hint.hasPrefix("look whether the reward depends on the actions") == true)
    settings.ppo.normalizeValues = false
    let cut = diagnosis {
      $0.learningRate = 2e-3
      $0["kl"] = 1e-9
      $0["gradient_norm"] = 3e9
    }
    #expect(cut?.id == "policy_stands_still")
    #expect(cut?.sentence.contains("are clipped to ppo.max_gradient_norm = 1") == true)
    #expect(cut?.hint == "try --set ppo.normalize_values=true")
    // A policy that the settings hold still.
    settings.ppo.frozenSteps = 100_000
    let held = diagnosis {
      $0.learningRate = 2e-3
      $0["kl"] = 0
    }
    #expect(held == nil)
  }

  /// A solved task: returns hardly vary, so that a small error is many times their variance.
  @Test func anErrorThatIsSmallBesideTheReturns() {
    #expect(
      diagnosis {
        $0["explained_variance"] = -5
        $0.returnSpread = 0.01
      } == nil)
  }

  @Test mutating func aValueNetworkWorseThanTheMean() {
    let finding = diagnosis { $0["explained_variance"] = -0.3 }
    #expect(finding?.id == "explained_variance_below_zero")
    #expect(finding?.sentence.contains("-0.3") == true)
    #expect(finding?.hint == "try --set ppo.value_layers=128,128")
    settings.ppo.normalizeValues = false
    #expect(diagnosis { $0["explained_variance"] = -0.3 }?.hint == "try --set ppo.normalize_values=true")
    #expect(diagnosis { $0["explained_variance"] = 0.01 } == nil)
    #expect(diagnosis { $0["explained_variance"] = .nan } == nil)
  }

  @Test func aGradientThatIsNotFinite() {
    let finding = diagnosis(over: 1...3) { $0.skippedMinibatches = 2 }
    #expect(finding?.id == "skipped_minibatches")
    #expect(finding?.sentence.hasPrefix("6 minibatches were left out") == true)
    // Gone with the last one in the window.
    var doctor = doctor()
    #expect(said(by: &doctor, over: 1...1) { $0.skippedMinibatches = 1 } == ["skipped_minibatches"])
    #expect(said(by: &doctor, over: 2...20).isEmpty)
    #expect(doctor.findings.count == 1)
    #expect(said(by: &doctor, over: 21...21).isEmpty)
    #expect(doctor.findings.isEmpty)
  }

  // MARK: Episodes

  @Test func aReturnThatCollapses() {
    // Up to 300 in thirty iterations, then down.
    let finding = diagnosis(over: 1...60) { report in
      let i = Double(report.iteration)
      let level = i <= 30 ? 10 * i : max(50, 300 - 30 * (i - 30))
      report.episodes = (0..<20).map { self.episode(level + Double($0 % 3)) }
    }
    #expect(finding?.id == "return_collapsed")
    #expect(finding?.sentence.contains("has fallen to 5") == true)
    #expect(finding?.sentence.hasSuffix("after 31,000 steps") == true)
    #expect(finding?.hint == "the best policy is kept; try --set ppo.target_kl=0.01")
  }

  /// A run that starts at its peak, as one from a trained policy does.
  @Test func evaluationsThatFallFromThePeak() throws {
    #expect(try said(after: [703, 698, 304, 94]) == ["evaluations_fell"])
    #expect(try said(after: [14.1, 14.2, 10.4, 10.3], spread: 0.3) == ["evaluations_fell"])
    #expect(try said(after: [-1_200, -400, -150, -700, -800], spread: 20) == ["evaluations_fell"])
    // Once, by a tenth, within the noise, little of all that was gained, or never.
    #expect(try said(after: [703, 304, 698, 650]).isEmpty)
    #expect(try said(after: [703, 640, 630, 635]).isEmpty)
    #expect(try said(after: [703, 500, 510, 505], spread: 400).isEmpty)
    #expect(try said(after: [-1_200, -150, -200, -210], spread: 5).isEmpty)
    #expect(try said(after: [10, 200, 400, 700]).isEmpty)
    var doctor = doctor()
    for (step, mean) in [(0, 703.0), (10, 300), (20, 200)] { doctor.examine(try evaluation(mean), step: step) }
    #expect(
      doctor.findings.map(\.sentence) == ["the evaluations have fallen to a return of 200 from 703 after 0 steps"])
    doctor.examine(try evaluation(699), step: 30)
    #expect(doctor.findings.isEmpty)
  }

  @Test func aReturnThatWavers() {
    // A quarter down, and up again.
    #expect(
      diagnosis(over: 1...100) { report in
        let i = Double(report.iteration)
        let level = i <= 30 ? 10 * i : i <= 60 ? 220 : 300
        report.episodes = (0..<20).map { self.episode(level + Double($0 % 3)) }
      } == nil)
    // Noise, however large, that has never been on its way up.
    var random = Random(seed: 1)
    var noise: [[EpisodeResult]] = []
    for _ in 0..<200 { noise.append((0..<7).map { _ in episode(100 * random.normal()) }) }
    #expect(diagnosis(over: 1...200) { $0.episodes = noise[$0.iteration - 1] } == nil)
  }

  @Test func episodesThatAllEndAlike() {
    let end = { (report: inout IterationReport, endings: [String: Int], length: Double) in
      report.endings = endings
      report.meanLength = length
    }
    let finding = diagnosis(over: 1...80) { end(&$0, ["fell": 9, "lost": 0], 12) }
    #expect(finding?.id == "one_ending")
    #expect(
      finding?.sentence
        == "every episode of the last 79,000 steps ended by 'fell', after 1.2 s of 10 s, and they get no longer")
    // It falls, but ever later.
    #expect(diagnosis(over: 1...90) { end(&$0, ["fell": 9], 12 * pow(1.03, $0.iteration)) } == nil)
    // Now and then it lasts.
    #expect(diagnosis(over: 1...90) { end(&$0, ["fell": 9, "truncated": $0.iteration % 15 == 0 ? 1 : 0], 12) } == nil)
    // To last is no fault, and after fifty iterations nothing is sure.
    #expect(diagnosis(over: 1...90) { end(&$0, ["truncated": 3], 100) } == nil)
    #expect(diagnosis(over: 1...60) { end(&$0, ["fell": 9], 12) } == nil)
  }

  /// To land is what a lander is for.
  @Test func endingsThatAreSuccessesAreNoFault() {
    for (success, expected) in [(Success.ending("fell"), []), (.ending("lost"), ["one_ending"])] {
      var doctor = RunDoctor(robot: "robot", spec: spec, success: success, settings: settings, processors: 2)
      let said = said(by: &doctor, over: 1...80) {
        $0.endings = ["fell": 9]
        $0.meanLength = 12
      }
      #expect(said == expected)
    }
  }

  private func pow(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { value, _ in value * base } }

  @Test func oneRewardTermIsAll() {
    let finding = diagnosis { $0.rewardTerms = ["alive": 0.01, "speed": -0.99] }
    #expect(finding?.id == "one_reward_term")
    #expect(finding?.sentence == "the reward term 'speed' is 99 % of all reward, so the others hardly count")
    #expect(diagnosis { $0.rewardTerms = ["alive": 0.1, "speed": -0.9] } == nil)
    #expect(diagnosis { $0.rewardTerms = ["alive": 0, "speed": 0] } == nil)
  }

  @Test func aRewardOfOneTermIsNoFault() throws {
    let spec = try EnvSpec(
      observations: [ObservationSlice("o", count: 1)], actions: [ActionChannel("a")], controlInterval: 0.1,
      episodeSteps: 100, rewardTerms: ["speed"])
    var doctor = RunDoctor(robot: "robot", spec: spec, settings: settings, processors: 2)
    #expect(said(by: &doctor, over: 1...40) { $0.rewardTerms = ["speed": 1] }.isEmpty)
  }

  // MARK: Actions

  @Test func aDeviationAtItsFloor() {
    let finding = diagnosis { $0.std = [0.053, 0.3] }
    #expect(finding?.id == "std_at_floor")
    #expect(
      finding?.sentence
        == "the standard deviation of 1 of 2 actions is at its floor, ppo.min_std = 0.05")
    #expect(finding?.hint.contains("--set ppo.entropy_coefficient=0.006") == true)
    #expect(finding?.hint.contains("--set ppo.min_std=0.017") == true)
    #expect(diagnosis { $0.std = [0.06, 0.3] } == nil)
  }

  @Test func actionsAtTheirLimits() {
    let finding = diagnosis { $0.actionsAtLimits = 0.6 }
    #expect(finding?.id == "actions_at_limits")
    #expect(finding?.sentence.hasPrefix("60 % of the actions") == true)
    #expect(finding?.hint.hasSuffix("try --set ppo.initial_std=0.25") == true)
    #expect(diagnosis { $0.actionsAtLimits = 0.35 } == nil)
  }

  // MARK: Speed

  @Test mutating func threadsThatDoNotGetTheirTime() {
    // 0.7 s of processor time is the least that an iteration needs.
    let finding = diagnosis(over: 1...80, processorSeconds: 0.28) { _ in }
    #expect(finding?.id == "slow")
    #expect(finding?.sentence == "2,000 steps a second: its threads get 40 % of the processor time they need")
    #expect(finding?.hint.hasSuffix("compare with the benchmark of robot 'robot'") == true)
    #expect(diagnosis(over: 1...80, processorSeconds: 0.5) { _ in } == nil)
    // Ten seconds must have been measured.
    #expect(diagnosis(over: 1...19, processorSeconds: 0.28) { _ in } == nil)
    settings.threads = 8
    #expect(
      diagnosis(over: 1...80, processorSeconds: 0.28) { _ in }?.hint
        == "there are 2 processors for 8 threads; try --set threads=2")
  }

  /// Time in which the process was stopped says nothing about other programs.
  @Test func aPauseIsNoSlowness() {
    for isNoticed in [true, false] {
      var doctor = doctor()
      var ids: [String] = []
      for number in 1...80 {
        var report = report(number)
        let isPaused = number == 40
        if isPaused {
          (report.seconds, report.envSeconds, report.stepsPerSecond) = (300, 300, 3)
        }
        ids += doctor.examine(report, processorSeconds: 0.8, wasPaused: isPaused && isNoticed).map(\.id)
      }
      #expect(ids == (isNoticed ? [] : ["slow"]))
    }
  }

  @Test func muchSlowerThanItHasBeen() {
    let finding = diagnosis(over: 1...100) { $0.stepsPerSecond = $0.iteration <= 40 ? 2_000 : 900 }
    #expect(finding?.id == "slow")
    #expect(finding?.sentence == "900 steps a second, where this training has reached 2,000")
    #expect(diagnosis(over: 1...100) { $0.stepsPerSecond = $0.iteration <= 40 ? 2_000 : 1_100 } == nil)
  }

  // MARK: State

  @Test func aRestoredDoctorGoesOn() throws {
    let sick = { (report: inout IterationReport) in
      report["kl"] = report.iteration < 30 ? 0.02 : 1
      report.endings = ["fell": 3]
      report.meanLength = 10
      report.episodes = (0..<10).map { self.episode(Double(report.iteration * 10 + $0)) }
    }
    for stop in [1, 12, 25, 55, 90] {
      var whole = doctor()
      let saidByWhole = said(by: &whole, over: 1...90, sick)
      var first = doctor()
      let saidFirst = said(by: &first, over: 1...stop, sick)
      var file = TensorFile()
      first.save(to: &file)
      var second = doctor()
      try second.restore(from: file)
      #expect(second.findings == first.findings)
      let saidSecond = stop < 90 ? said(by: &second, over: (stop + 1)...90, sick) : []
      #expect(saidFirst + saidSecond == saidByWhole)
      #expect(Set(saidByWhole) == ["kl_above_target", "one_ending"])
      #expect(second.findings == whole.findings)
    }
  }

  @Test func damagedStateThrows() throws {
    var file = TensorFile()
    doctor().save(to: &file)
    for key in ["run_doctor", "machine_speed"] {
      let text = try #require(file.metadata[key])
      for count in stride(from: 0, to: text.utf8.count, by: 97) {
        var damaged = file
        damaged.metadata[key] = String(text.prefix(count))
        var doctor = doctor()
        #expect(throws: (any Error).self) { try doctor.restore(from: damaged) }
      }
    }
    // A checkpoint of an earlier version remembers nothing.
    var doctor = doctor()
    try doctor.restore(from: TensorFile())
    #expect(doctor.findings.isEmpty)
  }
}
