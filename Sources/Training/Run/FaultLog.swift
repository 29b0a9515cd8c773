import Environments
import Learning

/// What a run says and keeps of steps that broke down and of learning that had to go back.
package struct FaultLog {
  /// Crash files of a run: faults come in swarms, and one is like the other.
  package static let mostFiles = 10

  let folder: RunDirectory
  let robot: String
  let settings: TrainingSettings
  let spec: EnvSpec
  let fingerprint: Fingerprint

  /// Writes crash files for the run's first faults and tells what is to be said about an iteration.
  func take(_ report: IterationReport) throws -> [Incident] {
    var incidents: [Incident] = []
    if report.faults > 0 {
      let files = try writeFiles(for: report)
      let before = report.totalFaults - report.faults
      if Self.isTold(after: before, before: report.totalFaults), let first = report.faultRecords.first {
        incidents.append(.fault(first, after: step(of: first, report), total: report.totalFaults, file: files.first))
      }
    }
    if let reason = report.rollback { incidents.append(.rollback(reason, report)) }
    return incidents
  }

  /// - Returns: their paths.
  private func writeFiles(for report: IterationReport) throws -> [String] {
    let room = Self.mostFiles - (report.totalFaults - report.faults)
    guard room > 0 else { return [] }
    try Files.createFolder(folder.crashes)
    return try report.faultRecords.prefix(room).map { fault in
      let step = step(of: fault, report)
      let path = "\(folder.crashes)/step-\(step)-env-\(fault.env).safetensors"
      let crash = CrashFile(
        robot: robot, spec: spec, env: fault.env, step: step, reason: fault.reason,
        settings: SettingsFile.essentials(of: settings, robot: robot), tail: fault.tail)
      var file = crash.file
      file.metadata[PolicyFile.fingerprintKey] = fingerprint.text
      try file.write(to: path)
      return path
    }
  }

  /// Env steps that the training had taken when the faulted one was over.
  private func step(of fault: FaultRecord, _ report: IterationReport) -> Int {
    report.steps - (settings.ppo.horizon - 1 - fault.step) * settings.envs
  }

  /// Whether one of the faults from number `before` + 1 to `total` is worth a line: 1, 2, 5, 10, 20, 50, …
  package static func isTold(after before: Int, before total: Int) -> Bool {
    var size = 1
    while size <= total {
      for number in [size, 2 * size, 5 * size] where number > before && number <= total { return true }
      guard size <= total / 10 else { return false }
      size *= 10
    }
    return false
  }
}

/// Something that went wrong in a training and was dealt with.
struct Incident: Sendable {
  /// Its name among the events of `--json`.
  let event: String
  let sentence: String
  let members: [(key: String, value: JSON)]

  static func fault(_ fault: FaultRecord, after step: Int, total: Int, file: String?) -> Incident {
    Incident(
      event: "fault",
      sentence: "Env \(fault.env) broke down at step \(NumberText.grouped(step)) and was restarted: \(fault.reason) "
        + "(\(NumberText.grouped(total)) so far)"
        + (file.map { "; '\(Program.command) replay-crash \(Shell.quoted($0))' repeats it" } ?? ""),
      members: [
        ("env", .whole(fault.env)), ("step", .whole(step)), ("reason", .text(fault.reason)), ("total", .whole(total)),
        ("file", file.map { .text($0) } ?? .null),
      ])
  }

  static func rollback(_ reason: String, _ report: IterationReport) -> Incident {
    Incident(
      event: "rollback",
      sentence: "Learning went back to its last sound state at step \(NumberText.grouped(report.steps)), with half the "
        + "learning rate from here on: \(reason)",
      members: [("step", .whole(report.steps)), ("reason", .text(reason))])
  }
}
