import Environments
import Robotics

/// What an env shows and rewards from one start under given actions: the part of a task that is code
/// rather than a stored value.
enum BehaviorProbe {
  private static let mostSteps = 64
  private static let seed: UInt64 = 0xF1_06E4

  /// - Returns: nothing where the same seed and actions do not give the same again, which `check` reports.
  static func groups(of entry: Catalog.Entry, _ spec: EnvSpec) throws -> [Fingerprint.Group] {
    let groups = try play(entry, spec)
    return try play(entry, spec) == groups ? groups : []
  }

  private static func play(_ entry: Catalog.Entry, _ spec: EnvSpec) throws -> [Fingerprint.Group] {
    let envs = try entry.makeVectorEnv(count: 1, shards: 1, seed: seed, start: .once)
    let (policy, alone) = (WavePolicy(spec: spec), Workers(threads: 1))
    let width = spec.observationCount
    var (start, later): ([Float], [Float]) = ([], [])
    var terms = spec.rewardTerms.map { _ in 0.0 }
    var (reward, ending) = (0.0, "none")
    var steps = 0
    while steps < mostSteps, ending == "none" {
      envs.collect(steps: 1, with: policy, on: alone)
      let rollout = envs.rollout(ofShard: 0)
      steps += 1
      if steps == 1 { start = Array(rollout.observations.prefix(width)) }
      later = rollout.finals.isEmpty ? Array(rollout.observations.suffix(width)) : rollout.finalObservations
      reward += Double(rollout.rewards[0])
      for i in terms.indices { terms[i] += rollout.rewardTermSums[i] }
      if let final = rollout.finals.first { ending = spec.name(of: final.ending) ?? "without a name" }
    }
    var groups: [Fingerprint.Group] = []
    var column = 0
    for slice in spec.observations {
      let columns = column..<column + slice.count
      groups.append(
        .init(Fingerprint.behavior, "observation '\(slice.name)'") {
          $0.add(Array(start[columns]), as: "start")
          $0.add(Array(later[columns]), as: "value after \(steps) steps")
        })
      column += slice.count
    }
    for (name, sum) in zip(spec.rewardTerms, terms) {
      groups.append(.init(Fingerprint.behavior, "reward term '\(name)'") { $0.add(sum, as: "sum") })
    }
    groups.append(
      .init(Fingerprint.behavior) {
        $0.add(reward, as: "sum of rewards")
        $0.add(steps, as: "steps")
        $0.add(ending, as: "ending")
      })
    return groups
  }
}
