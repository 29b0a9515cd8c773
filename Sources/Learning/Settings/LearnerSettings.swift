import Environments
import Networks

/// The settings of a learner.
public protocol LearnerSettings: Sendable, Equatable {
  /// The learner's name on the command line, and the section of its settings: `ppo` for `ppo.clip`.
  static var section: String { get }

  /// Every setting with its range, default and help, in the order of a settings file. Names begin with the section.
  static var keys: [SettingKey<Self>] { get }

  /// Control steps that each env takes in an iteration.
  var horizon: Int { get }

  /// The env steps over which schedules run; 0 stands for the steps of the robot's preset until it is resolved.
  var totalSteps: Int { get set }

  /// What is wrong with the settings together, each being in its range: a sentence that names them; nil if nothing is.
  var conflict: String? { get }

  /// Why a training with these settings is not possible in such envs, as a clause about the robot such as "declares no
  /// symmetry"; nil if it is.
  func misfit(with envs: VectorEnv) -> String?

  /// A note on what a schedule does in a training of so many steps, where one might expect something else.
  func note(ofTraining steps: Int) -> String?

  // MARK: Starting from a policy

  /// Names of settings that a policy determines: what a training that starts from one takes over from it.
  static var policyKeys: [String] { get }

  /// Takes over from a policy what `policyKeys` name.
  mutating func adopt(_ policy: NetworkPolicy)

  /// Names of settings that mean nothing where a training starts from a trained policy.
  static var freshPolicyKeys: [String] { get }

  /// The standard deviation with which a Gaussian policy starts, in normalized units; nil where there is no such setting.
  var startingStd: Double? { get }

  /// The pace at which a training with these settings changes its policy after so many env steps, to be handed on to
  /// trainings that start from the policy; nil if it sets none.
  func pace(after steps: Int) -> Double?

  /// Makes these the settings of a training that starts from a trained policy, so that what it can is kept.
  ///
  /// - Parameters:
  ///   - start: what there is of the former training.
  ///   - pace: what `pace(after:)` gave at its end; nil if that is not known.
  ///   - envs: the envs of the new training.
  ///   - isAsked: whether the user asks for the setting of that name, which is then left alone.
  mutating func goOn(from start: LearnerStart, pace: Double?, envs: Int, isAsked: (String) -> Bool)

  // MARK: Advice

  /// What to try where updates change the policy too much, such as `--set ppo.target_kl=0.01`.
  var smallerSteps: String { get }

  /// What to try where every episode ends the same way; nil if no setting helps.
  var otherExploration: String? { get }

  /// What to try where actions reach their limits; nil if no setting helps.
  var lessExploration: String? { get }

  /// Settings for measuring updates with hidden layers and minibatches of the given sizes on `horizon` steps of each env,
  /// whose updates hardly change the parameters; nil if the learner has no such update.
  static func benchmark(layers: [Int], minibatch: Int, horizon: Int) -> Self?

  init()
}

extension LearnerSettings {
  public var conflict: String? { nil }
  public func misfit(with envs: VectorEnv) -> String? { nil }
  public static var freshPolicyKeys: [String] { [] }
  public var startingStd: Double? { nil }
  public func pace(after steps: Int) -> Double? { nil }
  public mutating func goOn(from start: LearnerStart, pace: Double?, envs: Int, isAsked: (String) -> Bool) {}
  public var otherExploration: String? { nil }
  public var lessExploration: String? { nil }
  public static func benchmark(layers: [Int], minibatch: Int, horizon: Int) -> Self? { nil }

  public func note(ofTraining steps: Int) -> String? { nil }

  /// - Throws: `LearningError` that names the first setting out of range, and the range.
  public func validate() throws(LearningError) {
    var copy = self
    for key in Self.keys where !key.write(&copy, key.read(self)) {
      throw LearningError("setting '\(key.name)' is \(key.read(self)); it must be \(key.kind.expectation)")
    }
    if let conflict { throw LearningError(conflict) }
  }
}
