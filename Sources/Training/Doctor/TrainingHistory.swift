import Environments
import Learning
import Networks
import Robotics

/// What a training's figures are compared with: its settings, and how it has gone so far.
struct TrainingHistory: Sendable {
  let robot: String
  let spec: EnvSpec
  /// What makes an episode a success.
  let success: Success
  let settings: TrainingSettings
  /// Those of the machine.
  let processors: Int

  /// What a counter in saved state can be.
  static let counts = 0...(1 << 53)

  /// Env steps taken.
  private(set) var steps = 0
  private(set) var returns = ReturnTrend()
  private(set) var endings = EndingStreak()
  private(set) var evaluations = EvaluationTrend()
  /// Norm of the latest gradient before it was cut, 0 before there is one.
  private(set) var gradientNorm = 0.0
  private(set) var speed = SpeedTrend()

  init(robot: String, spec: EnvSpec, success: Success, settings: TrainingSettings, processors: Int) {
    self.robot = robot
    self.spec = spec
    self.success = success
    self.settings = settings
    self.processors = processors
  }

  /// What a learner's diagnoses may use.
  var context: ErasedDiagnosis.Context {
    ErasedDiagnosis.Context(settings: settings.learner, spec: spec, steps: steps, gradientNorm: gradientNorm)
  }

  /// Whether every episode of late ended as a success does, which is nothing to complain of.
  var endsInSuccess: Bool {
    spec.endings.indices.contains(endings.reason) && success == .ending(spec.endings[endings.reason])
  }

  /// - Parameters:
  ///   - processorSeconds: what processors spent on the iteration.
  ///   - wasPaused: whether the process was stopped during it.
  mutating func add(_ report: IterationReport, processorSeconds: Double, wasPaused: Bool) {
    steps = report.steps
    returns.add(report)
    endings.add(report, spec: spec)
    let norm = report["gradient_norm"]
    if norm.isFinite { gradientNorm = norm }
    if !wasPaused { speed.add(report, processorSeconds: processorSeconds) }
  }

  mutating func add(_ evaluation: EvaluationReport, step: Int) { evaluations.add(evaluation, step: step) }

  func save(training writer: inout StateWriter, machine: inout StateWriter) {
    writer.write(steps)
    returns.save(to: &writer)
    endings.save(to: &writer)
    evaluations.save(to: &writer)
    writer.write(gradientNorm)
    speed.save(to: &machine)
  }

  mutating func restore(training reader: inout StateReader, machine: inout StateReader) throws {
    steps = try reader.readInt(in: TrainingHistory.counts)
    try returns.restore(from: &reader)
    try endings.restore(from: &reader, spec: spec)
    try evaluations.restore(from: &reader)
    gradientNorm = try reader.readFiniteDouble()
    try speed.restore(from: &machine)
  }
}
