import Environments
import Robotics

/// Runs policies in episodes that no training sees.
///
/// The same robot, policy, number of episodes and seed give the same figures on any number of threads.
public struct Evaluator: Sendable {
  /// Which starts are drawn. Streams of one purpose never meet those of another, nor a training's own.
  package enum Purpose: UInt64 {
    /// Choosing the best policy during a training.
    case selection = 0x5E1E_C710
    /// Evaluating a policy: `evaluate`, and the end of a training. The robot's effort is measured as well.
    case evaluation = 0x10D6_E3E7
  }

  /// The seed of an evaluation where none is given.
  public static let defaultSeed: UInt64 = 0

  /// Episodes that run side by side; a bound on memory, and on how long a request to stop must wait.
  package static let batch = 128

  public let entry: Catalog.Entry
  public let workers: Workers
  /// What differs from the robot as declared.
  public var randomization: DomainRandomization

  public init(entry: Catalog.Entry, workers: Workers, randomization: DomainRandomization = DomainRandomization()) {
    self.entry = entry
    self.workers = workers
    self.randomization = randomization
  }

  /// Evaluates `policy` over `episodes` episodes, as `ppo-robot evaluate` does.
  ///
  /// - Parameters:
  ///   - name: what the report calls the policy.
  ///   - episodes: how many, from 1.
  ///   - seed: what the episodes' starts are drawn from.
  /// - Throws: `TrainingError` if `episodes` is below 1, if the policy is for an env of other observations or actions, or if
  ///   the task or env has a mistake; `RobotError`, `EnvError` or `PhysicsError` if the envs cannot be made.
  public func evaluate(
    _ policy: any Policy, named name: String = "policy", episodes: Int = 100, seed: UInt64 = Evaluator.defaultSeed
  ) throws -> EvaluationReport {
    try refuseMisfit(policy)
    guard let evaluation = try evaluate(policy, episodes: episodes, seed: seed, for: .evaluation) else {
      throw TrainingError("an evaluation of \(episodes) episodes was asked for; it takes 1 at least")
    }
    return try report(on: evaluation, policy: name, seed: seed)
  }

  /// Runs episode `number` of an evaluation once more and records it; nil for an env that has no picture.
  ///
  /// - Parameters:
  ///   - number: from 0.
  ///   - seed: that of the evaluation.
  public func record(
    _ policy: any Policy, episode number: Int, seed: UInt64 = Evaluator.defaultSeed
  ) throws -> Recording? {
    try refuseMisfit(policy)
    guard number >= 0 else { throw TrainingError("there is no episode \(number); the first is 0") }
    return try record(policy, episode: number, seed: seed, for: .evaluation)
  }

  private func refuseMisfit(_ policy: any Policy) throws {
    if let difference = policy.spec.difference(from: try entry.spec()) {
      throw TrainingError("the policy does not fit robot '\(entry.name)': \(difference)")
    }
  }

  /// Runs `episodes` episodes of `policy`; the first of many are the same as if there were fewer batches of them.
  ///
  /// - Parameter shouldStop: asked between batches.
  /// - Returns: nil if stopped early.
  package func evaluate(
    _ policy: any Policy, episodes: Int, seed: UInt64, for purpose: Purpose, shouldStop: () -> Bool = { false }
  ) throws -> Evaluation? {
    var whole: Evaluation?
    var done = 0
    var number: UInt64 = 0
    while done < episodes {
      if shouldStop() { return nil }
      let count = min(Self.batch, episodes - done)
      let envs = try entry.makeVectorEnv(
        count: count, seed: Self.seed(ofBatch: number, seed: seed, for: purpose), start: .once,
        randomization: randomization,
        measuresEffort: purpose == .evaluation)
      var part = run(policy, in: envs)
      try entry.refuseDefect(of: envs)
      for i in part.episodes.indices { part.episodes[i].env += done }
      whole?.episodes += part.episodes
      whole?.metrics += part.metrics
      if whole == nil { whole = part }
      done += count
      number += 1
    }
    return whole
  }

  private static func seed(ofBatch number: UInt64, seed: UInt64, for purpose: Purpose) -> UInt64 {
    var seeds = Random(seed: seed ^ purpose.rawValue &<< 32, stream: number)
    return seeds.next()
  }

  /// Runs episode `number` of an evaluation once more and records it; nil for an env that has no picture.
  ///
  /// A policy that draws its actions draws those of the evaluation where that had one episode only.
  package func record(_ policy: any Policy, episode number: Int, seed: UInt64, for purpose: Purpose) throws
    -> Recording?
  {
    let batchSeed = Self.seed(ofBatch: UInt64(number / Self.batch), seed: seed, for: purpose)
    let index = UInt64(number % Self.batch)
    // As an env of the batch's `VectorEnv` draws its first start, and as a shard that begins with it draws its noise.
    var starts = Random(seed: batchSeed, stream: index)
    return try entry.record(
      policy, seed: starts.next(), noise: Random(seed: batchSeed, stream: ~index), randomization: randomization)
  }

  /// What `evaluation`, one of this robot, found.
  package func report(on evaluation: Evaluation, policy: String, seed: UInt64) throws -> EvaluationReport {
    EvaluationReport(
      evaluation, spec: try entry.spec(), success: entry.success, robot: entry.name, policy: policy, seed: seed)
  }

  private func run(_ policy: some Policy, in envs: VectorEnv) -> Evaluation {
    Evaluation(of: policy, in: envs, on: workers)
  }
}

extension Catalog.Entry {
  /// Throws if the envs have shown a mistake in their code, which every other episode would show as well.
  func refuseDefect(of envs: VectorEnv) throws {
    if let defect = envs.defect {
      throw TrainingError("robot '\(name)' has a mistake in its task or env: \(defect)")
    }
  }
}
