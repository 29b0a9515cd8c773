import Environments
import Networks
import Storage

/// A learner by name, with everything that the rest of the framework asks of it.
public struct LearnerKind: Sendable {
  /// As on the command line.
  public let name: String
  public let summary: String
  /// The settings' defaults.
  public let settings: any LearnerSettings
  /// Every setting in the order of a settings file.
  public let keys: [SettingKey<any LearnerSettings>]
  package let diagnoses: [ErasedDiagnosis]
  private let make: @Sendable (EnvSpec, LearnerStart?, any LearnerSettings, UInt64) throws -> any AnyLearner
  private let checkFile: @Sendable (TensorFile, EnvSpec, any LearnerSettings, LearnerStart?) throws -> Void

  /// The learners that there are.
  public static let all = [
    LearnerKind(PPO.self),
    LearnerKind(A2C.self),
    LearnerKind(A3C.self),
    LearnerKind(REINFORCE.self),
    LearnerKind(TRPO.self),
    LearnerKind(DDPG.self),
    LearnerKind(TD3.self),
    LearnerKind(SAC.self),
  ]

  /// The learner that trains where none is named.
  public static let standard = all[0]

  public static func named(_ name: String) -> LearnerKind? { all.first { $0.name == name } }

  init<L: Learner & ~Copyable>(_ learner: L.Type) {
    name = L.Settings.section
    summary = L.summary
    settings = L.Settings()
    keys = L.Settings.keys.map { key in
      key.lifted({ $0 as? L.Settings }, { (whole: inout any LearnerSettings, part: L.Settings) in whole = part })
    }
    diagnoses = L.diagnoses.map(ErasedDiagnosis.init)
    make = { spec, start, settings, seed in
      LearnerBox(try L(spec: spec, from: start, settings: Self.own(settings, of: L.self), seed: seed))
    }
    checkFile = { file, spec, settings, start in
      try L.check(file, spec: spec, settings: Self.own(settings, of: L.self), start: start)
    }
  }

  private static func own<L: Learner & ~Copyable>(
    _ settings: any LearnerSettings, of learner: L.Type
  ) throws -> L.Settings {
    guard let own = settings as? L.Settings else {
      throw LearningError("settings of '\(type(of: settings).section)' given to the learner '\(L.Settings.section)'")
    }
    return own
  }

  /// A learner; see `Learner.init`.
  public func makeLearner(
    spec: EnvSpec, from start: LearnerStart? = nil, settings: any LearnerSettings, seed: UInt64
  ) throws -> any AnyLearner {
    try make(spec, start, settings, seed)
  }

  /// See `Learner.check`.
  package func check(
    _ file: TensorFile, spec: EnvSpec, settings: any LearnerSettings, start: LearnerStart?
  ) throws {
    try checkFile(file, spec, settings, start)
  }
}

/// A learner of whatever kind; see `Learner` for what its members do.
public protocol AnyLearner: AnyObject {
  var policy: NetworkPolicy { get }
  var iteration: Int { get }
  var steps: Int { get }
  var faults: Int { get }
  var rollbacks: Int { get }
  var isFinished: Bool { get }
  var operationsOfASample: Int { get }
  func keepFiles(in folder: String) throws
  func improve(in envs: VectorEnv, on workers: Workers) throws -> IterationReport
  func update(on workers: Workers, _ report: inout IterationReport)
  func policyFile(robot: String) throws -> TensorFile
  func trainingFile(envs: VectorEnv, robot: String) throws -> TensorFile
  func restore(envs: VectorEnv, from file: TensorFile) throws
}

/// The one place where a learner's type is forgotten.
private final class LearnerBox<L: Learner & ~Copyable>: AnyLearner {
  private var learner: L

  init(_ learner: consuming L) { self.learner = learner }

  var policy: NetworkPolicy { learner.policy }
  var iteration: Int { learner.iteration }
  var steps: Int { learner.steps }
  var faults: Int { learner.faults }
  var rollbacks: Int { learner.rollbacks }
  var isFinished: Bool { learner.isFinished }
  var operationsOfASample: Int { learner.operationsOfASample }

  func keepFiles(in folder: String) throws { try learner.keepFiles(in: folder) }

  func improve(in envs: VectorEnv, on workers: Workers) throws -> IterationReport {
    try learner.improve(in: envs, on: workers)
  }

  func update(on workers: Workers, _ report: inout IterationReport) { learner.update(on: workers, &report) }
  func policyFile(robot: String) throws -> TensorFile { try learner.policyFile(robot: robot) }

  func trainingFile(envs: VectorEnv, robot: String) throws -> TensorFile {
    try learner.trainingFile(envs: envs, robot: robot)
  }

  func restore(envs: VectorEnv, from file: TensorFile) throws { try learner.restore(envs: envs, from: file) }
}
