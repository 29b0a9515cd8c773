import Environments
import Training

extension Robustness {
  /// The table for people: a row for each level.
  package var table: String {
    var lines = [["disturbance", "level", "success", "95 % interval", "return"]]
    for row in rows {
      for (i, cell) in row.cells.enumerated() {
        lines.append([
          i == 0 ? row.sweep.title : "", NumberText.short(cell.level),
          cell.success.share.map(NumberText.short) ?? "–", NumberText.interval(cell.success.ci95),
          cell.episodeReturn.mean.map(NumberText.short) ?? "–",
        ])
      }
    }
    return TextTable(lines).text
  }

  /// A line for each disturbance: how far it can go.
  package var sentences: String { rows.map(\.sentence).joined(separator: "\n") }

  /// The table as a CSV file.
  package var csv: String {
    var lines = ["disturbance,unit,level,episodes,successes,success,success_ci95_low,success_ci95_high,return"]
    for row in rows {
      for cell in row.cells {
        let (success, interval) = (cell.success, cell.success.ci95)
        let figures = [success.share, interval?.lowerBound, interval?.upperBound, cell.episodeReturn.mean]
          .map { $0.map { String($0) } ?? "" }
        let unit = row.sweep.unit.isEmpty ? "factor" : row.sweep.unit
        lines.append(
          (["\(row.sweep.name),\(unit),\(cell.level),\(success.total),\(success.count)"] + figures)
            .joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Robustness.Row {
  /// "push: 90 % or more succeed up to 0.6 m/s, half or more up to 1 m/s, fewer at 1.25 m/s".
  package var sentence: String {
    var parts: [String] = []
    let (most, half) = (reach(0.9), reach(0.5))
    parts.append(most.map { "90 % or more succeed \(range($0))" } ?? "fewer than 90 % succeed even undisturbed")
    guard let half else { return "\(sweep.words): \(parts[0]), nor do half" }
    if half != most { parts.append("half or more \(range(half))") }
    if let last = cells.last {
      parts.append(last.level == half ? "the most that was tried" : "fewer than half at \(amount(last.level))")
    }
    return "\(sweep.words): \(parts.joined(separator: ", "))"
  }

  private func range(_ level: Double) -> String {
    level == sweep.nominal ? "only undisturbed" : "\(sweep.isRising ? "up" : "down") to \(amount(level))"
  }

  private func amount(_ level: Double) -> String {
    sweep.unit.isEmpty ? "× \(NumberText.short(level))" : "\(NumberText.short(level)) \(sweep.unit)"
  }
}
