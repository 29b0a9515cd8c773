/// What a check found, for people and for programs.
package struct CheckReport: Sendable {
  package let robot: String
  package let findings: [Finding]
  /// What half the physics step changes for a policy, if that was asked.
  package let halving: StepHalving?

  package init(robot: String, findings: [Finding], halving: StepHalving? = nil) {
    self.robot = robot
    self.findings = findings + (halving?.findings ?? [])
    self.halving = halving
  }

  /// Whether nothing is wrong; there may still be warnings.
  package var isSound: Bool { !findings.contains { $0.severity == .error } }

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

  package var json: JSON {
    .object([
      ("robot", .text(robot)), ("ok", .flag(isSound)), ("half_step", halving?.json ?? .null),
      (
        "findings",
        .array(
          findings.map { finding in
            .object([
              ("id", .text(finding.id)), ("severity", .text(finding.severity.rawValue)),
              ("what", .text(finding.sentence)),
              ("where", finding.place.map { .text($0) } ?? .null), ("hint", .text(finding.hint)),
            ])
          })
      ),
    ])
  }
}
