import Environments
import Robotics

/// Whether actions beyond their limits are taken as the limits, which policies that explore rely on.
enum ActionCheck {
  static func findings(of entry: Catalog.Entry, seed: UInt64) throws -> [Finding] {
    let spec = try entry.spec()
    for asked in [1e30, -1e30, .infinity, -.infinity] as [Float] {
      let wild = try trace(entry, Limits(spec: spec, asked: asked, isBeyond: true), seed)
      let tame = try trace(entry, Limits(spec: spec, asked: asked, isBeyond: false), seed)
      guard let difference = wild.firstDifference(from: tame, spec) else { continue }
      return [
        Finding(
          id: "actions_not_clamped", severity: .error,
          sentence: "an action of \(asked) does not act as its limit does: \(difference)",
          hint: "clamp each component of the action to its limits in step")
      ]
    }
    return []
  }

  private static func trace(_ entry: Catalog.Entry, _ policy: Limits, _ seed: UInt64) throws -> Trace {
    let envs = try entry.makeVectorEnv(count: 2, shards: 1, seed: seed, start: .together)
    envs.collect(steps: 60, with: policy, on: Workers(threads: 1))
    return Trace(envs.rollout(ofShard: 0), withActions: false)
  }

  /// Actions far beyond a limit, or at that limit.
  private struct Limits: Policy {
    let spec: EnvSpec
    let asked: Float
    let isBeyond: Bool

    func act(
      on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
      into actions: inout MutableSpan<Float>
    ) {
      for i in actions.indices {
        let channel = spec.actions[i % spec.actionCount]
        actions[i] = isBeyond ? asked : asked > 0 ? channel.high : channel.low
      }
    }
  }
}
