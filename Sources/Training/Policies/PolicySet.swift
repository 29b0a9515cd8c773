import Robotics

/// One policy or several that belong together, such as those of a training repeated with other seeds.
package struct PolicySet {
  /// What the user called it.
  package let name: String
  package let subjects: [PolicySource.Subject]

  /// - Parameters:
  ///   - text: what `--policy` takes, a folder that `train --seeds` made, or several of these with commas between them.
  ///   - robot: the robot's name, if given or known from elsewhere.
  ///   - notify: receives what the user should know of the choice.
  package static func find(
    _ text: String, robot: String?, in catalog: Catalog, stochastic: Bool, notify: (Notice) -> Void = { _ in }
  ) throws -> PolicySet {
    let subjects = try policies(text, robot: robot, in: catalog).map {
      try PolicySource.find(robot: robot, policy: $0, in: catalog, stochastic: stochastic, notify: notify)
    }
    return PolicySet(name: text, subjects: subjects)
  }

  /// The robot that the files of `text` are for; nil where it names no file.
  ///
  /// - Parameter notify: receives what the user should know of the choice.
  package static func robot(
    of text: String, in catalog: Catalog, notify: (Notice) -> Void = { _ in }
  ) throws -> String? {
    guard let path = try policies(text, robot: nil, in: catalog).first(where: { Files.kind(at: $0) != .nothing }) else {
      return nil
    }
    return try PolicySource.find(robot: nil, policy: path, in: catalog, stochastic: false, notify: notify).entry.name
  }

  /// What each of the policies is called.
  private static func policies(_ text: String, robot: String?, in catalog: Catalog) throws -> [String] {
    let entry = robot.flatMap { catalog[$0] }
    func policies(_ text: String) throws -> [String] {
      if let entry, PolicySource.isOwn(text, of: entry) { return [text] }
      return try SeedFolder.runs(in: text)
    }
    guard Files.kind(at: text) == .nothing, text.contains(",") else { return try policies(text) }
    return try text.split(separator: ",", omittingEmptySubsequences: false).flatMap { part in
      guard !part.isEmpty else { throw TrainingError("\(quoted(text)) has an empty place; remove the extra comma") }
      return try policies(String(part))
    }
  }
}
