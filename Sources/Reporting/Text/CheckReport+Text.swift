import Environments
import Training

extension StepHalving {
  /// A table for reading.
  package var table: String {
    var cells = [["", "\(NumberText.short(substep * 1000)) ms", "\(NumberText.short(substep * 500)) ms", "change"]]
    for row in rows {
      cells.append([
        Quantity(row.name).title, NumberText.short(row.declared), NumberText.short(row.halved),
        "\(NumberText.short(row.change * 100)) %",
      ])
    }
    return TextTable(cells).text
  }
}

extension CheckReport {
  /// A line a finding, the worst first, and a last line that sums up.
  package var text: String {
    let lines = Finding.Severity.allCases.reversed().flatMap { severity in
      findings.filter { $0.severity == severity }.map { "\(severity.rawValue): \($0.text)" }
    }
    let counts = Finding.Severity.allCases.reversed().compactMap { severity -> String? in
      let number = findings.count { $0.severity == severity }
      return number == 0 ? nil : "\(number) \(severity.rawValue)\(number == 1 ? "" : "s")"
    }
    let verdict = isSound ? "ok" : "not ok"
    return
      ((halving.map { [$0.table, ""] } ?? []) + lines + [
        "\(robot): \(verdict)\(counts.isEmpty ? "" : ", \(counts.joined(separator: ", "))")"
      ])
      .joined(separator: "\n")
  }
}
