import Environments

/// What a diagnosis may use besides an iteration's report.
public struct DiagnosisContext<Settings: Sendable>: Sendable {
  public let settings: Settings
  public let spec: EnvSpec
  /// Env steps taken so far.
  public let steps: Int
  /// Norm of the latest finite gradient before it was clipped; 0 before there is one.
  public let gradientNorm: Double
}

/// The last figures of a diagnosis.
public struct DiagnosisEvidence: Sendable {
  /// The middle one.
  public let median: Double
  /// Their sum.
  public let total: Double
}

/// One thing that can be wrong with a learner's updates, and how to say it.
public struct Diagnosis<Settings: LearnerSettings>: Sendable {
  /// What it is about, for programs.
  public let id: String
  /// Whether the training is unlikely to come to much as it is; otherwise it is worth a look.
  public let isWarning: Bool
  /// What an iteration shows of it; not-a-number where it shows nothing.
  public let figure: @Sendable (IterationReport, DiagnosisContext<Settings>) -> Double
  /// Whether a figure is as it should not be. Nine tenths of the last twenty must be before anything is said.
  public let isBad: @Sendable (Double) -> Bool
  /// What to say: what was seen, and what to change.
  public let words: @Sendable (DiagnosisEvidence, DiagnosisContext<Settings>) -> (sentence: String, hint: String)

  public init(
    id: String, isWarning: Bool = true,
    figure: @escaping @Sendable (IterationReport, DiagnosisContext<Settings>) -> Double,
    isBad: @escaping @Sendable (Double) -> Bool,
    words: @escaping @Sendable (DiagnosisEvidence, DiagnosisContext<Settings>) -> (sentence: String, hint: String)
  ) {
    self.id = id
    self.isWarning = isWarning
    self.figure = figure
    self.isBad = isBad
    self.words = words
  }
}

/// A diagnosis of some learner.
package struct ErasedDiagnosis: Sendable {
  package typealias Context = DiagnosisContext<any LearnerSettings>

  package let id: String
  package let isWarning: Bool
  package let figure: @Sendable (IterationReport, Context) -> Double
  package let isBad: @Sendable (Double) -> Bool
  package let words: @Sendable (DiagnosisEvidence, Context) -> (sentence: String, hint: String)

  init<Settings: LearnerSettings>(_ diagnosis: Diagnosis<Settings>) {
    id = diagnosis.id
    isWarning = diagnosis.isWarning
    isBad = diagnosis.isBad
    let (figure, words) = (diagnosis.figure, diagnosis.words)
    self.figure = { report, context in context.narrowed(to: Settings.self).map { figure(report, $0) } ?? .nan }
    self.words = { evidence, context in
      context.narrowed(to: Settings.self).map { words(evidence, $0) } ?? (diagnosis.id, "")
    }
  }
}

extension DiagnosisContext where Settings == any LearnerSettings {
  package init(settings: any LearnerSettings, spec: EnvSpec, steps: Int, gradientNorm: Double) {
    self.settings = settings
    self.spec = spec
    self.steps = steps
    self.gradientNorm = gradientNorm
  }

  fileprivate func narrowed<Own: LearnerSettings>(to type: Own.Type) -> DiagnosisContext<Own>? {
    (settings as? Own).map {
      DiagnosisContext<Own>(settings: $0, spec: spec, steps: steps, gradientNorm: gradientNorm)
    }
  }
}

extension DiagnosisEvidence {
  package init(median: Double, of figures: [Double]) {
    self.median = median
    total = figures.reduce(0, +)
  }
}
