import Environments

/// How rewards become advantages and targets.
package struct AdvantageSettings: Sendable, Equatable {
  /// γ
  package var discount: Double
  /// λ
  package var lambda: Double
  /// What rewards are multiplied by.
  package var rewardScale: Double
  /// Whether values count, as baseline and for what follows a rollout. Otherwise advantages are plain returns, and steps
  /// of episodes that the rollout does not complete are no samples.
  package var usesValues = true
}

/// Generalized advantage estimation (Schulman et al., "High-dimensional continuous control using generalized advantage
/// estimation", 2016).
public enum Advantage {
  /// Writes the advantage of each step of a shard, rows ordered by time, then env.
  ///
  /// With `d` = r + γ V′ − V, A = d + γ λ A′. V′ is the value of what the env showed next: the next row's, or at the
  /// rollout's end that of the last observation; 0 where the episode was terminated; the value of the final observation
  /// where it was truncated. A′ is 0 where an episode ended.
  ///
  /// A faulted step is no sample and its advantage is written as 0. For the step before it nothing follows but the value
  /// of what the env still showed soundly, as if the episode had been truncated there.
  ///
  /// - Parameters:
  ///   - rewards: steps × `envCount`.
  ///   - endings: as many.
  ///   - values: (steps + 1) × `envCount`, the last rows being what the envs show now.
  ///   - finalValues: the value of the observation that each ended episode closed with, in row order.
  ///   - envCount: how many envs the rows take turns among.
  ///   - discount: γ.
  ///   - lambda: λ.
  ///   - rewardScale: what rewards are multiplied by.
  ///   - advantages: as many as rewards, to be written.
  public static func estimate(
    rewards: Span<Float>, endings: Span<Ending>, values: Span<Float>, finalValues: Span<Float>, envCount: Int,
    discount: Double, lambda: Double, rewardScale: Double = 1, into advantages: inout MutableSpan<Float>
  ) {
    precondition(rewards.count == endings.count && values.count == rewards.count + envCount)
    precondition(advantages.count == rewards.count)
    let (gamma, decay, scale) = (Float(discount), Float(discount * lambda), Float(rewardScale))
    let lastStep = rewards.count - envCount
    var nextFinal = finalValues.count
    for row in stride(from: rewards.count - 1, through: 0, by: -1) {
      let ending = endings[row]
      var following = values[row + envCount]
      var later: Float = row < lastStep ? advantages[row + envCount] : 0
      if ending.isOver {
        nextFinal -= 1
        guard ending != .faulted else {
          advantages[row] = 0
          continue
        }
        following = ending == .truncated ? finalValues[nextFinal] : 0
        later = 0
      }
      let difference = rewards[row] * scale + gamma * following - values[row]
      advantages[row] = difference + decay * later
    }
  }
}
