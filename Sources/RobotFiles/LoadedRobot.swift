import Physics
import Robotics

/// A robot that was read from a file, with what was noticed on the way.
public struct LoadedRobot: Robot {
  public let name: String
  public let body: Link
  public let scenery: [Decoration]
  public let ignoredPairs: [(String, String)]
  public let physics: PhysicsSettings
  /// What was approximated, ignored, repaired or guessed, in the order in which it was met.
  public let warnings: [RobotFileWarning]
  /// What it is asked to do.
  public let task: DerivedTask
  /// Names of the links that walk; empty where there are none.
  public let feet: [String]
  /// Name of the link that reaches, and the point of it that does, in its frame; nil where the base is not fixed.
  public let hand: (link: String, tip: Vector3)?
  /// Height of the root's origin above the ground while the robot stands on it in its default pose, m.
  public let standingHeight: Double
  public let options: RobotFileOptions
  /// All files that it was read from, by the paths that were asked for; the first is the robot's own.
  package let files: [(path: String, bytes: [UInt8])]
  /// How the file draws the root: its own axes in those of the world, which are the root link's here.
  package let drawnRootOrientation: Quaternion
}

extension LoadedRobot {
  /// Reads a robot from a file, in whichever of the formats it is.
  ///
  /// - Parameters:
  ///   - path: of a URDF or MJCF file.
  ///   - packagePaths: folders that hold ROS packages, besides those above the file.
  /// - Throws: `RobotFileError` or `RobotError`, in one line.
  public init(contentsOf path: String, options: RobotFileOptions = .init(), packagePaths: [String] = []) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    try self.init(
      name, shownAs: path, from: RobotFolder(of: path, packages: options.packages, packagePaths: packagePaths),
      options: options)
  }

  /// Reads a robot from wherever its files are.
  ///
  /// - Parameters:
  ///   - name: of its file.
  ///   - path: of its file, for messages.
  package init(_ name: String, shownAs path: String, from files: some FileSource, options: RobotFileOptions) throws {
    let noted = NotedFiles(files)
    let bytes = try noted.bytes(of: name, askedBy: SourcePosition(file: path, line: 1, column: 1))
    try self.init(bytes, file: path, files: noted, options: options)
  }

  private init(_ bytes: [UInt8], file: String, files: NotedFiles, options: RobotFileOptions) throws {
    var warnings: [RobotFileWarning] = []
    let root = try XMLReader.parse(bytes, file: file, warnings: &warnings)
    var model: FileModel
    switch root.name {
    case "robot":
      var meshes = MeshShapes(files: files, ignoresMissing: options.ignoresMissingMeshes)
      model = try URDF.model(root, meshes: &meshes, options: options)
    case "mujoco": model = try MJCF.model(root, file: file, files: files)
    default:
      throw RobotFileError(
        "<\(excerpt(root.name))> is neither a URDF (<robot>) nor an MJCF (<mujoco>) document", at: root.position)
    }
    model.warnings = warnings + model.warnings
    model.saysBase = root.name == "mujoco"
    if options.baseOrientation != .zero, !model.bodies.isEmpty {
      let turn = options.baseOrientation
      model.bodies[0].pose.orientation =
        Quaternion(roll: turn.x, pitch: turn.y, yaw: turn.z) * model.bodies[0].pose.orientation
    }
    do {
      try self.init(model, options: options, files: files.all)
    } catch let error as RobotFileError {
      throw error
    } catch {
      throw RobotFileError("\(error)", at: model.position)
    }
  }
}
