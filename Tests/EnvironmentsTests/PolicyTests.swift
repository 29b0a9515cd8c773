import Environments
import Testing

struct PolicyTests {
  private func spec() throws -> EnvSpec {
    try EnvSpec(
      observations: [.init("x", count: 1)], actions: [.init("symmetric"), .init("shifted", low: 2, high: 6)],
      controlInterval: 0.1, episodeSteps: 10)
  }

  private func actions<P: Policy>(of policy: P, rows: Int, random: inout Random) -> [Float] {
    let observations = Array(repeating: Float(0), count: rows * policy.spec.observationCount)
    var memory: [Float] = []
    var actions = Array(repeating: Float(-99), count: rows * policy.spec.actionCount)
    var memorySpan = memory.mutableSpan
    var actionSpan = actions.mutableSpan
    policy.act(on: observations.span, memory: &memorySpan, random: &random, into: &actionSpan)
    return actions
  }

  @Test func zeroAsksForTheMiddleOfEachRange() throws {
    let policy = ZeroPolicy(spec: try spec())
    var random = Random(seed: 0)
    #expect(policy.memoryCount == 0)
    #expect(actions(of: policy, rows: 3, random: &random) == [0, 4, 0, 4, 0, 4])
    #expect(random == Random(seed: 0))
  }

  @Test func randomFillsEachRangeEvenly() throws {
    let policy = RandomPolicy(spec: try spec())
    var random = Random(seed: 0)
    let rows = 20_000
    let values = actions(of: policy, rows: rows, random: &random)
    for (column, range) in [Float(-1)...1, 2...6].enumerated() {
      let drawn = (0..<rows).map { values[2 * $0 + column] }
      let width = range.upperBound - range.lowerBound
      #expect(drawn.allSatisfy { range.contains($0) })
      let quarters = (0..<4).map { quarter in
        drawn.count { Int(min(4 * ($0 - range.lowerBound) / width, 3)) == quarter }
      }
      // Four standard deviations of a binomial with p = 1/4.
      for count in quarters { #expect(abs(Double(count) - 5_000) < 4 * (20_000 * 0.25 * 0.75).squareRoot()) }
    }
  }
}
