import Environments
import Learning
import Networks
import Robotics

/// Watches a training: says in words what is wrong with it and which setting to change.
///
/// What it says about learning depends on the reports alone, so that it says the same of a resumed training as of one that
/// was never stopped; what it says about speed depends on the machine.
public struct RunDoctor: Sendable {
  private var history: TrainingHistory
  private let symptoms: [Symptom]
  /// Of each symptom's figures.
  private var windows: [FigureWindow]

  /// - Parameters:
  ///   - entry: the robot that is trained.
  ///   - settings: what the training is made with.
  /// - Throws: what making the robot's envs throws.
  public init(for entry: Catalog.Entry, settings: TrainingSettings) throws {
    self.init(
      robot: entry.name, spec: try entry.spec(), success: entry.success, settings: settings, processors: Host.processors
    )
  }

  /// - Parameters:
  ///   - success: what makes an episode a success.
  ///   - processors: those of the machine.
  package init(
    robot: String, spec: EnvSpec, success: Success = .lasting, settings: TrainingSettings, processors: Int
  ) {
    history = TrainingHistory(robot: robot, spec: spec, success: success, settings: settings, processors: processors)
    symptoms = Symptom.all(of: spec, settings.kind)
    windows = symptoms.map { FigureWindow($0.patience) }
  }

  /// Takes in the report of an iteration. Nothing is said about speed, as the calling program may share the machine with other
  /// work.
  ///
  /// - Returns: what is wrong from this iteration on and was not before.
  @discardableResult
  public mutating func examine(_ report: IterationReport) -> [Finding] {
    examine(report, processorSeconds: 0, wasPaused: true)
  }

  /// Takes in the report of an iteration.
  ///
  /// - Parameters:
  ///   - evaluation: that of the policy after it, if there was one.
  ///   - processorSeconds: what processors spent on it.
  ///   - wasPaused: whether the process was stopped during it, so that its time means nothing.
  /// - Returns: what is wrong from this iteration on and was not before.
  package mutating func examine(
    _ report: IterationReport, evaluation: EvaluationReport? = nil, processorSeconds: Double, wasPaused: Bool = false
  ) -> [Finding] {
    if let evaluation { history.add(evaluation, step: report.steps) }
    history.add(report, processorSeconds: processorSeconds, wasPaused: wasPaused)
    var new: [Finding] = []
    for (i, symptom) in symptoms.enumerated() {
      let wasBad = windows[i].isBad
      windows[i].add(symptom.figure(report, history), isBad: symptom.isBad)
      if windows[i].isBad, !wasBad { new.append(finding(i)) }
    }
    return new
  }

  /// All that is wrong at present.
  public var findings: [Finding] { symptoms.indices.filter { windows[$0].isBad }.map(finding) }

  private func finding(_ i: Int) -> Finding {
    let words = symptoms[i].words(windows[i], history)
    return Finding(id: symptoms[i].id, severity: symptoms[i].severity, sentence: words.sentence, hint: words.hint)
  }

  /// Takes in an evaluation between two iterations: of the policy that a training starts from, of one on the way, or of the
  /// last.
  ///
  /// - Parameter step: env steps taken before it.
  public mutating func examine(_ evaluation: EvaluationReport, step: Int) {
    history.add(evaluation, step: step)
    for (i, symptom) in symptoms.enumerated() where symptom.isOfEvaluations {
      windows[i].add(symptom.figure(IterationReport(), history), isBad: symptom.isBad)
    }
  }

  package func save(training writer: inout StateWriter, machine: inout StateWriter) {
    history.save(training: &writer, machine: &machine)
    for (symptom, window) in zip(symptoms, windows) {
      if symptom.isOfMachine { window.save(to: &machine) } else { window.save(to: &writer) }
    }
  }

  /// - Throws: `StateError` if what was saved is another training's; the doctor is then to be thrown away.
  package mutating func restore(training reader: inout StateReader, machine: inout StateReader) throws {
    try history.restore(training: &reader, machine: &machine)
    for i in windows.indices {
      if symptoms[i].isOfMachine {
        try windows[i].restore(from: &machine)
      } else {
        try windows[i].restore(from: &reader)
      }
    }
  }
}
