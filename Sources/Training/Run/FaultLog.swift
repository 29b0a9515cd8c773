import Environments
import Learning
import Networks

/// What a run reports and saves of failed env steps and of rollbacks.
package struct FaultLog {
  /// Crash files of a run: faults come in swarms, and one is like the other.
  package static let mostFiles = 10

  package let folder: RunDirectory
  package let robot: String
  package let settings: TrainingSettings
  package let spec: EnvSpec
  package let fingerprint: Fingerprint

  /// Writes crash files for the run's first faults and returns what is to be reported of an iteration.
  package func take(_ report: IterationReport) throws -> [Incident] {
    var incidents: [Incident] = []
    if report.faults > 0 {
      let files = try writeFiles(for: report)
      let before = report.totalFaults - report.faults
      if Self.isReported(after: before, before: report.totalFaults), let first = report.faultReports.first {
        incidents.append(
          .fault(
            Incident.Fault(
              env: first.env, step: step(of: first, report), reason: first.reason, total: report.totalFaults,
              file: files.first)))
      }
    }
    if let reason = report.rollback { incidents.append(.rollback(reason: reason, step: report.steps)) }
    return incidents
  }

  /// - Returns: their paths.
  private func writeFiles(for report: IterationReport) throws -> [String] {
    let room = Self.mostFiles - (report.totalFaults - report.faults)
    guard room > 0 else { return [] }
    try Files.createFolder(folder.crashes)
    return try report.faultReports.prefix(room).map { fault in
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
  private func step(of fault: FaultReport, _ report: IterationReport) -> Int {
    report.steps - (settings.learner.horizon - 1 - fault.step) * settings.envs
  }

  /// Whether one of the faults from number `before` + 1 to `total` is worth a line: 1, 2, 5, 10, 20, 50, …
  package static func isReported(after before: Int, before total: Int) -> Bool {
    var size = 1
    while size <= total {
      for number in [size, 2 * size, 5 * size] where number > before && number <= total { return true }
      guard size <= total / 10 else { return false }
      size *= 10
    }
    return false
  }
}
