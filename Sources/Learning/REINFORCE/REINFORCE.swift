import Environments
import Networks
import Storage

/// The Monte-Carlo policy gradient (Williams, "Simple statistical gradient-following algorithms for connectionist
/// reinforcement learning", 1992): one step along the gradient of whole episodes' returns.
///
/// Returns are standardized, or compared with a learned value of the state. Without the latter only episodes count that
/// end within a rollout, so `horizon` should be several episodes long.
public struct REINFORCE: ~Copyable, OnPolicyLearner {
  public static let summary = "Monte-Carlo policy gradient: one step along the returns of whole episodes"

  public let settings: REINFORCESettings
  public var core: OnPolicyCore
  private var recent = RunningMeans()

  public init(settings: REINFORCESettings, core: OnPolicyCore) {
    self.settings = settings
    self.core = core
  }

  public mutating func update(on workers: Workers, _ report: inout IterationReport) {
    core.takePolicyGradientStep(
      entropyCoefficient: settings.entropyCoefficient,
      valueCoefficient: settings.baseline == .value ? settings.valueCoefficient : 0,
      normalizesAdvantages: settings.normalizeAdvantages, on: workers, &report)
  }

  public mutating func endIteration(_ report: IterationReport) { recent.add(report.episodes) }

  /// Whether the running mean of returns or lengths has reached what ends the training.
  public var isFinished: Bool {
    guard recent.isFull else { return false }
    return recent.meanReturn >= settings.stopReturn
      || settings.stopLength > 0 && recent.meanLength >= Double(settings.stopLength)
  }

  public func save(to file: inout TensorFile) throws {
    core.save(to: &file)
    recent.save(to: &file)
  }

  public mutating func restore(from file: TensorFile) throws {
    let means = try RunningMeans(from: file)
    try core.restore(from: file)
    recent = means
  }

  public static let diagnoses: [Diagnosis<REINFORCESettings>] = [OnPolicyDiagnoses.stdAtFloor]
}

/// Returns and lengths of the last hundred episodes.
private struct RunningMeans: Sendable {
  private static let count = 100

  private var returns: [Double] = []
  private var lengths: [Double] = []

  init() {}

  var isFull: Bool { returns.count == Self.count }
  var meanReturn: Double { returns.reduce(0, +) / Double(returns.count) }
  var meanLength: Double { lengths.reduce(0, +) / Double(lengths.count) }

  mutating func add(_ episodes: [EpisodeResult]) {
    returns = (returns + episodes.map(\.episodeReturn)).suffix(Self.count)
    lengths = (lengths + episodes.map { Double($0.length) }).suffix(Self.count)
  }

  func save(to file: inout TensorFile) {
    file.set("reinforce.returns", .float64(returns))
    file.set("reinforce.lengths", .float64(lengths))
  }

  init(from file: TensorFile) throws {
    returns = try file.doubles("reinforce.returns")
    lengths = try file.doubles("reinforce.lengths")
    guard returns.count <= Self.count, returns.count == lengths.count, (returns + lengths).allSatisfy(\.isFinite) else {
      throw LearningError("its last episodes are damaged")
    }
  }
}
