import Environments
import Networks
import Storage

/// A learner that consists of the shared part and an update of its own.
public protocol OnPolicyLearner: ~Copyable, Learner where Settings: OnPolicyLearnerSettings {
  var core: OnPolicyCore { get set }

  init(settings: Settings, core: OnPolicyCore)

  /// Chooses the learning rate of the update to come.
  mutating func beginIteration()

  /// Takes its conclusions from the update that was made.
  mutating func endIteration(_ report: IterationReport)
}

extension OnPolicyLearner where Self: ~Copyable {
  /// A learner with a fresh policy, or one that goes on from `start`: the settings about the policy's shape, deviation and
  /// observations do not matter then. The value network of `start` is used if it has the layers that `settings` ask for;
  /// otherwise a fresh one is made.
  ///
  /// - Throws: `LearningError` if a setting is out of range; `NetworkError` if the env shows more than a network can read.
  public init(spec: EnvSpec, from start: LearnerStart? = nil, settings: Settings = Settings(), seed: UInt64) throws {
    try settings.validate()
    if start?.policy.memory != nil, settings.memory == .none {
      throw LearningError("the policy has a memory, which '\(Settings.section)' does not train with these settings")
    }
    try self.init(
      settings: settings,
      core: OnPolicyCore(
        spec: spec, from: start, networks: settings.networks, settings: settings.core,
        learningRate: settings.learningRate, seed: seed))
  }

  /// A learner that goes on from `policy`, with its observation statistics.
  ///
  /// - Throws: `LearningError` if a setting is out of range.
  public init(policy: NetworkPolicy, settings: Settings, seed: UInt64) throws {
    try self.init(spec: policy.spec, from: LearnerStart(policy), settings: settings, seed: seed)
  }

  public var policy: NetworkPolicy { core.policy }
  public var iteration: Int { core.iteration }
  public var steps: Int { core.steps }
  public var faults: Int { core.faults }
  public var rollbacks: Int { core.recovery.rollbacks }
  /// The rate that the next update will be made with.
  public var learningRate: Double { core.learningRate }
  /// The value network's layers; their outputs are in units of the returns' mean and standard deviation.
  public var valueNetwork: MLP { core.model.valueNetwork.layers }

  public var operationsOfASample: Int {
    let memories = [policy.memory?.shape, core.model.critic.memory].reduce(0) { $0 + ($1?.gradientOperations ?? 0) }
    return policy.network.shape.gradientOperations + core.model.critic.shape.gradientOperations + memories
  }

  public mutating func beginIteration() {}
  public mutating func endIteration(_ report: IterationReport) {}

  public mutating func improve(in envs: VectorEnv, on workers: Workers) throws -> IterationReport {
    let start = ContinuousClock.now
    var report = IterationReport()
    let collected = try core.collect(in: envs, on: workers, &report)
    beginIteration()
    report.learningRate = core.learningRate
    update(on: workers, &report)
    endIteration(report)
    try core.endUpdate(&report)
    let end = ContinuousClock.now
    report.updateSeconds = (end - collected).inSeconds
    report.seconds = (end - start).inSeconds
    report.stepsPerSecond = Double(settings.horizon * envs.count) / report.seconds
    return report
  }

  public func savePolicy(to file: inout TensorFile) { core.savePolicy(to: &file) }
  public func save(to file: inout TensorFile) throws { core.save(to: &file) }

  /// - Throws: `LearningError` if the file is not of a learner for the same env and with networks of the same shape; the
  ///   learner is then as it was.
  public mutating func restore(from file: TensorFile) throws { try core.restore(from: file) }

  public static func check(
    _ file: TensorFile, spec: EnvSpec, settings: Settings, start: LearnerStart?
  ) throws {
    try OnPolicyCore.check(file, spec: spec, networks: settings.networks, start: start)
  }
}

/// How a learning rate changes during a training.
public enum RateSchedule: String, Sendable, Equatable, CaseIterable {
  case constant
  /// In proportion to the steps left of `total_steps`.
  case linear

  /// The rate after `steps` of `total` env steps.
  func rate(_ rate: Double, after steps: Int, of total: Int) -> Double {
    self == .constant ? rate : rate * max(0, 1 - Double(steps) / Double(max(1, total)))
  }
}

/// The settings of an on-policy learner whose learning rate follows a schedule.
public protocol ScheduledLearnerSettings: OnPolicyLearnerSettings {
  var schedule: RateSchedule { get set }
}

extension ScheduledLearnerSettings {
  static var scheduleKey: SettingKey<Self> {
    .choice("\(section).schedule", \.schedule, "how the learning rate changes")
  }
}

extension OnPolicyLearner where Self: ~Copyable, Settings: ScheduledLearnerSettings {
  public mutating func beginIteration() {
    let rate = settings.schedule.rate(settings.learningRate, after: steps, of: settings.totalSteps)
    core.learningRate = core.recovery.rateScale * rate
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
