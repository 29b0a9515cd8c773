import Training

/// What one picture of a plot shows: a figure and how to call it.
package struct CurvePanel: Sendable, Equatable {
  /// The name of the figure's column; see `RunCurves.curve(of:against:)`.
  package let figure: String
  package let title: String
  /// Empty for a plain number.
  package let unit: String
  /// What it is, in a sentence's words.
  package let words: String
  /// Whether it is a mean over the episodes that ended, so that without any nothing is missing.
  let isOfEpisodes: Bool
  /// Whether it is drawn on a logarithmic axis if its values differ much.
  package let mayBeLogarithmic: Bool
  /// Whether it is worth showing even if it never changes.
  let isShownConstant: Bool

  package static let deviation = "std"

  private init(
    _ figure: String, _ title: String, _ unit: String = "", words: String, isOfEpisodes: Bool = false,
    mayBeLogarithmic: Bool = false, isShownConstant: Bool = true
  ) {
    self.figure = figure
    self.title = title
    self.unit = unit
    self.words = words
    self.isOfEpisodes = isOfEpisodes
    self.mayBeLogarithmic = mayBeLogarithmic
    self.isShownConstant = isShownConstant
  }

  /// The default panels, as far as runs have them.
  package static let standard = [
    CurvePanel("return", "Return", words: "mean return of training episodes", isOfEpisodes: true),
    CurvePanel("length_s", "Episode length", "s", words: "mean length of training episodes", isOfEpisodes: true),
    CurvePanel(
      "evaluation/return", "Evaluation return",
      words: "mean return of the policy without noise, in evaluations during training"),
    CurvePanel("evaluation/success", "Evaluation success", words: "share of an evaluation's episodes that succeeded"),
    CurvePanel(
      "difficulty", "Difficulty", words: "difficulty of the episodes, which the curriculum sets", isShownConstant: false
    ),
    CurvePanel("surrogate_loss", "Policy loss", words: "loss of the policy"),
    CurvePanel(
      "value_loss", "Value loss", words: "mean squared error of the value network, normalized", mayBeLogarithmic: true),
    CurvePanel(
      "explained_variance", "Explained variance",
      words: "share of the returns' variance that the value network predicted"),
    CurvePanel("entropy", "Entropy", "nats", words: "entropy of the policy"),
    CurvePanel(
      deviation, "Standard deviation", words: "standard deviation of the actions, mean over all actions",
      mayBeLogarithmic: true),
    CurvePanel(
      "kl", "KL divergence", "nats", words: "divergence of the policy in an update", mayBeLogarithmic: true),
    CurvePanel("clip_fraction", "Clip fraction", words: "share of the samples whose probability ratio was clipped"),
    CurvePanel("learning_rate", "Learning rate", words: "learning rate of the updates", mayBeLogarithmic: true),
    CurvePanel("steps_per_second", "Speed", "steps/s", words: "env steps a second of training"),
    CurvePanel("faults", "Faults", words: "env steps that failed", isShownConstant: false),
  ]

  /// The panel of any figure that a run has.
  package init(figure: String) {
    if let known = Self.standard.first(where: { $0.figure == figure }) {
      self = known
      return
    }
    let parts = figure.split(separator: "/")
    let quantity = Quantity(String(parts.last ?? ""))
    let place = parts.dropLast().joined(separator: " ")
    let words = place.isEmpty ? quantity.words : "\(place): \(quantity.words)"
    self.init(
      figure, words.prefix(1).uppercased() + words.dropFirst(), quantity.unit, words: "'\(figure)' of the run",
      isOfEpisodes: figure.hasPrefix("metric/") || figure == "length")
  }

  /// What `--panels` asks for.
  ///
  /// - Parameter text: figures with commas between them.
  /// - Throws: `ReportingError` if no run has one of them.
  package static func named(_ text: String, in sets: [CurveSet]) throws -> [CurvePanel] {
    let figures = sets.flatMap(\.runs).flatMap(\.figures)
    let known = Set(figures + [deviation])
    return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let name = part.trimmingPrefix { $0 == " " }
      guard known.contains(String(name)) else {
        throw ReportingError(
          "there is no figure \(quoted(String(name)))\(NearestName.hint(for: String(name), among: known.sorted()))"
            + "; --panels takes columns of progress.csv, and of evaluations.csv with evaluation/ before them")
      }
      return CurvePanel(figure: String(name))
    }
  }

  /// The title with its unit.
  package var heading: String { unit.isEmpty ? title : "\(title) (\(unit))" }
}
