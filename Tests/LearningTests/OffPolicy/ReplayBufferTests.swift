import Environments
import Learning
import TestEnvs
import Testing

@Suite struct ReplayBufferTests {
  /// The numbers that a buffer's rows begin with, oldest first.
  private func contents(of buffer: borrowing ReplayBuffer) -> [Float] {
    var found: [Float] = []
    var row = [Float](repeating: 0, count: buffer.rowLength)
    for number in buffer.oldest..<buffer.total {
      var span = row.mutableSpan
      buffer.copy(number, into: &span)
      found.append(row[0])
    }
    return found
  }

  @Test func keepsTheLatest() {
    var buffer = ReplayBuffer(capacity: 10, rowLength: 2)
    #expect(buffer.segmentRows == 2 && buffer.liveSegments.isEmpty && buffer.count == 0)
    for i in 0..<57 {
      buffer.append([Float(i), Float(-i)].span)
      #expect(contents(of: buffer) == (max(0, i - 9)...i).map { Float($0) })
    }
    #expect(buffer.total == 57 && buffer.oldest == 47 && buffer.liveSegments == 23..<29)
  }

  @Test func drawsEachAlikeAndNoneThatIsGone() {
    var buffer = ReplayBuffer(capacity: 20, rowLength: 1)
    for i in 0..<33 { buffer.append([Float(i)].span) }
    var random = Random(seed: 1)
    var counts = [Int](repeating: 0, count: 33)
    for _ in 0..<20_000 { counts[buffer.draw(using: &random)] += 1 }
    #expect(counts[..<13].allSatisfy { $0 == 0 } && counts[13...].allSatisfy { (850...1150).contains($0) }, "\(counts)")
  }
}

/// Transitions that a learner makes of an env that shows how many steps it has taken, rewards 1, and ends after three.
@Suite struct NStepWindowTests {
  /// Rows (shown, action, reward, weight, shown next) of all transitions of `rollouts` rollouts of `horizon` steps.
  private func transitions(
    ending: Ending, steps: Int, horizon: Int, rollouts: Int, envs count: Int = 1
  ) throws -> [[Float]] {
    let envs = try VectorEnv(count: count, shards: 2, seed: 1, start: .together) { _ in try CountingEnv(ending: ending)
    }
    let layout = ReplayLayout(of: envs.spec)
    var window = NStepWindow(envCount: count, layout: layout, steps: steps, discount: 0.5)
    var buffer = ReplayBuffer(capacity: 1000, rowLength: layout.length)
    let workers = Workers(threads: 1)
    for _ in 0..<rollouts {
      envs.collect(steps: horizon, with: RandomPolicy(spec: envs.spec), on: workers)
      var first = 0
      for shard in 0..<envs.shardCount {
        let rollout = envs.rollout(ofShard: shard)
        window.add(rollout, firstEnv: first, center: [0], halfRange: [0.5], to: &buffer)
        first += rollout.envCount
      }
    }
    var rows: [[Float]] = []
    var row = [Float](repeating: 0, count: layout.length)
    for number in 0..<buffer.total {
      var span = row.mutableSpan
      buffer.copy(number, into: &span)
      rows.append(row)
    }
    return rows
  }

  /// Without the actions.
  private func figures(_ rows: [[Float]]) -> [[Float]] { rows.map { [$0[0], $0[2], $0[3], $0[4]] } }

  @Test func oneStep() throws {
    let end: [(Ending, Float)] = [(.terminated(reason: 0), 0), (.truncated, 0.5)]
    for (ending, weight) in end {
      let rows = try transitions(ending: ending, steps: 1, horizon: 7, rollouts: 1)
      let episode: [[Float]] = [[0, 1, 0.5, 1], [1, 1, 0.5, 2], [2, 1, weight, 3]]
      #expect(figures(rows) == episode + episode + [episode[0]])
      // Actions beyond the limits, here at half the channel's, are what the env makes of them.
      #expect(rows.allSatisfy { abs($0[1]) <= 1 } && rows.contains { abs($0[1]) == 1 })
    }
  }

  /// Two steps: r₀ + ½ r₁ and the weight ¼; at an episode's end what is left of them.
  @Test(arguments: [7, 1]) func twoSteps(horizon: Int) throws {
    let end: [(Ending, [Float])] = [(.terminated(reason: 0), [0, 0]), (.truncated, [0.25, 0.5])]
    for (ending, weights) in end {
      let rows = try transitions(ending: ending, steps: 2, horizon: horizon, rollouts: 7 / horizon)
      let episode: [[Float]] = [[0, 1.5, 0.25, 2], [1, 1.5, weights[0], 3], [2, 1, weights[1], 3]]
      // The first transition of the third episode waits for its second step.
      #expect(figures(rows) == episode + episode)
    }
  }

  /// The step that fails is left out, and those before it end with the observation before it.
  @Test func faults() throws {
    let one = try transitions(ending: .faulted, steps: 1, horizon: 6, rollouts: 1)
    #expect(figures(one) == [[0, 1, 0.5, 1], [1, 1, 0.5, 2], [0, 1, 0.5, 1], [1, 1, 0.5, 2]])
    let five = try transitions(ending: .faulted, steps: 5, horizon: 3, rollouts: 2)
    #expect(figures(five) == [[0, 1.5, 0.25, 2], [1, 1, 0.5, 2], [0, 1.5, 0.25, 2], [1, 1, 0.5, 2]])
  }

  @Test func envsAreKeptApart() throws {
    let rows = try transitions(ending: .truncated, steps: 3, horizon: 2, rollouts: 3, envs: 5)
    #expect(rows.count == 5 * 6)
    let episode: [[Float]] = [[0, 1.75, 0.125, 3], [1, 1.5, 0.25, 3], [2, 1, 0.5, 3]]
    for figure in figures(rows) { #expect(episode.contains(figure)) }
    for wanted in episode { #expect(figures(rows).count { $0 == wanted } == 10) }
  }
}
