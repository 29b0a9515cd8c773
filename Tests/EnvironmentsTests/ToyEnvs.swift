import Environments

/// An env whose every number can be worked out by hand.
///
/// It shows its own index, the step within the episode and a number drawn at the start. A step's reward is the step's
/// number plus the action; the episode falls over after `fallAfter` steps or runs out of time after `episodeSteps`.
struct CountingEnv: Env, ~Copyable {
  let spec: EnvSpec
  let index: Int
  let fallAfter: Int?
  private var step = 0
  private var drawn: Float = 0
  private var lastAction: Float = 0

  init(_ index: Int, episodeSteps: Int = 10, fallAfter: Int? = nil) throws {
    self.index = index
    self.fallAfter = fallAfter
    spec = try EnvSpec(
      observations: [.init("index", count: 1), .init("step", count: 1), .init("drawn", count: 1)],
      actions: [.init("bonus", low: -100, high: 100)], controlInterval: 0.1, episodeSteps: episodeSteps,
      rewardTerms: ["step", "bonus"], endings: ["fell"], metrics: ["steps", "index"])
  }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    step = 0
    drawn = Float(random.unit())
    show(&observation)
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    step += 1
    lastAction = action[0]
    show(&observation)
    let ending: Ending =
      step == fallAfter ? .terminated(reason: 0) : step == spec.episodeSteps ? .truncated : .running
    return Transition(reward: Float(step) + lastAction, ending: ending)
  }

  private func show(_ row: inout MutableSpan<Float>) {
    row[0] = Float(index)
    row[1] = Float(step)
    row[2] = drawn
  }

  func readRewardTerms(into terms: inout MutableSpan<Float>) {
    terms[0] = Float(step)
    terms[1] = lastAction
  }

  func readMetrics(into metrics: inout MutableSpan<Double>) {
    metrics[0] = Double(step)
    metrics[1] = Double(index)
  }

  func save(to writer: inout StateWriter) {
    writer.write(step)
    writer.write(drawn)
    writer.write(lastAction)
  }

  mutating func restore(from reader: inout StateReader) throws {
    step = try reader.readInt(in: 0...spec.episodeSteps)
    drawn = try reader.readFloat()
    lastAction = try reader.readFloat()
  }
}

/// An env in which the least difference grows until everything differs: a logistic map that the action nudges. It
/// falls whenever it comes near the edge.
struct ChaoticEnv: Env {
  let spec: EnvSpec
  private var x = 0.5
  private var steps = 0

  init() throws {
    spec = try EnvSpec(
      observations: [.init("x", count: 1), .init("steps", count: 1)], actions: [.init("nudge")], controlInterval: 0.1,
      episodeSteps: 40, rewardTerms: ["x"], endings: ["edge"], metrics: ["x"])
  }

  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>) {
    var random = Random(seed: seed)
    x = random.uniform(0.2...0.8)
    steps = 0
    show(&observation)
  }

  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition {
    x = min(max(3.9 * x * (1 - x) + 0.01 * Double(action[0]), 0), 1)
    steps += 1
    show(&observation)
    if x < 0.1 { return Transition(reward: Float(x), ending: .terminated(reason: 0)) }
    return Transition(reward: Float(x), ending: steps >= spec.episodeSteps ? .truncated : .running)
  }

  private func show(_ row: inout MutableSpan<Float>) {
    row[0] = Float(x)
    row[1] = Float(steps)
  }

  func readRewardTerms(into terms: inout MutableSpan<Float>) { terms[0] = Float(x) }
  func readMetrics(into metrics: inout MutableSpan<Double>) { metrics[0] = x }

  func save(to writer: inout StateWriter) {
    writer.write(x)
    writer.write(steps)
  }

  mutating func restore(from reader: inout StateReader) throws {
    x = try reader.readDouble()
    steps = try reader.readInt(in: 0...spec.episodeSteps)
  }
}

/// A policy that remembers how often it was asked since its memory was zeroed, answers with that, and adds noise.
struct RememberingPolicy: Policy {
  let spec: EnvSpec
  var noise: Float = 0
  let memoryCount = 2

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    for i in actions.indices {
      actions[i] = memory[2 * i] + noise * Float(random.normal())
      memory[2 * i] += 1
      memory[2 * i + 1] += observations[i * spec.observationCount]
    }
  }
}

/// The samples of one `collect` without its seconds; bit patterns, so that equal means equal.
struct Trace: Equatable {
  private struct ShardTrace: Equatable {
    var observations: [UInt32]
    var actions: [UInt32]
    var rewards: [UInt32]
    var endings: [Ending]
    var finals: [ShardRollout.Final]
    var finalObservations: [UInt32]
    var rewardTermSums: [UInt64]
    var episodes: [EpisodeResult]
    var episodeMetrics: [UInt64]
  }

  private var shards: [ShardTrace]

  init(_ envs: VectorEnv) {
    shards = (0..<envs.shardCount).map {
      let rollout = envs.rollout(ofShard: $0)
      return ShardTrace(
        observations: rollout.observations.map(\.bitPattern), actions: rollout.actions.map(\.bitPattern),
        rewards: rollout.rewards.map(\.bitPattern), endings: rollout.endings, finals: rollout.finals,
        finalObservations: rollout.finalObservations.map(\.bitPattern),
        rewardTermSums: rollout.rewardTermSums.map(\.bitPattern), episodes: rollout.episodes,
        episodeMetrics: rollout.episodeMetrics.map(\.bitPattern))
    }
  }
}
