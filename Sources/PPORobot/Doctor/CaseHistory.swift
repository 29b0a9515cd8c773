import Environments
import Learning

/// What a training's figures are judged by: what it was told to do, and how it has gone so far.
struct CaseHistory: Sendable {
  let robot: String
  let spec: EnvSpec
  let settings: TrainingSettings
  /// Those of the machine.
  let processors: Int

  /// What a counter in saved state can be.
  static let counts = 0...(1 << 53)

  /// Env steps taken.
  private(set) var steps = 0
  private(set) var returns = ReturnTrend()
  private(set) var endings = EndingStreak()
  private(set) var speed = SpeedTrend()

  init(robot: String, spec: EnvSpec, settings: TrainingSettings, processors: Int) {
    self.robot = robot
    self.spec = spec
    self.settings = settings
    self.processors = processors
  }

  /// The divergence to hold an update's against. Only the adaptive schedule lets its target move.
  var targetKL: Double {
    settings.ppo.schedule == .adaptive ? settings.ppo.targetKL(after: steps) : settings.ppo.targetKL
  }

  mutating func add(_ report: IterationReport, processorSeconds: Double) {
    steps = report.steps
    returns.add(report)
    endings.add(report, spec: spec)
    speed.add(report, processorSeconds: processorSeconds)
  }

  func save(to writer: inout StateWriter) {
    writer.write(steps)
    returns.save(to: &writer)
    endings.save(to: &writer)
    speed.save(to: &writer)
  }

  mutating func restore(from reader: inout StateReader) throws {
    steps = try reader.readInt(in: CaseHistory.counts)
    try returns.restore(from: &reader)
    try endings.restore(from: &reader, spec: spec)
    try speed.restore(from: &reader)
  }
}
