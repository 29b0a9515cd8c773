import RobotFiles
import Robotics

/// Robots that are named by a path rather than by a name of the catalog.
package enum RobotSource {
  /// Endings of the files that robots come in: the robot itself, or a sidecar that names it.
  private static let endings = [".urdf", ".xml", ".mjcf"]
  private static let sidecarEndings = [".yaml", ".yml"]

  /// Whether a robot is given by the path of a file: it holds a '/', or ends as such a file does.
  package static func isFile(_ text: String) -> Bool {
    text.contains("/") || (endings + sidecarEndings).contains { text.lowercased().hasSuffix($0) }
  }

  /// Where a robot comes from, and what was chosen for it.
  package struct Choice {
    /// Of a robot's file or of a sidecar.
    package var path: String
    /// A sidecar to take in place of the one beside the robot's file.
    package var sidecar: String?
    /// What the robot is to do, if not what its sidecar says or what suits it.
    package var task: String?
    /// What its root can do, if not what the file or its sidecar says.
    package var base: String?

    package init(path: String, sidecar: String? = nil, task: String? = nil, base: String? = nil) {
      self.path = path
      self.sidecar = sidecar
      self.task = task
      self.base = base
    }
  }

  /// Reads a robot and chooses what it is to do.
  ///
  /// - Parameter notify: receives what was approximated, ignored, repaired or guessed.
  package static func entry(_ choice: Choice, notify: (Notice) -> Void) throws -> Catalog.Entry {
    var file = choice.path
    let isSidecar = sidecarEndings.contains { file.lowercased().hasSuffix($0) }
    let sidecar = isSidecar ? file : choice.sidecar ?? besides(file)
    let contents = try sidecar.map { try Sidecar.read($0) }
    if let sidecar, isSidecar {
      guard let robot = contents?.robot else {
        throw TrainingError("'\(sidecar)' does not say which robot it is for; add 'robot: FILE'")
      }
      file = robot.hasPrefix("/") ? robot : Files.folder(of: sidecar) + "/" + robot
    }
    var options = contents?.options ?? RobotFileOptions()
    try apply(choice.task, choice.base, to: &options)
    let paths = Host.variable("ROS_PACKAGE_PATH")?.split(separator: ":").map(String.init) ?? []
    let robot = try LoadedRobot(contentsOf: file, options: options, packagePaths: paths)
    for warning in robot.warnings { notify(.information("\(warning)")) }
    var entry = try robot.entry()
    entry.robotCopy = RobotCopy(
      robot, file: file, sidecar: contents?.bytes, task: choice.task, base: choice.base
    ).encoded()
    return entry
  }

  static func apply(_ task: String?, _ base: String?, to options: inout RobotFileOptions) throws {
    if let task { options.task = task }
    guard let base else { return }
    guard let kind = RobotFileOptions.Base(rawValue: base) else {
      throw TrainingError(
        "the base is \(RobotFileOptions.Base.allCases.map(\.rawValue).joined(separator: ", ")), not \(quoted(base))")
    }
    options.baseKind = kind
  }

  /// The robot that a run directory keeps, if it keeps one.
  ///
  /// - Parameter path: of a run directory, or of a policy in one.
  package static func entry(keptFor path: String) throws -> Catalog.Entry? {
    let path = Files.withoutTrailingSlash(path)
    let parent = Files.folder(of: Files.folder(of: path))
    for folder in [path, parent] {
      let copy = RunDirectory(path: folder).robot
      guard Files.kind(at: copy) == .other else { continue }
      let bytes = try Files.read(copy, limit: RobotCopy.limit)
      do { return try RobotCopy(decoding: bytes).entry() } catch { throw TrainingError("'\(copy)': \(error)") }
    }
    return nil
  }

  /// The sidecar that lies beside a robot's file, if there is one: of the same name, ending in .yaml.
  private static func besides(_ path: String) -> String? {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    let sidecar = path[..<dot] + ".yaml"
    return Files.kind(at: String(sidecar)) == .other ? String(sidecar) : nil
  }
}

extension Catalog {
  /// The catalog with an entry in place of the one of its name, if there is one.
  package func replacing(with entry: Entry) -> Catalog {
    Catalog(entries.filter { $0.name != entry.name } + [entry])
  }
}
