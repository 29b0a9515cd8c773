/// How the episodes of many envs follow one another.
public enum EpisodeStart: Sendable, Equatable {
  /// One after the other; first episodes are cut short at random, so that the envs fall out of step.
  case staggered
  /// As `staggered`, and of the later episodes this share is cut short as well, at a random step within the first eighth
  /// of an episode: once episodes last, starts are rare, and what is rare is learned badly.
  case practicing(shortShare: Double)
  /// One after the other, all envs starting together.
  case together
  /// One episode an env, all starting together; an env whose episode is over rests.
  case once
}

extension EpisodeStart {
  /// Whether first episodes are cut short.
  var isStaggered: Bool {
    switch self {
    case .staggered, .practicing: true
    case .together, .once: false
    }
  }
}

/// Many envs of one kind, in shards, each with random streams of its own.
///
/// The number of shards is a setting, never the number of threads: who steps a shard changes no bit of what it yields.
public final class VectorEnv: Sendable {
  public let spec: EnvSpec
  /// The mirror in which the envs stay the same, if they have one.
  public let symmetry: Symmetry?
  /// How many envs there are.
  public let count: Int
  private let shards: [any Shard]

  /// How many slices the envs stand in.
  public var shardCount: Int { shards.count }

  /// Makes `count` envs and starts an episode in each.
  ///
  /// - Parameters:
  ///   - count: how many envs, at least 1.
  ///   - shards: into how many slices they are divided; at most `count` are used.
  ///   - seed: with an env's index, the source of all that is random in it.
  ///   - start: how episodes follow one another.
  ///   - make: makes the env with the given index.
  public init<E: Env & ~Copyable>(
    count: Int, shards shardCount: Int = 8, seed: UInt64, start: EpisodeStart = .staggered,
    make: @Sendable (Int) throws -> E
  ) throws {
    guard count > 0 else { throw EnvError("\(count) envs were asked for; at least 1 is needed") }
    guard shardCount > 0 else { throw EnvError("\(shardCount) shards were asked for; at least 1 is needed") }
    let first = try make(0)
    let (spec, symmetry) = (first.spec, first.symmetry)
    let slices = min(shardCount, count)
    var shards: [any Shard] = []
    for slice in 0..<slices {
      let indices = (slice * count / slices)..<((slice + 1) * count / slices)
      shards.append(try EnvShard<E>(indices: indices, seed: seed, start: start, spec: spec, make: make))
    }
    self.spec = spec
    self.symmetry = symmetry
    self.count = count
    self.shards = shards
  }

  /// Lets every env take `steps` steps under `policy`; episodes that end start again by themselves.
  ///
  /// - Parameter recordsFaults: whether each shard keeps what it takes to repeat the first few faults; every env is then
  ///   saved once at the start.
  public func collect<P: Policy>(steps: Int, with policy: P, on workers: Workers, recordsFaults: Bool = false) {
    let shards = shards
    for shard in shards {
      shard.prepare(steps: steps, memoryCount: policy.memoryCount, recordedCount: policy.recordedCount)
    }
    workers.run(shards.count) { shards[$0].collect(with: policy, recordsFaults: recordsFaults) }
  }

  /// A mistake in the envs themselves that the steps so far have shown, in words; nil if there is none. Code that steps envs
  /// should ask after each `collect` and stop: no other episode will do.
  public var defect: String? { shards.lazy.compactMap(\.defect).first }

  /// The rollout of shard `index` from the last `collect`.
  public func rollout(ofShard index: Int) -> ShardRollout { shards[index].rollout }

  /// Sets how hard the episodes that start from now on are to be, in 0…1 (what lies beyond is taken as the end nearer to
  /// it, not-a-number as 0); see `Env.difficulty`.
  public func set(difficulty: Double) {
    let difficulty = min(max(0, difficulty), 1)
    for shard in shards { shard.set(difficulty: difficulty) }
  }

  /// Repeats the tail of an episode in the first env, whose own episode is lost: of use where the envs were made for this.
  ///
  /// - Throws: `StateError`, or what the env throws, if the tail's snapshot does not fit.
  public func rerun(_ tail: EpisodeTail) throws -> TailRerun { try shards[0].rerun(tail) }

  /// Writes all that the envs' future depends on.
  public func save(to writer: inout StateWriter) {
    for shard in shards { shard.save(to: &writer) }
  }

  /// Reads back what `save(to:)` wrote for as many envs in as many shards. After an error the envs are of no further use.
  public func restore(from reader: inout StateReader) throws {
    for shard in shards { try shard.restore(from: &reader) }
  }
}
