import Environments
import Robotics

/// Whether an env depends on its seed and its actions alone, to the bit: not on chance, threads, other envs, earlier
/// episodes, or on having been saved and restored.
enum RepeatabilityCheck {
  static func findings(of entry: Catalog.Entry, seed: UInt64) throws -> [Finding] {
    let subject = Subject(entry: entry, spec: try entry.spec(), seed: seed)
    // A mistake in the first check affects the others.
    if let finding = try subject.sameSeed() { return [finding] }
    return try [subject.threads(), subject.neighbors(), subject.earlierEpisodes(), subject.saving()].compactMap { $0 }
  }

  private struct Subject {
    let entry: Catalog.Entry
    let spec: EnvSpec
    let seed: UInt64
    private var random: RandomPolicy { RandomPolicy(spec: spec) }

    private func envs(_ count: Int, shards: Int = 1, start: EpisodeStart = .together) throws -> VectorEnv {
      try entry.makeVectorEnv(count: count, shards: shards, seed: seed, start: start)
    }

    private func run<P: Policy>(_ envs: VectorEnv, _ policy: P, _ steps: Int, threads: Int = 1) -> [Trace] {
      envs.collect(steps: steps, with: policy, on: Workers(threads: threads))
      return envs.traces
    }

    private func difference(_ a: [Trace], _ b: [Trace]) -> String? {
      zip(a, b).lazy.compactMap { $0.firstDifference(from: $1, spec) }.first
    }

    func sameSeed() throws -> Finding? {
      let traces = try (0..<2).map { _ in run(try envs(4), random, 100) }
      return difference(traces[0], traces[1]).map {
        Finding(
          id: "not_repeatable", severity: .error, sentence: "the same seed and actions give another episode: \($0)",
          hint:
            "draw all that is random from the seed that reset is given; use no clock, no address and no dictionary's order"
        )
      }
    }

    func threads() throws -> Finding? {
      let traces = try [1, 2, 5].map { threads in
        let envs = try envs(5, shards: 5, start: .staggered)
        return (0..<2).flatMap { _ in run(envs, random, 40, threads: threads) }
      }
      return (difference(traces[0], traces[1]) ?? difference(traces[0], traces[2])).map {
        Finding(
          id: "threads_show", severity: .error, sentence: "it depends on the number of threads: \($0)",
          hint: "let envs share nothing that changes: no globals, no classes")
      }
    }

    /// Envs must not affect each other.
    func neighbors() throws -> Finding? {
      var traces: [[Float]] = []
      let pair = (try envs(3), try envs(3))
      for _ in 0..<12 {
        for (number, special) in [nil, 1].enumerated() {
          let envs = number == 0 ? pair.0 : pair.1
          _ = run(envs, WavePolicy(spec: spec, special: special), 5)
          let rollout = envs.rollout(ofShard: 0)
          let width = rollout.observationCount
          if traces.count <= number { traces.append([]) }
          for row in 0..<15 where row % 3 != 1 {
            traces[number] += rollout.observations[row * width..<(row + 1) * width]
          }
        }
      }
      guard traces[0] != traces[1] else { return nil }
      return Finding(
        id: "neighbors_show", severity: .error, sentence: "envs affect each other",
        hint: "let envs share nothing that changes: no globals, no classes")
    }

    /// The second episode of an env does not depend on its first.
    func earlierEpisodes() throws -> Finding? {
      let pair = (try envs(1), try envs(1))
      for (envs, isExtreme) in [(pair.0, false), (pair.1, true)] {
        var steps = 0
        repeat {
          if isExtreme {
            _ = run(envs, BangBangPolicy(spec: spec), 1)
          } else {
            _ = run(envs, WavePolicy(spec: spec), 1)
          }
          steps += 1
        } while envs.rollout(ofShard: 0).finals.isEmpty && steps <= spec.episodeSteps
      }
      let waves = WavePolicy(spec: spec)
      return difference(run(pair.0, waves, 60), run(pair.1, waves, 60)).map {
        Finding(
          id: "episodes_show", severity: .error, sentence: "an episode depends on the one before it: \($0)",
          hint: "set everything that the env remembers in reset (begin)")
      }
    }

    func saving() throws -> Finding? {
      let straight = try envs(2, shards: 2, start: .staggered)
      _ = run(straight, random, 37)
      let bytes = straight.saved
      let expected = run(straight, random, 100)
      for steps in [0, 80] {
        let envs = try entry.makeVectorEnv(count: 2, shards: 2, seed: seed &+ 5, start: .staggered)
        if steps > 0 { _ = run(envs, random, steps) }
        let problem: String?
        do {
          var reader = StateReader(bytes)
          try envs.restore(from: &reader)
          problem =
            !reader.isAtEnd
            ? "more is saved than is restored"
            : envs.saved != bytes ? "saved again, it is not the same" : difference(run(envs, random, 100), expected)
        } catch { problem = "\(error)" }
        if let problem {
          return Finding(
            id: "not_restorable", severity: .error,
            sentence: "saved and restored, it continues differently: \(problem)",
            hint:
              "let save(to:) write all that the rest of an episode depends on, and restore(from:) read it in the same order"
          )
        }
      }
      return nil
    }
  }
}
