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
}

extension Policy {
  public var memoryCount: Int { 0 }
}

/// Always asks for the middle of each action's range, which is zero for most robots.
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
      actions[i] = (channel.low + channel.high) / 2
    }
  }
}

/// Draws each action uniformly from its range.
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
      actions[i] = Float(random.uniform(Double(channel.low)...Double(channel.high)))
    }
  }
}
