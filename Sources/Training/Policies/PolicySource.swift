import Environments
import Learning
import Networks
import Robotics

/// Finds the policy a user means.
package enum PolicySource {
  /// A policy with the robot it is for.
  package struct Subject {
    package let entry: Catalog.Entry
    package let policy: any Policy
    /// What the user may call it.
    package let name: String
  }

  /// What the policy that ships with a robot is called.
  package static let trained = "trained"

  /// - Parameters:
  ///   - robot: the robot's name, if given.
  ///   - policy: a policy file, a run directory or the name of a policy the robot comes with, if given.
  ///   - stochastic: whether a trained policy draws its actions.
  ///   - notify: receives what the user should know of the choice.
  package static func find(
    robot: String?, policy: String?, in catalog: Catalog, stochastic: Bool, notify: (Notice) -> Void = { _ in }
  ) throws -> Subject {
    let entry = try robot.map { try catalog.entry(named: $0) }
    guard let policy else {
      guard let entry else { throw TrainingError("nothing to evaluate; name a robot, a policy or both") }
      guard let bytes = entry.trainedPolicy?() else {
        throw TrainingError(
          "robot '\(entry.name)' has no trained policy; train one, or name a policy: a file, a run directory, "
            + names(of: entry))
      }
      return try subject(
        try shippedPolicy(bytes, of: entry), named: trained, robot: entry, in: catalog, stochastic: stochastic,
        notify: notify)
    }
    if let entry {
      if isTrained(policy, of: entry) {
        noteChoice(for: policy, of: entry, notify)
        return try find(robot: robot, policy: nil, in: catalog, stochastic: stochastic, notify: notify)
      }
      if let make = entry.policies[policy] {
        noteChoice(for: policy, of: entry, notify)
        return Subject(entry: entry, policy: try make(try entry.spec()), name: policy)
      }
    }
    let path = try path(of: policy) { unknown(policy, for: entry, in: catalog) }
    return try subject(
      try PolicyFile.read(path), named: path, robot: entry, in: catalog, stochastic: stochastic, notify: notify)
  }

  /// The trained policy that a training is to start from, for the robot as it is now. It may be another robot's, as long as
  /// it is shown the same and gives the same actions.
  ///
  /// - Parameters:
  ///   - text: a policy file, a run directory, or `trained`.
  ///   - notify: receives what the user should know of the choice.
  package static func initial(
    _ text: String, for entry: Catalog.Entry, in catalog: Catalog, notify: (Notice) -> Void = { _ in }
  ) throws -> InitialPolicy {
    let file: PolicyFile
    if let bytes = entry.trainedPolicy?(), isTrained(text, of: entry) {
      noteChoice(for: text, of: entry, notify)
      file = try shippedPolicy(bytes, of: entry)
    } else {
      let takes =
        "the initial policy must be a policy file, a run directory" + (entry.trainedPolicy == nil ? "" : ", or trained")
      file = try PolicyFile.read(try path(of: text) { TrainingError("no policy \(quoted(text)); \(takes)") })
    }
    let spec = try entry.spec()
    if let difference = file.policy.spec.policyDifference(from: spec) {
      throw TrainingError(
        "\(quoted(text)), of robot \(quoted(file.robot)), does not fit robot '\(entry.name)' as it is now: \(difference)"
      )
    }
    if file.robot == entry.name {
      try PolicyFile.warn(of: file.fingerprint, "\(quoted(text)) was trained", for: entry, notify: notify)
    }
    return try file.initial(for: spec, named: text)
  }

  /// The trained policy that a user means, whether or not its robot is known here, and what the user may call it.
  ///
  /// - Parameter notify: receives what the user should know of the choice.
  package static func trainedFile(
    robot: String?, policy: String?, in catalog: Catalog, notify: (Notice) -> Void = { _ in }
  ) throws -> (file: PolicyFile, name: String) {
    let entry = try robot.map { try catalog.entry(named: $0) }
    let found: (file: PolicyFile, name: String)
    if let entry, let bytes = entry.trainedPolicy?(), policy.map({ isTrained($0, of: entry) }) ?? true {
      if let policy { noteChoice(for: policy, of: entry, notify) }
      found = (try shippedPolicy(bytes, of: entry), trained)
    } else if let policy, entry?.policies[policy] == nil {
      let path = try path(of: policy) { unknown(policy, for: entry, in: catalog) }
      found = (try PolicyFile.read(path), path)
    } else if let policy {
      throw TrainingError("'\(policy)' is written by hand; only trained policies can be described")
    } else {
      throw TrainingError(
        entry.map { "robot '\($0.name)' has no trained policy; name a policy file or a run directory" }
          ?? "nothing to describe; name a policy, a robot or both")
    }
    if let entry {
      _ = try subject(found.file, named: found.name, robot: entry, in: catalog, stochastic: false, notify: notify)
    } else if let entry = catalog[found.file.robot] {
      try PolicyFile.warn(of: found.file.fingerprint, "\(quoted(found.name)) was trained", for: entry, notify: notify)
    }
    return found
  }

  /// Whether `text` names a policy that the robot comes with. Such a name goes before a file or folder of the same name.
  static func isOwn(_ text: String, of entry: Catalog.Entry) -> Bool {
    isTrained(text, of: entry) || entry.policies[text] != nil
  }

  private static func isTrained(_ text: String, of entry: Catalog.Entry) -> Bool {
    text == trained && entry.trainedPolicy != nil
  }

  /// Says which of the two is meant where a file or folder is called as the policy is.
  private static func noteChoice(for text: String, of entry: Catalog.Entry, _ notify: (Notice) -> Void) {
    guard Files.kind(at: text) != .nothing else { return }
    notify(
      .information(
        "\(quoted(text)) is taken as the policy that comes with robot '\(entry.name)'; ./\(Shell.quoted(text)) would be "
          + "the " + (Files.kind(at: text) == .folder ? "folder" : "file")))
  }

  private static func shippedPolicy(_ bytes: [UInt8], of entry: Catalog.Entry) throws -> PolicyFile {
    try PolicyFile.read(bytes, from: "the policy that comes with '\(entry.name)'")
  }

  /// The file that `text` means: itself, or the best policy of a run directory.
  private static func path(of text: String, orElse unknown: () -> TrainingError) throws -> String {
    switch Files.kind(at: text) {
    case .other: return text
    case .folder:
      let run = RunDirectory(path: Files.withoutTrailingSlash(text))
      for path in [run.best, run.last] where Files.kind(at: path) == .other { return path }
      throw TrainingError("\(quoted(text)) is a folder without a policy; a run directory has \(run.best)")
    case .nothing: throw unknown()
    }
  }

  private static func unknown(_ text: String, for entry: Catalog.Entry?, in catalog: Catalog) -> TrainingError {
    if let entry {
      let hint = NearestName.hint(for: text, among: ownNames(of: entry))
      return TrainingError(
        "no policy \(quoted(text))\(hint.isEmpty ? ";" : hint) a policy is a file, a run directory, "
          + names(of: entry))
    }
    let isNamed = catalog.entries.contains { isOwn(text, of: $0) }
    return TrainingError(
      isNamed
        ? "the policy '\(text)' needs a robot: each robot has its own"
        : "no policy file or run directory \(quoted(text))")
  }

  private static func names(of entry: Catalog.Entry) -> String {
    "or one of " + ownNames(of: entry).joined(separator: ", ")
  }

  private static func ownNames(of entry: Catalog.Entry) -> [String] {
    (entry.trainedPolicy == nil ? [] : [trained]) + entry.policies.keys.sorted()
  }

  /// Joins what a file holds with its robot, and sees that they fit.
  private static func subject(
    _ file: PolicyFile, named name: String, robot: Catalog.Entry?, in catalog: Catalog, stochastic: Bool,
    notify: (Notice) -> Void
  ) throws -> Subject {
    if let robot, robot.name != file.robot {
      throw TrainingError(
        "\(name == trained ? "the policy" : quoted(name)) is for robot \(quoted(file.robot)), not '\(robot.name)'")
    }
    let entry: Catalog.Entry
    if let robot {
      entry = robot
    } else {
      guard let known = catalog[file.robot] else {
        throw TrainingError(
          "\(quoted(name)) is for robot \(quoted(file.robot)), which is unknown here; the robots are "
            + catalog.names.joined(separator: ", "))
      }
      entry = known
    }
    if let difference = file.policy.spec.difference(from: try entry.spec()) {
      throw TrainingError("\(quoted(name)) does not fit robot '\(entry.name)' as it is now: \(difference)")
    }
    try PolicyFile.warn(
      of: file.fingerprint, "\(name == trained ? "the policy" : quoted(name)) was trained", for: entry, notify: notify)
    var policy = file.policy
    policy.mode = stochastic ? .stochastic : .deterministic
    return Subject(entry: entry, policy: policy, name: name)
  }
}
