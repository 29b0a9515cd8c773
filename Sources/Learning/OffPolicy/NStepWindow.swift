import Environments
import Storage

/// Makes transitions of n steps from what envs go through: r₀ + γ r₁ + … + γⁿ⁻¹ rₙ₋₁, the weight γⁿ and what was shown
/// after the n-th step (Watkins, 1989).
///
/// Where an episode ends earlier, so do its transitions: with the weight 0 where it was terminated, and with that of the
/// steps taken where it was truncated, what follows being the final observation. A step that failed is no sample: the
/// transitions before it end with what the env showed soundly last. Those that are not complete when a rollout ends go on
/// in the next one.
package struct NStepWindow: Sendable, Equatable {
  package let envCount: Int
  private let layout: ReplayLayout
  /// γ⁰…γⁿ
  private let weights: [Float]
  /// For each env n rows, in a ring, of which what was shown, the action and the rewards so far are filled in.
  private var rows: [Float]
  /// For each env the place of its oldest row, and how many rows there are.
  private var first: [Int]
  private var counts: [Int]
  private var scratch: [Float]

  private var n: Int { weights.count - 1 }

  package init(envCount: Int, layout: ReplayLayout, steps: Int, discount: Double) {
    self.envCount = envCount
    self.layout = layout
    var weights = [1.0]
    for _ in 0..<steps { weights.append(weights[weights.count - 1] * discount) }
    self.weights = weights.map { Float($0) }
    rows = Array(repeating: 0, count: envCount * steps * layout.length)
    first = Array(repeating: 0, count: envCount)
    counts = first
    scratch = Array(repeating: 0, count: layout.length)
  }

  /// Adds the rollout of a shard and appends the transitions that became complete to `buffer`, in the order of time, then env.
  ///
  /// - Parameters:
  ///   - start: the index of the shard's first env among all.
  ///   - center: middle of each action's range.
  ///   - halfRange: half of it.
  package mutating func add(
    _ rollout: ShardRollout, firstEnv start: Int, center: [Float], halfRange: [Float], to buffer: inout ReplayBuffer
  ) {
    let (width, actions) = (layout.observations, layout.actions)
    let observations = rollout.observations.span
    let finals = rollout.finalObservations.span
    var nextFinal = 0
    for row in 0..<rollout.rowCount {
      let env = start + row % rollout.envCount
      let ending = rollout.endings[row]
      let shown = observations.extracting(row * width..<(row + 1) * width)
      if ending == .faulted {
        finish(env, weighted: true, next: shown, to: &buffer)
        nextFinal += 1
        continue
      }
      let place = slot(env, counts[env])
      for i in 0..<width { rows[place + i] = shown[i] }
      for i in 0..<actions {
        let action = (rollout.actions[row * actions + i] - center[i]) / halfRange[i]
        rows[place + layout.action + i] = min(max(action, -1), 1)
      }
      rows[place + layout.reward] = 0
      counts[env] += 1
      for age in 0..<counts[env] {
        rows[slot(env, counts[env] - 1 - age) + layout.reward] += weights[age] * rollout.rewards[row]
      }
      if ending.isOver {
        let final = finals.extracting(nextFinal * width..<(nextFinal + 1) * width)
        finish(env, weighted: ending == .truncated, next: final, to: &buffer)
        nextFinal += 1
      } else if counts[env] == n {
        let next = row + rollout.envCount
        emit(env, weight: weights[n], next: observations.extracting(next * width..<(next + 1) * width), to: &buffer)
      }
    }
  }

  /// Where the `index`-th row of an env begins, the oldest being the first.
  private func slot(_ env: Int, _ index: Int) -> Int { (env * n + (first[env] + index) % n) * layout.length }

  /// Ends all transitions of an env.
  private mutating func finish(_ env: Int, weighted: Bool, next: Span<Float>, to buffer: inout ReplayBuffer) {
    while counts[env] > 0 { emit(env, weight: weighted ? weights[counts[env]] : 0, next: next, to: &buffer) }
    first[env] = 0
  }

  /// Ends the oldest transition of an env.
  private mutating func emit(_ env: Int, weight: Float, next: Span<Float>, to buffer: inout ReplayBuffer) {
    let place = slot(env, 0)
    for i in 0..<layout.discount { scratch[i] = rows[place + i] }
    scratch[layout.discount] = weight
    for i in next.indices { scratch[layout.next + i] = next[i] }
    buffer.append(scratch.span)
    first[env] = (first[env] + 1) % n
    counts[env] -= 1
  }
}

// MARK: Saving

extension NStepWindow {
  /// Adds the transitions that are not complete.
  func save(to file: inout TensorFile) {
    file.set("replay.window.counts", .int64(counts.map { Int64($0) }))
    var pending: [Float] = []
    for env in 0..<envCount {
      for i in 0..<counts[env] {
        let place = slot(env, i)
        pending += rows[place..<place + layout.discount]
      }
    }
    file.set("replay.window", .float32(pending))
  }

  /// Reads back what `save(to:)` added for as many envs.
  ///
  /// - Throws: `LearningError` if it is out of range.
  mutating func restore(from file: TensorFile) throws {
    var restored = self
    let counts = try file.integers("replay.window.counts", shape: [envCount])
    guard counts.allSatisfy({ (0..<max(1, Int64(n))).contains($0) }) else {
      throw LearningError("its incomplete transitions are out of range")
    }
    let pending = try file.finiteFloats(
      "replay.window", count: counts.reduce(0) { $0 + Int($1) } * layout.discount)
    var start = 0
    for env in 0..<envCount {
      restored.first[env] = 0
      restored.counts[env] = Int(counts[env])
      for i in 0..<restored.counts[env] {
        let place = restored.slot(env, i)
        for k in 0..<layout.discount { restored.rows[place + k] = pending[start + k] }
        start += layout.discount
      }
    }
    self = restored
  }
}
