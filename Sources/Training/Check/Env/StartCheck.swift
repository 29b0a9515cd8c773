import Environments
import Robotics

/// Whether every episode starts differently, within an env and from env to env.
enum StartCheck {
  static let envs = 64

  static func findings(of entry: Catalog.Entry, seed: UInt64) throws -> [Finding] {
    let envs = try entry.makeVectorEnv(count: envs, shards: 1, seed: seed, start: .together)
    let width = envs.spec.observationCount
    // What the envs show before anything has been done.
    envs.collect(steps: 1, with: ZeroPolicy(spec: envs.spec), on: Workers(threads: 1))
    let shown = envs.rollout(ofShard: 0).observations
    let starts = Set((0..<Self.envs).map { Array(shown[$0 * width..<($0 + 1) * width]) })
    let one = try entry.makeVectorEnv(count: 1, shards: 1, seed: seed, start: .together)
    one.collect(steps: 2 * one.spec.episodeSteps, with: RandomPolicy(spec: one.spec), on: Workers(threads: 1))
    let digests = one.rollout(ofShard: 0).episodes.map(\.startDigest)
    let (different, all) = (Set(digests).count, digests.count)
    guard starts.count < Self.envs || different < all else { return [] }
    return [
      Finding(
        id: "same_starts", severity: .warning,
        sentence: "\(Self.envs) envs show \(starts.count) different starts, one env \(different) in \(all) episodes",
        hint: "draw the start from the random numbers that reset (begin) is given")
    ]
  }
}
