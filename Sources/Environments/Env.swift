/// How a step leaves its episode. Ending by falling and ending by the clock are different things to a learner: after
/// the first there is no future to value, after the second there is; of a step that failed it knows nothing.
public enum Ending: Sendable, Equatable {
  /// The episode goes on.
  case running
  /// The episode is over for the reason `spec.endings[reason]`; the state has no future value.
  case terminated(reason: Int)
  /// Time ran out; the future after the final observation still has a value.
  case truncated
  /// The env failed in this step: its observation and reward mean nothing, and the step is no sample to learn from. The
  /// next `reset` must restore it.
  case faulted

  public var isOver: Bool { self != .running }
}

/// What a step returned beside the observation.
public struct Transition: Sendable, Equatable {
  public var reward: Float
  public var ending: Ending

  public init(reward: Float, ending: Ending) {
    self.reward = reward
    self.ending = ending
  }
}

/// A world to act in, one control step at a time: all that a learner needs. Anything may conform, with or without
/// physics.
///
/// An episode depends only on its seed, its difficulty and its actions. After a step that ends the episode, `observation`
/// holds the final observation; the caller then resets.
///
/// An env need not check its own numbers: a `VectorEnv` takes a step whose observation or reward is not finite, or
/// that ends for a reason without a name, as `.faulted`, and an episode that starts so as faulted in its first step.
public protocol Env: ~Copyable, Sendable {
  var spec: EnvSpec { get }

  /// The mirror in which the env stays the same, if it has one.
  var symmetry: Symmetry? { get }

  /// How hard the episodes from the next `reset` on are to be, in 0…1: 1, the env as declared, at first. An env without
  /// degrees of difficulty ignores it.
  var difficulty: Double { get set }

  /// Starts an episode, drawing its start from `seed`, and writes the first observation (`spec.observationCount`).
  mutating func reset(seed: UInt64, observation: inout MutableSpan<Float>)

  /// Takes one control step with `action` (`spec.actionCount`; components beyond their limits are clamped) and writes
  /// the observation that follows.
  mutating func step(_ action: Span<Float>, observation: inout MutableSpan<Float>) -> Transition

  /// Writes the last step's value of each of `spec.rewardTerms`.
  func readRewardTerms(into terms: inout MutableSpan<Float>)

  /// Writes the present episode's figure for each of `spec.metrics`; not-a-number where one is undefined.
  mutating func readMetrics(into metrics: inout MutableSpan<Double>)

  /// Why the last step was `.faulted`, in words on one line, where the env knows.
  var faultReason: String? { get }

  /// A mistake in the env itself that any other episode would show as well, in words on one line; nil if there is none.
  /// It ends a training.
  var defect: String? { get }

  /// Writes all that the rest of the episode depends on.
  func save(to writer: inout StateWriter)

  /// Reads back what `save(to:)` wrote; what follows is equal to the bit.
  mutating func restore(from reader: inout StateReader) throws
}

extension Env where Self: ~Copyable {
  public var symmetry: Symmetry? { nil }
  public var difficulty: Double {
    get { 1 }
    set {}
  }
  public func readRewardTerms(into terms: inout MutableSpan<Float>) {}
  public func readMetrics(into metrics: inout MutableSpan<Double>) {}
  public var faultReason: String? { nil }
  public var defect: String? { nil }
}
