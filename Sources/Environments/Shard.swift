import Storage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A slice of a `VectorEnv`: envs that one worker steps together, whatever their type.
protocol Shard: AnyObject, Sendable {
  var rollout: ShardRollout { get }
  func prepare(steps: Int, memoryCount: Int, recordedCount: Int)
  func collect<P: Policy>(with policy: borrowing P, recordsFaults: Bool)
  func rerun(_ tail: EpisodeTail) throws -> TailRerun
  func set(difficulty: Double)
  var defect: String? { get }
  func save(to writer: inout StateWriter)
  func restore(from reader: inout StateReader) throws
}

/// The one place where envs meet threads: a worker owns a whole shard while it collects, and no other thread touches it.
final class EnvShard<E: Env & ~Copyable>: Shard, @unchecked Sendable {
  /// Of guarded envs: a guard put around each env further in would have its type looked up at every step.
  private var state: ShardState<GuardedEnv<E>>

  /// - Parameter indices: which envs of the whole these are; each one's random stream depends only on its index.
  init(
    indices: Range<Int>, seed: UInt64, start: EpisodeStart, spec: EnvSpec, make: @Sendable (Int) throws -> E
  ) throws {
    state = try ShardState(indices: indices, seed: seed, start: start, spec: spec) { GuardedEnv(try make($0)) }
  }

  var rollout: ShardRollout { state.rollout }
  func prepare(steps: Int, memoryCount: Int, recordedCount: Int) {
    state.prepare(steps: steps, memoryCount: memoryCount, recordedCount: recordedCount)
  }
  func collect<P: Policy>(with policy: borrowing P, recordsFaults: Bool) {
    state.collect(with: policy, recordsFaults: recordsFaults)
  }
  func rerun(_ tail: EpisodeTail) throws -> TailRerun { try state.rerun(tail) }
  func set(difficulty: Double) { state.set(difficulty: difficulty) }
  var defect: String? { state.defect }
  func save(to writer: inout StateWriter) { state.save(to: &writer) }
  func restore(from reader: inout StateReader) throws { try state.restore(from: &reader) }
}

/// The part of an episode that is under way in one env.
///
/// Outside the generic type below, which would look up the type's metadata at every step.
private struct EpisodeProgress {
  /// What the episode was started with.
  var seed: UInt64 = 0
  var difficulty = 1.0
  var episodeReturn = 0.0
  var length = 0
  var startDigest: UInt64 = 0
  /// Steps after which the episode is cut short on purpose; 0 for never.
  var cutAfter = 0
  /// The env has run its only episode and is no longer stepped.
  var isRetired = false
}

/// Where the present episode's tail, as far as it lies in the rollout, begins: the state and the length that the episode had
/// when the rollout began, or else the control step of the rollout before which it started.
private struct TailStart {
  var state = StateWriter()
  var length = 0
  var step = 0
  var isEpisodeStart = false
}

/// Envs, their random streams and their rollout.
struct ShardState<E: Env & ~Copyable>: ~Copyable {
  /// Faults of which a shard keeps records in a rollout.
  private static var mostFaultReports: Int { 10 }
  /// The largest figures that saved state may claim.
  private static var largestMemory: Int { 1 << 24 }
  private static var longestEpisode: Int { 1 << 53 }

  private let spec: EnvSpec
  private let start: EpisodeStart
  /// Index of the first env among all of the `VectorEnv`.
  private let firstIndex: Int
  private var envs: Slab<E>
  private var streams: [Random]
  private var progress: [EpisodeProgress]
  /// One for each env while faults are recorded, or else none.
  private var tailStarts: [TailStart] = []
  /// The policy's own source of noise.
  private var policyRandom: Random
  private var memory: [Float] = []
  private var memoryCount = 0
  private var terms: [Float]
  private var metrics: [Double]
  private(set) var rollout: ShardRollout

  init(
    indices: Range<Int>, seed: UInt64, start: EpisodeStart, spec: EnvSpec, make: @Sendable (Int) throws -> E
  ) throws {
    self.spec = spec
    self.start = start
    firstIndex = indices.lowerBound
    envs = Slab(capacity: indices.count)
    streams = indices.map { Random(seed: seed, stream: UInt64($0)) }
    progress = Array(repeating: EpisodeProgress(), count: indices.count)
    policyRandom = Random(seed: seed, stream: ~UInt64(indices.lowerBound))
    terms = Array(repeating: 0, count: spec.rewardTerms.count)
    metrics = Array(repeating: 0, count: spec.metrics.count)
    rollout = ShardRollout(steps: 0, envCount: indices.count, spec: spec)
    for index in indices { envs.append(try make(index)) }
    var observations = exchange(&rollout.observations, with: [])
    for e in progress.indices {
      if start.isStaggered { progress[e].cutAfter = 1 + streams[e].index(below: spec.episodeSteps) }
      reset(e, at: e, in: &observations)
    }
    rollout.observations = observations
  }

  /// Makes room for rollouts of `steps` steps; what the envs show now moves to the new room.
  mutating func prepare(steps: Int, memoryCount: Int, recordedCount: Int) {
    if memoryCount != self.memoryCount {
      self.memoryCount = memoryCount
      memory = Array(repeating: 0, count: memoryCount * progress.count)
    }
    guard steps != rollout.steps || recordedCount * rollout.rowCount != rollout.records.count else { return }
    var next = ShardRollout(steps: steps, envCount: progress.count, spec: spec, recordedCount: recordedCount)
    let width = spec.observationCount * progress.count
    for i in 0..<width { next.observations[steps * width + i] = rollout.observations[rollout.steps * width + i] }
    rollout = next
  }

  /// Steps every env `rollout.steps` times without waiting for anybody.
  mutating func collect<P: Policy>(with policy: borrowing P, recordsFaults: Bool) {
    let (count, width, actionWidth) = (progress.count, spec.observationCount, spec.actionCount)
    rollout.begin()
    noteTailStarts(ifAsked: recordsFaults)
    // Moved out while they are worked on, so that spans into them and calls on `self` do not overlap.
    var observations = exchange(&rollout.observations, with: [])
    var actions = exchange(&rollout.actions, with: [])
    var records = exchange(&rollout.records, with: [])
    let last = rollout.steps * count * width
    for i in 0..<count * width { observations[i] = observations[last + i] }

    let start = seconds()
    // Seconds on either side in the steps that are timed: the clock costs as much as stepping a small env.
    var timed = (policy: 0.0, envs: 0.0)
    for t in 0..<rollout.steps {
      let row = t * count
      let isTimed = t % 8 == 0
      let before = isTimed ? seconds() : 0
      chooseActions(
        with: policy, on: observations.span.extracting(row * width..<(row + count) * width), at: row, into: &actions,
        recording: &records)
      let between = isTimed ? seconds() : 0
      for e in 0..<count {
        let action = actions.span.extracting((row + e) * actionWidth..<(row + e + 1) * actionWidth)
        step(e, row: row + e, nextRow: row + count + e, action: action, observations: &observations)
        guard rollout.endings[row + e].isOver else { continue }
        if rollout.endings[row + e] == .faulted { recordFault(e, at: t, actions, observations) }
        startNext(e, after: t, at: row + count + e, in: &observations)
      }
      if isTimed {
        timed.policy += between - before
        timed.envs += seconds() - between
      }
    }
    let whole = seconds() - start
    rollout.policySeconds = whole * timed.policy / max(timed.policy + timed.envs, .leastNormalMagnitude)
    rollout.envSeconds = whole - rollout.policySeconds
    rollout.observations = observations
    rollout.actions = actions
    rollout.records = records
  }

  private mutating func chooseActions<P: Policy>(
    with policy: borrowing P, on observations: Span<Float>, at row: Int, into actions: inout [Float],
    recording records: inout [Float]
  ) {
    let (count, width, recorded) = (progress.count, spec.actionCount, policy.recordedCount)
    var memory = exchange(&self.memory, with: [])
    var memorySpan = memory.mutableSpan
    var allActions = actions.mutableSpan
    var allRecords = records.mutableSpan
    var chosen = allActions._mutatingExtracting(row * width..<(row + count) * width)
    var kept = allRecords._mutatingExtracting(row * recorded..<(row + count) * recorded)
    let before = UserCode.enter(.policy)
    policy.act(on: observations, memory: &memorySpan, random: &policyRandom, into: &chosen, recording: &kept)
    UserCode.leave(to: before)
    self.memory = memory
  }

  private mutating func step(
    _ e: Int, row: Int, nextRow: Int, action: Span<Float>, observations: inout [Float]
  ) {
    let width = spec.observationCount
    guard !progress[e].isRetired else {
      rollout.rewards[row] = 0
      rollout.endings[row] = .running
      for i in 0..<width { observations[nextRow * width + i] = observations[(row * width) + i] }
      return
    }
    let transition: Transition
    do {
      var all = observations.mutableSpan
      var observation = all._mutatingExtracting(nextRow * width..<(nextRow + 1) * width)
      transition = envs[e].step(action, observation: &observation)
    }
    addRewardTerms(e)
    progress[e].episodeReturn += Double(transition.reward)
    progress[e].length += 1
    let isCutShort = transition.ending == .running && progress[e].length == progress[e].cutAfter
    let ending = isCutShort ? .truncated : transition.ending
    rollout.rewards[row] = transition.reward
    rollout.endings[row] = ending
    guard ending.isOver else { return }
    if ending == .faulted { rollout.faultCount += 1 }
    rollout.finals.append(.init(row: row, ending: ending))
    for i in 0..<width { rollout.finalObservations.append(observations[nextRow * width + i]) }
    if !isCutShort { recordEpisode(e, ending) }
  }

  /// Starts the episode that follows the one that ended in control step `t`, or lets the env rest.
  private mutating func startNext(_ e: Int, after t: Int, at row: Int, in observations: inout [Float]) {
    progress[e] = EpisodeProgress()
    guard start != .once else {
      progress[e].isRetired = true
      return
    }
    if case .practicing(let share) = start, streams[e].unit() < share {
      progress[e].cutAfter = 1 + streams[e].index(below: max(1, spec.episodeSteps / 8))
    }
    reset(e, at: row, in: &observations)
    guard !tailStarts.isEmpty else { return }
    tailStarts[e].step = t + 1
    tailStarts[e].isEpisodeStart = true
  }

  private mutating func addRewardTerms(_ e: Int) {
    guard !terms.isEmpty else { return }
    var terms = exchange(&self.terms, with: [])
    var span = terms.mutableSpan
    envs[e].readRewardTerms(into: &span)
    for i in terms.indices { rollout.rewardTermSums[i] += Double(terms[i]) }
    self.terms = terms
  }

  private mutating func recordEpisode(_ e: Int, _ ending: Ending) {
    rollout.episodes.append(
      EpisodeResult(
        env: firstIndex + e, episodeReturn: progress[e].episodeReturn, length: progress[e].length, ending: ending,
        startDigest: progress[e].startDigest))
    guard !metrics.isEmpty else { return }
    var metrics = exchange(&self.metrics, with: [])
    var span = metrics.mutableSpan
    envs[e].readMetrics(into: &span)
    rollout.episodeMetrics.append(contentsOf: metrics)
    self.metrics = metrics
  }

  private mutating func reset(_ e: Int, at row: Int, in observations: inout [Float]) {
    let width = spec.observationCount
    var all = observations.mutableSpan
    var observation = all._mutatingExtracting(row * width..<(row + 1) * width)
    progress[e].seed = streams[e].next()
    progress[e].difficulty = envs[e].difficulty
    envs[e].reset(seed: progress[e].seed, observation: &observation)
    var digest = Digest()
    digest.add(observation.span)
    progress[e].startDigest = digest.value
    for i in 0..<memoryCount { memory[e * memoryCount + i] = 0 }
  }

  // MARK: Faults

  private mutating func noteTailStarts(ifAsked isAsked: Bool) {
    guard isAsked else { return tailStarts.removeAll() }
    var starts = exchange(&tailStarts, with: [])
    while starts.count < progress.count { starts.append(TailStart()) }
    for e in starts.indices {
      starts[e].state.clear()
      envs[e].save(to: &starts[e].state)
      starts[e].length = progress[e].length
      starts[e].step = 0
      starts[e].isEpisodeStart = false
    }
    tailStarts = starts
  }

  /// Keeps what it takes to repeat the fault of env `e` in control step `t`.
  private mutating func recordFault(_ e: Int, at t: Int, _ actions: [Float], _ observations: [Float]) {
    guard !tailStarts.isEmpty, rollout.faults.count < Self.mostFaultReports else { return }
    let (count, width, actionWidth) = (progress.count, spec.observationCount, spec.actionCount)
    let start = tailStarts[e]
    let row = start.step * count + e
    var tail = EpisodeTail(
      seed: progress[e].seed, difficulty: progress[e].difficulty,
      snapshot: start.isEpisodeStart ? nil : start.state.bytes,
      stepsBefore: start.isEpisodeStart ? 0 : start.length,
      observation: Array(observations[row * width..<(row + 1) * width]), actions: [])
    for row in stride(from: row, through: t * count + e, by: count) {
      tail.actions += actions[row * actionWidth..<(row + 1) * actionWidth]
    }
    rollout.faults.append(
      FaultReport(
        env: firstIndex + e, step: t, reason: envs[e].faultReason ?? "the env does not say why", tail: tail))
  }

  mutating func rerun(_ tail: EpisodeTail) throws -> TailRerun { try envs[0].rerun(tail) }

  mutating func set(difficulty: Double) {
    for e in progress.indices { envs[e].difficulty = difficulty }
  }

  /// What is wrong with an env itself; of the first that has found something.
  var defect: String? {
    for e in progress.indices {
      if let defect = envs[e].defect { return defect }
    }
    return nil
  }

  // MARK: Saving

  func save(to writer: inout StateWriter) {
    let width = spec.observationCount * progress.count
    let last = rollout.steps * width
    writer.write(progress.count)
    policyRandom.save(to: &writer)
    writer.write(memoryCount)
    writer.write(memory)
    writer.write(Array(rollout.observations[last..<last + width]))
    for e in progress.indices {
      streams[e].save(to: &writer)
      writer.write(progress[e].seed)
      writer.write(progress[e].difficulty)
      writer.write(progress[e].episodeReturn)
      writer.write(progress[e].length)
      writer.write(progress[e].startDigest)
      writer.write(progress[e].cutAfter)
      writer.write(progress[e].isRetired)
      envs[e].save(to: &writer)
    }
  }

  mutating func restore(from reader: inout StateReader) throws {
    let count = try reader.readInt()
    guard count == progress.count else { throw StateError.mismatch("\(count) envs where \(progress.count) belong") }
    try policyRandom.restore(from: &reader)
    // Read rather than expected: a shard that is restored before its first rollout has met no policy yet.
    let memoryCount = try reader.readInt(in: 0...Self.largestMemory)
    memory = try reader.readFiniteFloats(count: memoryCount * count)
    self.memoryCount = memoryCount
    let width = spec.observationCount * count
    let shown = try reader.readFiniteFloats(count: width)
    for i in 0..<width { rollout.observations[rollout.steps * width + i] = shown[i] }
    for e in progress.indices {
      try streams[e].restore(from: &reader)
      progress[e].seed = try reader.readUInt64()
      progress[e].difficulty = try reader.readDouble(in: 0...1)
      progress[e].episodeReturn = try reader.readFiniteDouble()
      progress[e].length = try reader.readInt(in: 0...Self.longestEpisode)
      progress[e].startDigest = try reader.readUInt64()
      progress[e].cutAfter = try reader.readInt(in: 0...spec.episodeSteps)
      progress[e].isRetired = try reader.readBool()
      try envs[e].restore(from: &reader)
    }
  }
}

/// Seconds on a clock that never goes back.
func seconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
