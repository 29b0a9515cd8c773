import Environments
import Networks
import TestEnvs
import TestSupport
import Testing

@Suite struct NetworkPolicyTests {
  private static func policy(hidden: [Int] = [64, 64], gain: Double = 1) throws -> NetworkPolicy {
    let spec = try PointEnv().spec
    var random = Random(seed: 1)
    let network = try MLP(
      sizes: [spec.policyColumns.count] + hidden + [spec.actionCount], activation: .elu, outputGain: gain,
      using: &random)
    return try NetworkPolicy(spec: spec, network: network)
  }

  private static func act(_ policy: NetworkPolicy, on observations: [Float], seed: UInt64 = 1) -> [Float] {
    let rows = observations.count / policy.spec.observationCount
    var actions = [Float](repeating: 0, count: rows * policy.spec.actionCount)
    var random = Random(seed: seed)
    var none: [Float] = []
    var span = actions.mutableSpan
    var memory = none.mutableSpan
    policy.act(on: observations.span, memory: &memory, random: &random, into: &span)
    return actions
  }

  private static func observations(rows: Int) -> [Float] {
    var random = Random(seed: 7)
    return (0..<rows * 4).map { _ in Float(random.normal()) }
  }

  @Test func actionsSpanTheirRange() throws {
    // With an output of zero the action is the middle of its range: 0 of −2…2, ½ of 0…1.
    #expect(Self.act(try Self.policy(gain: 0), on: Self.observations(rows: 1)) == [0, 0.5])
  }

  @Test func aRowDoesNotDependOnTheOthers() throws {
    let policy = try Self.policy()
    let observations = Self.observations(rows: 300)
    let together = Self.act(policy, on: observations)
    for row in [0, 1, 17, 299] {
      let alone = Self.act(policy, on: Array(observations[row * 4..<row * 4 + 4]))
      #expect(alone == Array(together[row * 2..<row * 2 + 2]))
    }
  }

  @Test func drawsHaveThePolicysSpread() throws {
    var policy = try Self.policy(gain: 0)
    policy.mode = .stochastic
    let rows = 20_000
    let actions = Self.act(policy, on: [Float](repeating: 0, count: rows * 4))
    for (i, (center, halfRange)) in [(0.0, 2.0), (0.5, 0.5)].enumerated() {
      let draws = stride(from: i, to: actions.count, by: 2).map { (Double(actions[$0]) - center) / halfRange }
      let mean = draws.reduce(0, +) / Double(rows)
      let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
      // Five standard errors.
      #expect(abs(mean) < 5 * 0.5 / Double(rows).squareRoot())
      #expect(abs(variance / 0.25 - 1) < 5 * (2 / Double(rows)).squareRoot())
    }
  }

  @Test func criticColumnsAreNotRead() throws {
    let policy = try Self.policy()
    var observations = Self.observations(rows: 1)
    let before = Self.act(policy, on: observations)
    observations[3] = 1e9
    #expect(Self.act(policy, on: observations) == before)
  }

  @Test(.enabled(if: test_counts_allocations() != 0)) func actingAllocatesNothing() throws {
    var policy = try Self.policy(hidden: [256, 64])
    policy.mode = .stochastic
    let observations = Self.observations(rows: 100)
    var actions = [Float](repeating: 0, count: 200)
    var none: [Float] = []
    var random = Random(seed: 1)
    var span = actions.mutableSpan
    var memory = none.mutableSpan
    let before = test_allocation_count()
    for _ in 0..<100 { policy.act(on: observations.span, memory: &memory, random: &random, into: &span) }
    #expect(test_allocation_count() == before)
  }

  @Test func misfitsAreRefused() throws {
    let spec = try PointEnv().spec
    let small = try MLP(sizes: [2, 2], activation: .elu)
    let wrong = try MLP(sizes: [3, 5], activation: .elu)
    let right = try MLP(sizes: [3, 2], activation: .elu)
    #expect(throws: NetworkError.self) { try NetworkPolicy(spec: spec, network: small) }
    #expect(throws: NetworkError.self) { try NetworkPolicy(spec: spec, network: wrong) }
    #expect(throws: NetworkError.self) { try NetworkPolicy(spec: spec, network: right, std: 0.01) }
  }
}
