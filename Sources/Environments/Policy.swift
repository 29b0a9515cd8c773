/// A controller: observations in, actions out. Trained, hand-written, random and recurrent ones alike.
public protocol Policy: Sendable {
  /// The env the policy was made for.
  var spec: EnvSpec { get }

  /// How many numbers an env's memory holds between steps; it is zeroed when an episode starts.
  var memoryCount: Int { get }

  /// Chooses actions for a batch of envs, one row each.
  ///
  /// - Parameters:
  ///   - observations: rows × `spec.observationCount`.
  ///   - memory: rows × `memoryCount`, the policy's own to read and write.
  ///   - random: the source for a policy that explores.
  ///   - actions: rows × `spec.actionCount`, to be written.
  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>)

  /// How many numbers a rollout keeps of each choice beside the action, for the learner that made the policy; 0 unless the
  /// policy says otherwise.
  var recordedCount: Int { get }

  /// Chooses actions as `act(on:memory:random:into:)` does and writes what is to be kept: rows × `recordedCount`.
  func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>, recording records: inout MutableSpan<Float>)
}

extension Policy {
  public var memoryCount: Int { 0 }
  public var recordedCount: Int { 0 }

  public func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>, recording records: inout MutableSpan<Float>
  ) {
    act(on: observations, memory: &memory, random: &random, into: &actions)
  }
}

/// Always asks for the middle of each action's range, which is zero for most robots, or for the first choice.
public struct ZeroPolicy: Policy {
  public let spec: EnvSpec

  public init(spec: EnvSpec) { self.spec = spec }

  public func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    let channels = spec.actions
    for i in actions.indices {
      let channel = channels[i % channels.count]
      actions[i] = spec.isDiscrete ? 0 : (channel.low + channel.high) / 2
    }
  }
}

/// Draws each action uniformly from its range, each choice uniformly.
public struct RandomPolicy: Policy {
  public let spec: EnvSpec

  public init(spec: EnvSpec) { self.spec = spec }

  public func act(
    on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
    into actions: inout MutableSpan<Float>
  ) {
    let channels = spec.actions
    for i in actions.indices {
      let channel = channels[i % channels.count]
      guard !spec.isDiscrete else {
        actions[i] = Float(random.index(below: Int(channel.high) + 1))
        continue
      }
      actions[i] = Float(random.uniform(Double(channel.low)...Double(channel.high)))
    }
  }
}
