import Environments

/// Something that improves a policy by letting it act.
public protocol Learner: ~Copyable, Sendable {
  associatedtype Settings: Sendable, Equatable

  var settings: Settings { get }

  /// The policy as it is now, in deterministic mode.
  var policy: GaussianPolicy { get }

  /// Env steps learned from so far.
  var steps: Int { get }

  /// Lets the envs live through some steps and learns from them.
  ///
  /// - Throws: `LearningError` if the envs are not of the kind that the policy was made for, or if nothing can be learned
  ///   from them.
  mutating func improve(in envs: VectorEnv, on workers: Workers) throws -> IterationReport

  /// Adds the policy to `file`, with what a training that starts from it needs beside it.
  func savePolicy(to file: inout TensorFile) throws

  /// Adds all that the learner's future depends on to `file`, envs apart.
  func save(to file: inout TensorFile) throws

  /// Reads back what `save(to:)` added; what follows is equal to the bit.
  mutating func restore(from file: TensorFile) throws
}
