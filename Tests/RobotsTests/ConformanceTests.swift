import Environments
import Reporting
import Robotics
import Robots
import TestSupport
import Testing
import Training

/// Sends one value, whatever it sees.
private struct Constant: Policy {
  let spec: EnvSpec
  let value: Float

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    for i in actions.indices { actions[i] = value }
  }
}

/// The contracts that every env of the standard catalog holds to.
struct ConformanceTests {
  private static let names = Catalog.standard.names
  private let alone = Workers(threads: 1)

  private func entry(_ name: String) throws -> Catalog.Entry { try #require(Catalog.standard[name]) }

  private func envs(
    _ name: String, count: Int = 8, shards: Int = 1, seed: UInt64 = 1, start: EpisodeStart = .together
  ) throws -> VectorEnv {
    try entry(name).makeVectorEnv(count: count, shards: shards, seed: seed, start: start)
  }

  private func rollout<P: Policy>(_ envs: VectorEnv, _ policy: P, steps: Int) -> ShardRollout {
    envs.collect(steps: steps, with: policy, on: alone)
    return envs.rollout(ofShard: 0)
  }

  // MARK: Check

  /// Warnings that are accepted, by the finding's id.
  private static let accepted: [String: Set<String>] = [
    // Gymnasium's masses.
    "ant": ["mass_ratio"],
    // A person's arms are light compared with the trunk.
    "humanoid": ["mass_ratio"],
    "humanoid-imu": ["mass_ratio"],
    // One column of seven is that of an axis on which the hand lies, and an object at rest does not move.
    "arm7": ["tiny_observation"],
    "pusher": ["tiny_observation"],
  ]

  @Test(arguments: names)
  func aCheckFindsJustTheAcceptedWarnings(_ name: String) throws {
    let findings = RobotCheck.findings(of: try entry(name))
    let accepted = Self.accepted[name] ?? []
    let new = findings.filter { finding in
      finding.severity == .error || finding.severity == .warning && !accepted.contains(finding.id)
    }
    #expect(new.isEmpty, "\(CheckReport(robot: name, findings: new).text)")
    let unneeded = accepted.subtracting(findings.filter { $0.severity == .warning }.map(\.id))
    #expect(unneeded.isEmpty, "no longer found, so no longer to be accepted: \(unneeded.sorted())")
  }

  /// So that a robot that is renamed or removed leaves none behind.
  @Test func warningsAreAcceptedOfRobotsThatThereAre() {
    #expect(Set(Self.accepted.keys).isSubset(of: Self.names))
  }

  // MARK: Its description

  @Test(arguments: names)
  func describesItself(_ name: String) throws {
    let entry = try entry(name)
    let spec = try entry.spec()
    #expect(!entry.summary.isEmpty && !entry.summary.contains("\n") && entry.summary.count < 100)
    #expect(spec.episodeSteps >= 50 && spec.controlInterval >= 0.005)
    for name in spec.observations.map(\.name) + spec.actions.map(\.name) + spec.rewardTerms + spec.endings
      + spec.metrics
    {
      #expect(!name.isEmpty && !name.contains(","))
    }
    #expect(try entry.spec() == spec)
    #expect(try envs(name).spec == spec)
  }

  @Test(arguments: names)
  func damagedStateNeverTraps(_ name: String) throws {
    let envs = try envs(name, count: 1)
    let policy = RandomPolicy(spec: envs.spec)
    _ = rollout(envs, policy, steps: 20)
    let bytes = envs.saved
    for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 150)) {
      #expect(throws: (any Error).self) {
        var reader = StateReader(Array(bytes.prefix(count)))
        try envs.restore(from: &reader)
      }
    }
    var random = Random(seed: 3)
    for _ in 0..<100 {
      var damaged = bytes
      for _ in 0...random.index(below: 6) {
        damaged[random.index(below: damaged.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      var reader = StateReader(damaged)
      try? envs.restore(from: &reader)
      _ = rollout(envs, policy, steps: 10)
    }
  }

  // MARK: Actions

  @Test(arguments: names)
  func anyActionIsSurvived(_ name: String) throws {
    for value in [0, 1, -1, 1e30, -1e30, .infinity, -.infinity, .nan] as [Float] {
      let envs = try envs(name, count: 3)
      let spec = envs.spec
      let rough = rollout(envs, Constant(spec: spec, value: value), steps: 120)
      #expect(rough.observations.allSatisfy { $0.isFinite }, "after \(value)")
      #expect(rough.rewards.allSatisfy { $0.isFinite }, "after \(value)")
      #expect(rough.rewardTermSums.allSatisfy { $0.isFinite }, "after \(value)")
      if !value.isNaN { #expect(!rough.endings.contains(.faulted), "after \(value)") }
      // And it works again with a sensible policy.
      let calm = rollout(envs, ZeroPolicy(spec: spec), steps: 60)
      #expect(calm.observations.allSatisfy { $0.isFinite })
      #expect(!calm.endings.contains(.faulted))
    }
  }

  // MARK: Showing

  @Test(arguments: names)
  func everyMomentCanBeShown(_ name: String) throws {
    let entry = try entry(name)
    let spec = try entry.spec()
    guard let recording = try entry.record(RandomPolicy(spec: spec), seed: 3, noise: Random(seed: 4)) else { return }
    let start = recording.frames[0]
    // An env that draws itself shows its reward as one term where it has none.
    let terms = spec.rewardTerms.isEmpty && entry.robot == nil ? ["reward"] : spec.rewardTerms
    #expect(recording.rewardTerms == terms && recording.actuators.count == spec.actionCount)
    for (i, frame) in recording.frames.enumerated() {
      let readings = frame.readings
      #expect(frame.poses.count == recording.parts.count && readings.contacts.count == recording.parts.count)
      #expect(readings.positions.count == recording.axes.count && readings.efforts.count == recording.actuators.count)
      #expect(readings.rewards.count == (i == 0 ? 0 : terms.count))
      #expect(frame.markers.map(\.radius) == start.markers.map(\.radius))
      #expect(readings.quantities.map(\.name) == start.readings.quantities.map(\.name))
      #expect(readings.quantities.allSatisfy { $0.actual.isFinite && $0.target?.isFinite != false })
    }
    // Contact with the ground is recorded.
    if let model = try entry.model(), model.isFloating, recording.ground != nil {
      #expect(recording.frames.contains { $0.readings.contacts.contains(true) })
    }
  }

  // MARK: Cost

  @Test(.enabled(if: test_counts_allocations() != 0), arguments: names)
  func stepsAndResetsAllocateNothing(_ name: String) throws {
    var counts: [Int] = []
    for steps in try [20, max(400, entry(name).spec().episodeSteps)] {
      let envs = try envs(name, count: 2)
      let policy = RandomPolicy(spec: envs.spec)
      for _ in 0..<3 { envs.collect(steps: steps, with: policy, on: alone) }
      let before = test_allocation_count()
      envs.collect(steps: steps, with: policy, on: alone)
      counts.append(test_allocation_count() - before)
      if steps >= 400 { #expect(!envs.rollout(ofShard: 0).finals.isEmpty) }
    }
    // A rollout may allocate a little as a whole, its steps and its new episodes nothing.
    #expect(counts.allSatisfy { $0 <= 2 }, "\(counts)")
  }
}
