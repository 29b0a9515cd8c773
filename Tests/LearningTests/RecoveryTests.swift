import Environments
import Learning
import Networks
import Storage
import TestEnvs
import Testing

/// Shows a number and rewards the answer of half of it; where the number is above `limit`, the reward is more than a sum can
/// hold.
private struct RichEnv: Env {
  let spec: EnvSpec
  let limit: Float
  private var shown: Float = 0
  private var steps = 0

  init(limit: Float) throws {
    self.limit = limit
    spec = try EnvSpec(
      observations: [ObservationSlice("shown", count: 1)], actions: [ActionChannel("answer")], controlInterval: 1,
      episodeSteps: 4)
  }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    shown = Float(random.uniform(-1...1))
    steps = 0
    observation[0] = shown
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    let error = action[0] - shown / 2
    steps += 1
    observation[0] = shown
    let reward = shown > limit ? .greatestFiniteMagnitude : -error * error
    return Transition(reward: reward, ending: steps == 4 ? .truncated : .running)
  }

  func save(to writer: inout StateWriter) {
    writer.write(shown)
    writer.write(steps)
  }

  mutating func restore(from reader: inout StateReader) throws {
    shown = try reader.readFloat()
    steps = try reader.readInt(in: 0...4)
  }
}

@Suite struct RecoveryTests {
  private let workers = Workers(threads: 2)

  private func settings(_ change: (inout PPOSettings) -> Void = { _ in }) -> PPOSettings {
    var settings = PPOSettings()
    settings.hiddenLayers = [16]
    settings.valueLayers = [16]
    settings.horizon = 16
    settings.minibatchSize = 16
    change(&settings)
    return settings
  }

  private func points() throws -> VectorEnv { try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() } }
  private func rich(limit: Float, seed: UInt64 = 1) throws -> VectorEnv {
    try VectorEnv(count: 8, seed: seed, start: .together) { _ in try RichEnv(limit: limit) }
  }

  private func learned(_ ppo: borrowing PPO) -> [[Float]] {
    [ppo.policy.network.parameters, ppo.policy.rawLogStd, ppo.valueNetwork.parameters]
  }

  private func bytes(_ ppo: borrowing PPO, _ envs: VectorEnv) throws -> [UInt8] {
    try ppo.trainingFile(envs: envs, robot: "toy").encoded()
  }

  // MARK: Going back

  @Test(arguments: [Float.nan, .infinity])
  func aWeightThatIsNotFiniteGoesBackAtOnce(_ value: Float) throws {
    let envs = try points()
    var ppo = try PPO(spec: envs.spec, settings: settings { $0.schedule = .constant }, seed: 1)
    for _ in 0..<3 { #expect(try ppo.improve(in: envs, on: workers).rollback == nil) }
    let (sound, rate) = (learned(ppo), ppo.learningRate)
    ppo.core.model.parameters.values[3] = value
    let report = try ppo.improve(in: envs, on: workers)
    #expect(report.rollback == "a weight was no longer finite")
    #expect(learned(ppo) == sound)
    #expect(ppo.learningRate == rate / 2 && ppo.rollbacks == 1)
    // Counters go on, and so does learning.
    #expect(ppo.iteration == 4 && ppo.steps == 4 * 128)
    let next = try ppo.improve(in: envs, on: workers)
    #expect(next.rollback == nil && next.faults == 0 && next.skippedMinibatches == 0)
    #expect(learned(ppo) != sound && next.learningRate == rate / 2)
  }

  /// Also a weight of the value network alone, which no env ever feels.
  @Test func aValueThatIsNotFiniteGoesBackAtOnce() throws {
    let envs = try points()
    var ppo = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    _ = try ppo.improve(in: envs, on: workers)
    let sound = learned(ppo)
    ppo.core.model.parameters.values[ppo.core.model.parameters.count - 1] = .nan
    #expect(try ppo.improve(in: envs, on: workers).rollback != nil)
    #expect(learned(ppo) == sound)
  }

  @Test func skippedMinibatchesAreWaitedForAFewTimes() throws {
    let envs = try rich(limit: -2)
    var ppo = try PPO(spec: envs.spec, settings: settings { $0.schedule = .constant }, seed: 1)
    let (fresh, rate) = (learned(ppo), ppo.learningRate)
    var rollbacks: [Int] = []
    for iteration in 1...17 {
      let report = try ppo.improve(in: envs, on: workers)
      #expect(report.skippedMinibatches == 24 && !report["surrogate_loss"].isFinite)
      if let reason = report.rollback {
        rollbacks.append(iteration)
        #expect(reason.hasPrefix("minibatches had a loss or a gradient that was not finite"))
      }
    }
    #expect(rollbacks == [3, 6, 9, 12, 15])
    #expect(learned(ppo) == fresh && ppo.learningRate == rate / 32)
    do {
      _ = try ppo.improve(in: envs, on: workers)
      Issue.record("it went on for ever")
    } catch {
      #expect("\(error)".hasPrefix("nothing can be learned: minibatches had a loss"))
    }
  }

  @Test func aSoundIterationEndsTheWait() throws {
    let (sound, mad) = (try rich(limit: 2), try rich(limit: -2))
    var ppo = try PPO(spec: sound.spec, settings: settings(), seed: 1)
    for _ in 0..<10 {
      for envs in [sound, mad, mad] { #expect(try ppo.improve(in: envs, on: workers).rollback == nil) }
    }
    #expect(ppo.rollbacks == 0)
  }

  @Test func envsThatOnlyBreakDownAreToldFrom() throws {
    let envs = try VectorEnv(count: 4, seed: 1) { _ in FaultyEnv(try PointEnv(), rate: 1) }
    var ppo = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    var last: (any Error)?
    for iteration in 1...18 {
      do {
        let report = try ppo.improve(in: envs, on: workers)
        #expect(report.faults == 64 && report.endings == ["fault": 64])
        #expect((report.rollback != nil) == iteration.isMultiple(of: 3))
      } catch {
        #expect(iteration == 18)
        last = error
      }
    }
    #expect(
      last.map { "\($0)" }?.contains("every env step failed: the episode starts with nan in column 0 of 'hint'")
        == true)
  }

  @Test(arguments: PPOSettings.Schedule.allCases)
  func theRateStaysHalved(_ schedule: PPOSettings.Schedule) throws {
    let make = settings {
      $0.schedule = schedule
      $0.totalSteps = 10_000
      // So that the adaptive schedule always wants more.
      $0.targetKL = 100
    }
    let (envs, others) = (try points(), try points())
    var (troubled, calm) = (0.0, 0.0)
    var ppo = try PPO(spec: envs.spec, settings: make, seed: 1)
    var other = try PPO(spec: envs.spec, settings: make, seed: 1)
    for iteration in 0..<20 {
      if iteration == 2 || iteration == 4 { ppo.core.model.parameters.values[0] = .nan }
      troubled = try ppo.improve(in: envs, on: workers).learningRate
      calm = try other.improve(in: others, on: workers).learningRate
    }
    #expect(ppo.rollbacks == 2 && abs(troubled / calm - 0.25) < 1e-12)
  }

  // MARK: Saving

  /// Where some minibatches are skipped and some are not, the present state is another than the last sound one; both are
  /// in the file.
  @Test(arguments: [1, 2, 3, 4, 5])
  func aWaitIsResumedToTheBit(_ iterations: Int) throws {
    let settings = settings { $0.schedule = .constant }
    let envs = try rich(limit: 0.7)
    var straight = try PPO(spec: envs.spec, settings: settings, seed: 5)
    for _ in 0..<iterations { #expect(try straight.improve(in: envs, on: workers).skippedMinibatches > 0) }
    let saved = try bytes(straight, envs)
    let others = try rich(limit: 0.7, seed: 6)
    var resumed = try PPO(spec: others.spec, settings: settings, seed: 6)
    try resumed.restore(envs: others, from: try TensorFile(decoding: saved))
    #expect(try bytes(resumed, others) == saved)
    for _ in 0..<5 {
      let (one, other) = (try straight.improve(in: envs, on: workers), try resumed.improve(in: others, on: workers))
      #expect(one.rollback == other.rollback && one.learningRate == other.learningRate)
    }
    #expect(try bytes(resumed, others) == bytes(straight, envs))
    #expect(straight.rollbacks >= 1 && resumed.rollbacks == straight.rollbacks)
    for values in learned(straight) { #expect(values.allSatisfy { $0.isFinite }) }
  }

  @Test func faultsAreCountedAcrossARestore() throws {
    let make = { try VectorEnv(count: 8, seed: 1) { _ in FaultyEnv(try PointEnv(), rate: 0.05) } }
    let (envs, others) = (try make(), try make())
    var straight = try PPO(spec: envs.spec, settings: settings(), seed: 1)
    for _ in 0..<3 { _ = try straight.improve(in: envs, on: workers) }
    var resumed = try PPO(spec: envs.spec, settings: settings(), seed: 2)
    try resumed.restore(envs: others, from: try TensorFile(decoding: try bytes(straight, envs)))
    #expect(resumed.faults == straight.faults && straight.faults > 5)
    let (one, other) = (try straight.improve(in: envs, on: workers), try resumed.improve(in: others, on: workers))
    #expect(one.faultReports == other.faultReports && one.totalFaults == other.totalFaults && !one.faultReports.isEmpty)
    #expect(try bytes(resumed, others) == bytes(straight, envs))
  }
}
