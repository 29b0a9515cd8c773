import Environments
import Learning
import Networks
import Robotics
import Storage

/// A policy as a file, with the robot it is for.
package struct PolicyFile {
  package let robot: String
  package let policy: NetworkPolicy
  /// What the robot and its task were; nil for a file of before fingerprints.
  package let fingerprint: Fingerprint?
  /// All that the file holds.
  package let file: TensorFile

  /// The name of the text that holds a fingerprint, in policy files, checkpoints and crash files.
  static let fingerprintKey = "fingerprint"

  /// Bytes a policy file may have.
  private static let limit = 1 << 30

  package static func read(_ path: String) throws -> PolicyFile {
    try read(Files.read(path, limit: limit), from: quoted(path))
  }

  /// - Parameter what: what the bytes are, for the error line.
  package static func read(_ bytes: [UInt8], from what: String) throws -> PolicyFile {
    do {
      let file = try TensorFile(decoding: bytes)
      return PolicyFile(
        robot: try file.text("robot"), policy: try NetworkPolicy(from: file), fingerprint: try fingerprint(of: file),
        file: file)
    } catch {
      throw TrainingError(
        "\(what) is not a sound policy file: \(error); it must be one that '\(Program.name) train' has written")
    }
  }

  /// What a training of an env of that spec starts from with this policy.
  ///
  /// - Parameter name: what the user called it, for the error line.
  package func initial(for spec: EnvSpec, named name: String) throws -> InitialPolicy {
    do {
      return InitialPolicy(start: try LearnerStart(from: file).moved(to: spec), pace: lastPace)
    } catch { throw TrainingError("\(quoted(name)) cannot be trained further: \(error)") }
  }

  /// The learning rate when the policy was saved; nil if the file does not hold it.
  private var lastPace: Double? {
    guard let text = file.metadata["settings"], let steps = file.metadata["steps"].flatMap({ Int($0) }), steps >= 0,
      let contents = try? SettingsFile.parse(Array(text.utf8)),
      let settings = try? TrainingSettings.recorded(in: contents, source: "its settings")
    else { return nil }
    return settings.learner.pace(after: steps)
  }

  /// The fingerprint that a file of any kind holds, if it holds one.
  package static func fingerprint(of file: TensorFile) throws -> Fingerprint? {
    guard let text = file.metadata[fingerprintKey] else { return nil }
    guard let fingerprint = Fingerprint(text) else { throw LearningError("its fingerprint is damaged") }
    return fingerprint
  }

  /// Warns where the robot and its task are no longer what they were when `fingerprint` was taken.
  ///
  /// - Parameters:
  ///   - what: names what was made with them and says how, such as "'a/policy' was trained".
  ///   - notify: receives the warning.
  static func warn(
    of fingerprint: Fingerprint?, _ what: String, for entry: Catalog.Entry, notify: (Notice) -> Void
  ) throws {
    guard let fingerprint, let difference = try entry.fingerprint().difference(from: fingerprint) else { return }
    notify(.warning("\(what) with another '\(entry.name)' than there is now: \(difference)"))
  }
}
