import Environments
import Learning
import Networks
import Robotics
import Storage

/// A saved fault, simulated again.
package struct CrashRerun: Sendable {
  /// Bytes a crash file may have.
  private static let limit = 1 << 28
  /// Steps before the end that are shown.
  private static let shown = 3

  package let crash: CrashFile
  package let rerun: TailRerun

  /// - Throws: `TrainingError` if the file at `path` is no crash file, or not of a robot of `catalog` as it is now.
  /// - Parameter notify: receives a warning if the robot has changed since.
  package init(ofFileAt path: String, in catalog: Catalog, notify: (Notice) -> Void = { _ in }) throws {
    let (crash, fingerprint): (CrashFile, Fingerprint?)
    do {
      let file = try TensorFile(contentsOf: path, limit: Self.limit)
      (crash, fingerprint) = (try CrashFile(from: file), try PolicyFile.fingerprint(of: file))
    } catch {
      throw TrainingError("\(quoted(path)) is not a sound crash file: \(error); '\(Program.name) train' writes them")
    }
    guard let entry = catalog[crash.robot] else {
      throw TrainingError(
        "\(quoted(path)) is of robot \(quoted(crash.robot)), which is unknown here; the robots are "
          + catalog.names.joined(separator: ", "))
    }
    if let difference = crash.spec.difference(from: try entry.spec()) {
      throw TrainingError("\(quoted(path)) does not fit robot '\(entry.name)' as it is now: \(difference)")
    }
    try PolicyFile.warn(of: fingerprint, "\(quoted(path)) was saved", for: entry, notify: notify)
    do {
      var settings = TrainingSettings()
      for assignment in try SettingsFile.parse(Array(crash.settings.utf8)).assignments {
        try settings.assign(assignment)
      }
      rerun = try entry.makeVectorEnv(
        count: 1, shards: 1, seed: 0, start: .together, randomization: settings.randomization
      ).rerun(crash.tail)
    } catch { throw TrainingError("\(quoted(path)) does not fit robot '\(entry.name)' as it is now: \(error)") }
    self.crash = crash
  }

  package var tail: EpisodeTail { crash.tail }
  /// Control steps of the tail.
  package var stepCount: Int { tail.actions.count / crash.spec.actionCount }

  /// Whether the last step failed, as it did in the training, and none before it.
  package var isReproduced: Bool { rerun.reason != nil && rerun.steps.count == stepCount }

  /// The result, in a sentence.
  package var verdict: String {
    let place = "step \(tail.stepsBefore + rerun.steps.count) of the episode"
    if let reason = rerun.reason {
      return isReproduced
        ? "Reproduced: \(place) fails: \(reason)"
        : "not reproduced: \(place) fails already, not step \(tail.stepsBefore + stepCount): \(reason)"
    }
    let end = rerun.steps.last.flatMap { crash.spec.name(of: $0.ending) }
    return "not reproduced: "
      + (end.map { "the episode ends at \(place) by \($0)" } ?? "nothing fails up to \(place)")
      + "; the fault depends on what the file does not hold, such as the build or the machine"
  }

  /// The last steps of the tail, which reports show.
  package var lastSteps: Range<Int> { max(0, rerun.steps.count - Self.shown)..<rerun.steps.count }

  /// What the env showed before a step of the tail.
  package func before(_ number: Int) -> [Float] {
    number == 0 ? tail.observation : rerun.steps[number - 1].observation
  }

  /// The action of a step of the tail.
  package func action(_ number: Int) -> [Float] {
    let width = crash.spec.actionCount
    return Array(tail.actions[number * width..<(number + 1) * width])
  }
}
