import Environments
import Learning
import Networks
import Storage
import TestEnvs
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The off-policy learners, for tests that all of them must pass.
enum OffPolicyKind: String, CaseIterable, CustomTestStringConvertible {
  case ddpg, td3, sac

  var testDescription: String { rawValue }

  /// Hands over a learner's type.
  func open<Result>(_ body: OffPolicyTest<Result>) throws -> Result {
    switch self {
    case .ddpg: try body.run(DDPG.self)
    case .td3: try body.run(TD3.self)
    case .sac: try body.run(SAC.self)
    }
  }
}

/// What is done with any learner's type.
class OffPolicyTest<Result> {
  func run<L: OffPolicyLearner & ~Copyable>(_ type: L.Type) throws -> Result {
    throw LearningError("nothing is done with \(type)")
  }
}

extension OffPolicySettings {
  /// Settings of a small learner.
  mutating func becomeSmall() {
    hiddenLayers = [16, 16]
    valueLayers = [16, 16]
    minibatchSize = 64
    learningStarts = 100
    bufferCapacity = 10_000
    learningRate = 3e-3
    targetRate = 0.02
  }
}

/// A folder that is removed with all that is in it.
final class ReplayFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/replay-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe mkdtemp($0) != nil } ?? false
    }
    guard made else {
      throw LearningError("no folder for a test")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for number in 0..<1000 { unsafe unlink("\(path)/replay-\(number).f32") }
    unsafe rmdir(path)
  }

  /// Numbers of the segments that are there, with their sizes in bytes.
  var segments: [Int: Int] {
    var found: [Int: Int] = [:]
    for number in 0..<1000 {
      var status = stat()
      if unsafe stat("\(path)/replay-\(number).f32", &status) == 0 { found[number] = Int(status.st_size) }
    }
    return found
  }

  /// The same files in another folder.
  func copy() throws -> ReplayFolder {
    let other = try ReplayFolder()
    for number in segments.keys {
      let bytes = try AtomicFile.read("\(path)/replay-\(number).f32")
      try AtomicFile.write(bytes, to: "\(other.path)/replay-\(number).f32")
    }
    return other
  }
}

/// A report without its clock readings.
private func timeless(_ report: IterationReport) -> IterationReport {
  var report = report
  (report.stepsPerSecond, report.envSeconds, report.policySeconds) = (0, 0, 0)
  (report.updateSeconds, report.seconds) = (0, 0)
  // Not-a-number differs from itself.
  report.figures = report.figures.map { LearnerFigure($0.name, $0.value.isNaN ? -1 : $0.value, in: $0.group) }
  return report
}

@Suite struct OffPolicyTests {
  @Test(arguments: OffPolicyKind.allCases) func learnsTheKnownOptimum(_ kind: OffPolicyKind) throws {
    final class Run: OffPolicyTest<Float> {
      override func run<L: OffPolicyLearner & ~Copyable>(_ type: L.Type) throws -> Float {
        let envs = try VectorEnv(count: 16, seed: 1) { _ in try HalfEnv() }
        var settings = L.Settings()
        settings.common.becomeSmall()
        settings.common.horizon = 4
        var learner = try L(spec: envs.spec, settings: settings, seed: 1)
        let workers = Workers(threads: 2)
        for _ in 0..<30 { _ = try learner.improve(in: envs, on: workers) }
        #expect(learner.steps == 1920 && learner.updates == 1920 - 64)
        var worst: Float = 0
        for shown in stride(from: -0.9 as Float, through: 0.9, by: 0.1) {
          var action: [Float] = [0]
          var none: [Float] = []
          var random = Random(seed: 0)
          var span = action.mutableSpan
          var memory = none.mutableSpan
          learner.policy.act(on: [shown].span, memory: &memory, random: &random, into: &span)
          worst = max(worst, abs(action[0] - shown / 2))
        }
        return worst
      }
    }
    let worst = try kind.open(Run())
    #expect(worst < 0.1, "off by \(worst)")
  }

  /// The two that hold their critics back do so with returns of three steps and observations normalized as well.
  @Test(arguments: OffPolicyKind.allCases) func learnsToStandStill(_ kind: OffPolicyKind) throws {
    final class Run: OffPolicyTest<Double> {
      override func run<L: OffPolicyLearner & ~Copyable>(_ type: L.Type) throws -> Double {
        let envs = try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() }
        var settings = L.Settings()
        settings.common.becomeSmall()
        settings.common.returnSteps = settings.networks.critics == 2 ? 3 : 1
        settings.common.normalizeObservations = settings.networks.critics == 2
        settings.common.horizon = 8
        settings.common.learningRate = 1e-3
        var learner = try L(spec: envs.spec, settings: settings, seed: 1)
        let workers = Workers(threads: 2)
        for _ in 0..<75 {
          let report = try learner.improve(in: envs, on: workers)
          #expect(report.skippedMinibatches == 0 && report.rollback == nil)
        }
        let held = try VectorEnv(count: 100, seed: 9, start: .once) { _ in try PointEnv() }
        let returns = Evaluation(of: learner.policy, in: held, on: workers).episodes.map(\.episodeReturn)
        return returns.reduce(0, +) / 100
      }
    }
    let mean = try kind.open(Run())
    #expect(mean > -2.2, "\(mean)")
  }

  @Test(arguments: OffPolicyKind.allCases) func sameBitsForAnyNumberOfThreads(_ kind: OffPolicyKind) throws {
    final class Run: OffPolicyTest<Void> {
      override func run<L: OffPolicyLearner & ~Copyable>(_ type: L.Type) throws {
        var results: [[UInt8]] = []
        var reports: [[IterationReport]] = []
        for threads in [1, 2, 3, 7] {
          let envs = try VectorEnv(count: 13, shards: 5, seed: 3) { _ in try PointEnv() }
          var settings = L.Settings()
          settings.common.becomeSmall()
          // Three shards of unequal size.
          settings.common.minibatchSize = 131
          settings.common.horizon = 3
          settings.common.updates = 5
          var learner = try L(spec: envs.spec, settings: settings, seed: 3)
          let workers = Workers(threads: threads)
          var lines: [IterationReport] = []
          for _ in 0..<6 { lines.append(timeless(try learner.improve(in: envs, on: workers))) }
          var file = TensorFile()
          try learner.save(to: &file)
          results.append(file.encoded())
          reports.append(lines)
        }
        for i in 1..<4 { #expect(results[i] == results[0] && reports[i] == reports[0]) }
        #expect(reports[0].last?["critic_loss"].isFinite == true)
      }
    }
    try kind.open(Run())
  }

  @Test(.enabled(if: test_counts_allocations() != 0), arguments: OffPolicyKind.allCases)
  func gradientStepsAllocateNothing(_ kind: OffPolicyKind) throws {
    final class Run: OffPolicyTest<Void> {
      override func run<L: OffPolicyLearner & ~Copyable>(_ type: L.Type) throws {
        var counts: [Int] = []
        for updates in [4, 40] {
          let envs = try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() }
          var settings = L.Settings()
          settings.common.becomeSmall()
          settings.common.minibatchSize = 150
          settings.common.updates = updates
          var learner = try L(spec: envs.spec, settings: settings, seed: 1)
          let workers = Workers(threads: 1)
          for _ in 0..<3 { _ = try learner.improve(in: envs, on: workers) }
          var report = IterationReport()
          learner.update(on: workers, &report)
          let before = test_allocation_count()
          learner.update(on: workers, &report)
          counts.append(test_allocation_count() - before)
        }
        #expect(counts[0] == counts[1], "\(counts)")
      }
    }
    try kind.open(Run())
  }

  /// Nothing is learned from what is drawn at random at first, and everything afterwards.
  @Test func actsAtRandomAtFirst() throws {
    let envs = try VectorEnv(count: 4, seed: 1) { _ in try PointEnv() }
    var settings = TD3Settings()
    settings.common.becomeSmall()
    settings.common.horizon = 50
    settings.common.learningStarts = 400
    settings.common.learningRate = 0
    var learner = try TD3(spec: envs.spec, settings: settings, seed: 1)
    let workers = Workers(threads: 1)
    for iteration in 1...3 {
      _ = try learner.improve(in: envs, on: workers)
      let actions = (0..<4).flatMap { envs.rollout(ofShard: $0).actions }
      let pushes = stride(from: 0, to: actions.count, by: 2).map { actions[$0] }
      // A fresh policy asks for hardly anything, and its noise is of 0.1 of half the range, 2.
      #expect((pushes.map(abs).reduce(0, +) / Float(pushes.count) > 0.8) == (iteration <= 2))
      #expect(learner.updates == [0, 200, 400][iteration - 1])
    }
  }

  @Test func choicesAreRefused() throws {
    let spec = try EnvSpec(
      observations: [ObservationSlice("x", count: 1)],
      actionSpace: .discrete([ChoiceChannel("turn", choices: ["left", "right"])]), controlInterval: 1, episodeSteps: 5)
    #expect(
      throws: LearningError("the learner 'sac' needs continuous actions; those of this env are choices")
    ) { _ = try SAC(spec: spec, seed: 1) }
  }

  @Test func policiesOfAnotherDistributionAreRefused() throws {
    let spec = try PointEnv().spec
    let start = LearnerStart(try SAC(spec: spec, seed: 1).policy)
    #expect(
      throws: LearningError(
        "the learner 'td3' goes on from a policy whose actions are deterministic; this one's are squashed_gaussian")
    ) { _ = try TD3(spec: spec, from: start, seed: 1) }
  }

  /// Policy, critics and statistics come along in a policy's file.
  @Test func goesOnFromAFile() throws {
    let envs = try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() }
    var settings = SACSettings()
    settings.common.becomeSmall()
    settings.common.normalizeObservations = true
    var first = try SAC(spec: envs.spec, settings: settings, seed: 1)
    for _ in 0..<3 { _ = try first.improve(in: envs, on: Workers(threads: 1)) }
    let file = try first.policyFile(robot: "point")
    let start = try LearnerStart(from: try TensorFile(decoding: file.encoded()))
    let second = try SAC(spec: envs.spec, from: start, settings: settings, seed: 9)
    #expect(second.policy.network == first.policy.network && second.critics == first.critics)
    #expect(second.policy.normalizer == first.policy.normalizer)
    var wider = settings
    wider.common.valueLayers = [8]
    let other = try SAC(spec: envs.spec, from: start, settings: wider, seed: 9)
    #expect(other.critics.map(\.sizes) == [[5, 8, 1], [5, 8, 1]] && other.policy.network == first.policy.network)
    wider.goOn(from: start, pace: nil, envs: 8) { _ in false }
    #expect(wider.common.valueLayers == [16, 16] && wider.common.frozenSteps == wider.common.learningStarts)
  }

  @Test(arguments: OffPolicyKind.allCases) func aFrozenPolicyKeepsStill(_ kind: OffPolicyKind) throws {
    final class Run: OffPolicyTest<Void> {
      override func run<L: OffPolicyLearner & ~Copyable>(_ type: L.Type) throws {
        let envs = try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() }
        var settings = L.Settings()
        settings.common.becomeSmall()
        settings.common.frozenSteps = 2 * 8 * 16
        var learner = try L(spec: envs.spec, settings: settings, seed: 1)
        let fresh = (learner.policy.network, learner.critics)
        for iteration in 1...3 {
          _ = try learner.improve(in: envs, on: Workers(threads: 1))
          #expect((learner.policy.network == fresh.0) == (iteration <= 2) && learner.critics != fresh.1)
        }
      }
    }
    try kind.open(Run())
  }

  @Test(arguments: OffPolicyKind.allCases) func aWeightThatIsNotFiniteGoesBackAtOnce(_ kind: OffPolicyKind) throws {
    final class Run: OffPolicyTest<Void> {
      override func run<L: OffPolicyLearner & ~Copyable>(_ type: L.Type) throws {
        let envs = try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() }
        var settings = L.Settings()
        settings.common.becomeSmall()
        var learner = try L(spec: envs.spec, settings: settings, seed: 1)
        let workers = Workers(threads: 1)
        for _ in 0..<2 { #expect(try learner.improve(in: envs, on: workers).rollback == nil) }
        let (sound, rate) = (learner.core.model.parameters, learner.learningRate)
        // One of a target network, which only the critics feel.
        learner.core.model.parameters.values[learner.core.model.parameters.count - 1] = .nan
        let report = try learner.improve(in: envs, on: workers)
        #expect(report.rollback == "a weight was no longer finite" && report.skippedMinibatches == 128)
        #expect(learner.core.model.parameters == sound)
        let next = try learner.improve(in: envs, on: workers)
        #expect(next.rollback == nil && next.skippedMinibatches == 0 && next.learningRate == rate / 2)
        #expect(learner.rollbacks == 1 && learner.core.model.parameters != sound)
      }
    }
    try kind.open(Run())
  }

  /// Also where the critics' gradient is finite and the policy's is not.
  @Test func aPolicyStepThatIsNotFiniteIsSkipped() throws {
    let envs = try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() }
    var settings = DDPGSettings()
    settings.common.becomeSmall()
    var learner = try DDPG(spec: envs.spec, settings: settings, seed: 1)
    let workers = Workers(threads: 1)
    _ = try learner.improve(in: envs, on: workers)
    let range = learner.core.model.policyNetwork.range
    // The critic learns from the target policy, so that it does not feel the present one.
    learner.core.model.parameters.values[range.lowerBound] = .nan
    let critics = learner.critics
    var report = IterationReport()
    learner.update(on: workers, &report)
    #expect(report.skippedMinibatches == 128 && learner.critics != critics)
  }

  @Test func learnsDespiteFaults() throws {
    let envs = try VectorEnv(count: 16, seed: 1) { _ in FaultyEnv(try PointEnv(), rate: 0.03) }
    var settings = SACSettings()
    settings.common.becomeSmall()
    settings.common.returnSteps = 2
    var learner = try SAC(spec: envs.spec, settings: settings, seed: 1)
    let workers = Workers(threads: 2)
    for _ in 0..<8 {
      let report = try learner.improve(in: envs, on: workers)
      #expect(report.rollback == nil && report.skippedMinibatches == 0)
    }
    #expect(learner.faults > 20 && learner.core.buffer.total > 1000)
    #expect(learner.core.buffer.total + learner.faults <= learner.steps)
  }
}
