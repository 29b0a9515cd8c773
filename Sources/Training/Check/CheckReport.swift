import Storage

/// What a check found, for people and for programs.
package struct CheckReport: Sendable {
  package let robot: String
  package let findings: [Finding]
  /// The changes with half the physics step, if measured.
  package let halving: StepHalving?

  package init(robot: String, findings: [Finding], halving: StepHalving? = nil) {
    self.robot = robot
    self.findings = findings + (halving?.findings ?? [])
    self.halving = halving
  }

  /// Whether nothing is wrong; there may still be warnings.
  package var isSound: Bool { !findings.contains { $0.severity == .error } }

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
