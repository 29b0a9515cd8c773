import Environments
import Networks
import Storage

/// An algorithm that improves a policy by letting it act.
///
/// A new one is a folder beside `PPO/`, its tests and one line in `LearnerKind.all`; nothing else names it.
public protocol Learner: ~Copyable, Sendable {
  associatedtype Settings: LearnerSettings

  /// What it is, in a line for help texts.
  static var summary: String { get }

  /// What can be wrong with its updates, and what to try.
  static var diagnoses: [Diagnosis<Settings>] { get }

  /// - Parameters:
  ///   - spec: the envs'.
  ///   - start: what it goes on from; nil for a fresh policy.
  /// - Throws: `LearningError` if a setting is out of range or the learner cannot learn in such envs.
  init(spec: EnvSpec, from start: LearnerStart?, settings: Settings, seed: UInt64) throws

  var settings: Settings { get }

  /// The policy as it is now, in deterministic mode.
  var policy: NetworkPolicy { get }

  /// Iterations made.
  var iteration: Int { get }

  /// Env steps learned from so far.
  var steps: Int { get }

  /// Env steps that failed so far.
  var faults: Int { get }

  /// How often learning went back to the last sound iteration.
  var rollbacks: Int { get }

  /// Whether the learner has reached its own criterion to end.
  var isFinished: Bool { get }

  /// Names a folder in which the learner may keep files between runs that only grow, such as a replay buffer's; they go with
  /// the training states that `save(to:)` makes. It is called once, before the first iteration or `restore`. A learner
  /// that is given none keeps everything in its training state.
  ///
  /// - Throws: `StorageError` if the folder cannot be used.
  mutating func keepFiles(in folder: String) throws

  /// Runs the envs for a horizon and learns from it.
  ///
  /// - Throws: `LearningError` if the envs are not of the kind that the policy was made for, or if nothing can be learned
  ///   from them.
  mutating func improve(in envs: VectorEnv, on workers: Workers) throws -> IterationReport

  /// Makes the update once more on the samples of the last iteration, as benchmarks do.
  mutating func update(on workers: Workers, _ report: inout IterationReport)

  /// Floating-point operations for the gradient of one sample; a multiply-add counts as two.
  var operationsOfASample: Int { get }

  /// Adds the policy to `file`, with what a training that starts from it needs beside it.
  func savePolicy(to file: inout TensorFile) throws

  /// Adds all that the learner's future depends on to `file`, envs apart.
  func save(to file: inout TensorFile) throws

  /// Reads back what `save(to:)` added; what follows is equal to the bit.
  mutating func restore(from file: TensorFile) throws

  /// Sees that `file` holds networks of the shapes that a learner with these settings would have, before it is made.
  ///
  /// - Throws: `StorageError` if it does not.
  static func check(_ file: TensorFile, spec: EnvSpec, settings: Settings, start: LearnerStart?) throws
}

extension Learner where Self: ~Copyable {
  public var isFinished: Bool { false }
  public mutating func keepFiles(in folder: String) throws {}
}
