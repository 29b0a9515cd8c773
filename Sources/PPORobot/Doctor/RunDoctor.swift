import Environments
import Learning

/// Looks after a training: tells in words what is wrong with it and which setting to change.
///
/// What it says about learning depends on the reports alone, so that a resumed training hears the same as one that was
/// never stopped; what it says about speed is the machine's.
package struct RunDoctor: Sendable {
  private var history: CaseHistory
  private let symptoms: [Symptom]
  /// Of each symptom's figures.
  private var windows: [FigureWindow]

  /// - Parameter processors: those of the machine.
  package init(robot: String, spec: EnvSpec, settings: TrainingSettings, processors: Int) {
    history = CaseHistory(robot: robot, spec: spec, settings: settings, processors: processors)
    symptoms = Symptom.all(of: spec)
    windows = symptoms.map { FigureWindow(toleratesNone: $0.isNeverNormal) }
  }

  /// Takes an iteration in.
  ///
  /// - Parameter processorSeconds: what processors spent on it.
  /// - Returns: what is wrong since now.
  package mutating func examine(_ report: IterationReport, processorSeconds: Double) -> [Finding] {
    history.add(report, processorSeconds: processorSeconds)
    var new: [Finding] = []
    for (i, symptom) in symptoms.enumerated() {
      let wasBad = windows[i].isBad
      windows[i].add(symptom.figure(report, history), isBad: symptom.isBad)
      if windows[i].isBad, !wasBad { new.append(finding(i)) }
    }
    return new
  }

  /// All that is wrong at present.
  package var findings: [Finding] { symptoms.indices.filter { windows[$0].isBad }.map(finding) }

  private func finding(_ i: Int) -> Finding {
    let words = symptoms[i].words(windows[i], history)
    return Finding(id: symptoms[i].id, severity: symptoms[i].severity, sentence: words.sentence, hint: words.hint)
  }

  package func save(to writer: inout StateWriter) {
    history.save(to: &writer)
    for window in windows { window.save(to: &writer) }
  }

  /// - Throws: `StateError` if what was saved is another training's; the doctor is then to be thrown away.
  package mutating func restore(from reader: inout StateReader) throws {
    try history.restore(from: &reader)
    for i in windows.indices { try windows[i].restore(from: &reader) }
    guard reader.isAtEnd else { throw StateError.mismatch("the run doctor's notes hold more than they should") }
  }
}
