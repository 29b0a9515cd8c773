import Environments
import Networks

/// How an off-policy learner's envs are driven beside what the policy asks for.
package enum Exploration: Sendable, Equatable {
  /// By draws of the policy itself.
  case draws
  /// Independent Gaussian noise on every action, in normalized units.
  case gaussian(std: Double)
  /// Noise that an Ornstein–Uhlenbeck process yields for each action: x ← x − decay · x + std · ε, in normalized units.
  case ornsteinUhlenbeck(decay: Double, std: Double)

  /// Lets every env take `steps` steps under `policy`, exploring.
  package func collect(steps: Int, in envs: VectorEnv, with policy: NetworkPolicy, on workers: Workers) {
    var policy = policy
    switch self {
    case .draws:
      policy.mode = .stochastic
      envs.collect(steps: steps, with: policy, on: workers, recordsFaults: true)
    case .gaussian(let std):
      envs.collect(
        steps: steps, with: GaussianNoise(policy: policy, std: Float(std)), on: workers, recordsFaults: true)
    case .ornsteinUhlenbeck(let decay, let std):
      let noisy = OrnsteinUhlenbeckNoise(policy: policy, decay: Float(decay), std: Float(std))
      envs.collect(steps: steps, with: noisy, on: workers, recordsFaults: true)
    }
  }
}

/// A policy whose actions are moved by independent Gaussian noise, within their limits.
struct GaussianNoise: Policy {
  let policy: NetworkPolicy
  /// 1 is half an action's range.
  let std: Float

  var spec: EnvSpec { policy.spec }

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    policy.act(on: observations, memory: &memory, random: &random, into: &actions)
    let (center, halfRange) = (policy.center, policy.halfRange)
    let count = center.count
    for i in actions.indices {
      let (middle, half) = (center[i % count], halfRange[i % count])
      let moved = actions[i] + half * std * Float(random.normal())
      actions[i] = min(max(moved, middle - half), middle + half)
    }
  }
}

/// A policy whose actions are moved by noise that lasts for a few steps (Uhlenbeck and Ornstein, 1930), within their limits.
/// Its state is the policy's memory, so that it starts at rest in every episode.
struct OrnsteinUhlenbeckNoise: Policy {
  let policy: NetworkPolicy
  /// The share of the noise that is gone after a control step.
  let decay: Float
  /// The standard deviation of what comes to it in a control step; 1 is half an action's range.
  let std: Float

  var spec: EnvSpec { policy.spec }
  var memoryCount: Int { policy.spec.actionCount }

  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    var none = MutableSpan<Float>()
    policy.act(on: observations, memory: &none, random: &random, into: &actions)
    let (center, halfRange) = (policy.center, policy.halfRange)
    let count = center.count
    for i in actions.indices {
      let (middle, half) = (center[i % count], halfRange[i % count])
      memory[i] += std * Float(random.normal()) - decay * memory[i]
      actions[i] = min(max(actions[i] + half * memory[i], middle - half), middle + half)
    }
  }
}
