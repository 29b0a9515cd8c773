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

  /// Reads a robot, with its sidecar, and chooses what it is to do.
  ///
  /// - Parameters:
  ///   - path: of a robot's file or of a sidecar.
  ///   - sidecar: a sidecar to take in place of the one beside the robot's file.
  ///   - task: what the robot is to do, if not what its sidecar says or what suits it.
  ///   - base: what its root can do, if not what the file or its sidecar says.
  package static func robot(
    at path: String, sidecar: String? = nil, task: String? = nil, base: String? = nil
  ) throws -> LoadedRobot {
    var file = path
    var options = RobotFileOptions()
    let isSidecar = sidecarEndings.contains { path.lowercased().hasSuffix($0) }
    if let sidecar = isSidecar ? path : sidecar ?? besides(path) {
      let contents = try Sidecar.read(sidecar)
      options = contents.options
      if isSidecar {
        guard let robot = contents.robot else {
          throw TrainingError("'\(sidecar)' does not say which robot it is for; add 'robot: FILE'")
        }
        file = robot.hasPrefix("/") ? robot : Files.folder(of: sidecar) + "/" + robot
      }
    }
    if let task { options.task = task }
    if let base {
      guard let kind = RobotFileOptions.Base(rawValue: base) else {
        throw TrainingError(
          "the base is \(RobotFileOptions.Base.allCases.map(\.rawValue).joined(separator: ", ")), not \(quoted(base))")
      }
      options.baseKind = kind
    }
    let paths = Host.variable("ROS_PACKAGE_PATH")?.split(separator: ":").map(String.init) ?? []
    return try LoadedRobot(contentsOf: file, options: options, packagePaths: paths)
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
