import Robotics

/// One policy or several that belong together, such as those of a training repeated with other seeds.
package struct RunSet {
  /// What the user called it.
  package let name: String
  package let subjects: [PolicySource.Subject]

  /// Folders of a set's runs begin with this, as `train --seeds` names them.
  package static let runPrefix = "seed-"

  /// - Parameters:
  ///   - text: what `--policy` takes, a folder that `train --seeds` made, or several of these with commas between them.
  ///   - robot: the robot's name, if given or known from elsewhere.
  package static func find(_ text: String, robot: String?, in catalog: Catalog, stochastic: Bool) throws -> RunSet {
    let subjects = try policies(text, robot: robot, in: catalog).map {
      try PolicySource.find(robot: robot, policy: $0, in: catalog, stochastic: stochastic)
    }
    return RunSet(name: text, subjects: subjects)
  }

  /// The robot that the files of `text` are for; nil where it names no file.
  package static func robot(of text: String, in catalog: Catalog) throws -> String? {
    guard let path = try policies(text, robot: nil, in: catalog).first(where: { Files.kind(at: $0) != .nothing }) else {
      return nil
    }
    return try PolicySource.find(robot: nil, policy: path, in: catalog, stochastic: false).entry.name
  }

  /// What each of the policies is called.
  private static func policies(_ text: String, robot: String?, in catalog: Catalog) throws -> [String] {
    let entry = robot.flatMap { catalog[$0] }
    func policies(_ text: String) throws -> [String] {
      if let entry, PolicySource.isOwn(text, of: entry) { return [text] }
      return try runs(in: text)
    }
    guard Files.kind(at: text) == .nothing, text.contains(",") else { return try policies(text) }
    return try text.split(separator: ",", omittingEmptySubsequences: false).flatMap { part in
      guard !part.isEmpty else { throw CommandError("\(quoted(text)) has an empty place; remove the extra comma") }
      return try policies(String(part))
    }
  }

  /// Whether a folder holds runs with several seeds, one of which has begun.
  static func isSet(_ folder: String) throws -> Bool {
    try runs(in: folder).contains { $0 != folder && RunDirectory(path: $0).isBegun }
  }

  /// The run directories in a folder of `train --seeds`, by seed; `text` itself where it is something else.
  static func runs(in text: String) throws -> [String] {
    guard Files.kind(at: text) == .folder else { return [text] }
    let seeds = try Files.names(in: text).filter { $0.hasPrefix(runPrefix) }
      .compactMap { UInt64($0.dropFirst(runPrefix.count)) }
    let folder = text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    return seeds.isEmpty ? [text] : seeds.sorted().map { "\(folder)/\(runPrefix)\($0)" }
  }
}
