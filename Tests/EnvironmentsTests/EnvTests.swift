import Environments
import Testing

struct EnvTests {
  @Test func onlyRunningIsNotOver() {
    #expect(!Ending.running.isOver)
    #expect(Ending.truncated.isOver && Ending.faulted.isOver)
    #expect(Ending.terminated(reason: 0).isOver)
    #expect(Ending.terminated(reason: 0) != .terminated(reason: 1))
  }

  /// An env that says the least an env can say.
  private struct Silent: Env {
    let spec: EnvSpec
    func reset(seed: UInt64, observation: inout MutableSpan<Float>) { observation[0] = 0 }
    func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
      observation[0] = 1
      return Transition(reward: 1, ending: .running)
    }
    func save(to writer: inout StateWriter) {}
    func restore(from reader: inout StateReader) throws {}
  }

  @Test func rewardTermsAndMetricsMayBeLeftOut() throws {
    let spec = try EnvSpec(
      observations: [.init("x", count: 1)], actions: [.init("a")], controlInterval: 1, episodeSteps: 5)
    let envs = try VectorEnv(count: 1, seed: 0, start: .together) { _ in Silent(spec: spec) }
    envs.collect(steps: 3, with: ZeroPolicy(spec: spec), on: Workers(threads: 1))
    let rollout = envs.rollout(ofShard: 0)
    #expect(rollout.rewards == [1, 1, 1])
    #expect(rollout.rewardTermSums.isEmpty && rollout.episodeMetrics.isEmpty)
  }
}
