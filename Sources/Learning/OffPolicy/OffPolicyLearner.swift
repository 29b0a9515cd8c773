import Environments
import Networks
import Storage

/// A learner that consists of the shared part and an update of its own.
///
/// A step in which an env failed is no sample. A gradient step whose loss or gradient is not finite changes nothing; where
/// that goes on, or a parameter is no longer finite, all that was learned goes back to the last sound iteration and the
/// learning rate is halved (see `Recovery`).
public protocol OffPolicyLearner: ~Copyable, Learner where Settings: OffPolicyLearnerSettings {
  var core: OffPolicyCore { get set }

  init(settings: Settings, core: OffPolicyCore)
}

extension OffPolicyLearner where Self: ~Copyable {
  /// A learner with a fresh policy, or one that goes on from `start`: the settings about the policy's shape and
  /// observations do not matter then. The critics of `start` are used if they have the layers that `settings` ask for;
  /// otherwise fresh ones are made.
  ///
  /// - Throws: `LearningError` if a setting is out of range, the env's actions are choices, or the policy of `start` is of
  ///   another distribution; `NetworkError` if the env shows more than a network can read.
  public init(spec: EnvSpec, from start: LearnerStart? = nil, settings: Settings = Settings(), seed: UInt64) throws {
    try settings.validate()
    try self.init(
      settings: settings,
      core: OffPolicyCore(
        spec: spec, from: start, networks: settings.networks, settings: settings.common, learner: Settings.section,
        seed: seed))
  }

  public var policy: NetworkPolicy { core.policy }
  public var iteration: Int { core.iteration }
  public var steps: Int { core.steps }
  public var faults: Int { core.faults }
  public var rollbacks: Int { core.recovery.rollbacks }
  /// The rate of the last update.
  public var learningRate: Double { core.learningRate }
  /// Gradient steps made.
  public var updates: Int { core.updates }
  /// The networks that value an action in an observation.
  public var critics: [MLP] { core.model.criticNetworks }

  public mutating func keepFiles(in folder: String) throws { core.store = try ReplayStore(folder: folder) }

  public mutating func improve(in envs: VectorEnv, on workers: Workers) throws -> IterationReport {
    let start = ContinuousClock.now
    var report = IterationReport()
    let collected = try core.collect(in: envs, on: workers, &report)
    update(on: workers, &report)
    try core.endUpdate(&report)
    let end = ContinuousClock.now
    report.updateSeconds = (end - collected).inSeconds
    report.seconds = (end - start).inSeconds
    report.stepsPerSecond = Double(settings.horizon * envs.count) / report.seconds
    return report
  }

  public func savePolicy(to file: inout TensorFile) { core.savePolicy(to: &file) }
  public func save(to file: inout TensorFile) throws { try core.save(to: &file, learner: Settings.section) }

  /// - Throws: `LearningError` if the file is not of the same learner for the same env and with networks of the same shape;
  ///   the learner is then as it was.
  public mutating func restore(from file: TensorFile) throws {
    try core.restore(from: file, learner: Settings.section)
  }

  public static func check(
    _ file: TensorFile, spec: EnvSpec, settings: Settings, start: LearnerStart?
  ) throws {
    try settings.networks.check(file, spec: spec, settings.common, start: start)
  }
}

/// The settings of an off-policy learner: those that all have, and its own.
public protocol OffPolicyLearnerSettings: LearnerSettings {
  var common: OffPolicySettings { get set }
  var networks: OffPolicyNetworks { get }
}

extension OffPolicyLearnerSettings {
  public var horizon: Int {
    get { common.horizon }
    set { common.horizon = newValue }
  }
  public var totalSteps: Int {
    get { common.totalSteps }
    set { common.totalSteps = newValue }
  }

  public func note(ofTraining steps: Int) -> String? { common.note(ofTraining: steps, Self.section) }

  public func misfit(with envs: VectorEnv) -> String? {
    envs.spec.isDiscrete ? "takes choices; the learner '\(Self.section)' needs continuous actions" : nil
  }

  public var smallerSteps: String { common.smallerSteps(Self.section) }

  public static var policyKeys: [String] { OffPolicySettings.policyKeys(section) }
  public static var freshPolicyKeys: [String] { OffPolicySettings.freshPolicyKeys(section) }
  public mutating func adopt(_ policy: NetworkPolicy) { common.adopt(policy) }
  public mutating func goOn(from start: LearnerStart, pace: Double?, envs: Int, isAsked: (String) -> Bool) {
    common.goOn(from: start, Self.section, isAsked: isAsked)
  }
}
