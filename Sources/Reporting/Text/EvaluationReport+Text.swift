import Environments
import Training

extension EvaluationReport {
  /// The outcome in one plain sentence: how many episodes lasted, how the others ended, the mean of each metric.
  public var sentence: String {
    let lasted = endings.first { $0.name == Self.timeLimit }?.count ?? 0
    var text = "\(lasted) of \(episodes) episodes lasted the full \(NumberText.short(fullSeconds)) s"
    let others = endings.filter { $0.name != Self.timeLimit && $0.count > 0 }
    if !others.isEmpty { text += " (\(others.map { "\($0.count) ended by \($0.name)" }.joined(separator: ", ")))" }
    if let mean = episodeReturn.mean { text += "; return \(NumberText.short(mean))" }
    let figures = metrics.compactMap { metric in
      metric.statistics.mean.map { Quantity(metric.name).phrase(for: $0) }
    }
    if !figures.isEmpty { text += "; \(figures.joined(separator: ", "))" }
    return text + "."
  }

  /// Tables and a sentence, as `ppo-robot evaluate` prints them.
  public var text: String {
    let parts = [
      "\(robot), policy \(policy), \(episodes) episodes, seed \(seed)", table, shares, effort?.table, sentence,
    ]
    return parts.compactMap { $0 }.joined(separator: "\n\n")
  }

  /// A table for reading: a row for each figure.
  package var table: String {
    var rows = [["", "mean", "std", "95 % interval", "min", "median", "max"]]
    rows.append(Self.row("return", episodeReturn))
    rows.append(Self.row("length (s)", lengthSeconds))
    for metric in metrics + (effort?.figures ?? []) + physicsErrors {
      rows.append(Self.row(Quantity(metric.name).title, metric.statistics))
    }
    return TextTable(rows).text
  }

  /// A table of shares for reading: success, and how episodes ended.
  package var shares: String {
    var rows = [["", "episodes", "share", "95 % interval"]]
    if let success { rows.append(Self.row("success: \(success.definition.words)", success.proportion)) }
    for ending in endingShares {
      let title = ending.name == Self.timeLimit ? "lasted to the end" : "ended by \(ending.name)"
      rows.append(Self.row(title, ending.proportion))
    }
    return TextTable(rows).text
  }

  private static func row(_ title: String, _ proportion: Proportion) -> [String] {
    [
      title, "\(proportion.count) of \(proportion.total)", proportion.share.map(NumberText.short) ?? "–",
      NumberText.interval(proportion.ci95),
    ]
  }

  private static func row(_ title: String, _ statistics: Statistics) -> [String] {
    let text = { (value: Double?) in value.map(NumberText.short) ?? "–" }
    return [
      title, text(statistics.mean), text(statistics.std), NumberText.interval(statistics.ci95), text(statistics.min),
      text(statistics.p50), text(statistics.max),
    ]
  }
}

extension EffortReport {
  /// A table for reading: a row for each joint with the means over episodes, the peak over all.
  package var table: String {
    let hasForces = joints.contains { $0.figures.first?.name == "force_n" }
    let hasTorques = joints.contains { $0.figures.first?.name == "torque_nm" }
    let unit = hasForces ? hasTorques ? "N m or N" : "N" : "N m"
    let word = hasForces ? hasTorques ? "effort" : "force" : "torque"
    var rows = [["joint", "mean \(word) (\(unit))", "peak", "share of limit", "at \(word) limit", "at joint limit"]]
    for joint in joints {
      rows.append(
        [joint.name]
          + joint.figures.enumerated().map { i, figure in
            (i == 1 ? figure.statistics.max : figure.statistics.mean).map(NumberText.short) ?? "–"
          })
    }
    return TextTable(rows).text
  }
}
