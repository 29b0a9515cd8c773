import Physics
import RobotFiles
import Robotics

/// Small robots in URDF.
enum URDFText {
  static let inertial =
    #"<inertial><mass value="1"/><inertia ixx=".1" iyy=".1" izz=".1" ixy="0" ixz="0" iyz="0"/></inertial>"#

  static func link(_ name: String, _ content: String = inertial) -> String {
    "<link name=\"\(name)\">\(content)</link>"
  }

  static func joint(
    _ name: String, _ type: String, _ parent: String, _ child: String,
    _ content: String = #"<axis xyz="0 1 0"/><limit lower="-1" upper="1" effort="10" velocity="5"/>"#
  ) -> String {
    "<joint name=\"\(name)\" type=\"\(type)\"><parent link=\"\(parent)\"/><child link=\"\(child)\"/>\(content)</joint>"
  }

  static func robot(_ content: String) -> String { "<robot name=\"toy\">\(content)</robot>" }

  /// What the document says.
  static func model(
    _ content: String, _ files: [String: [UInt8]] = [:], _ options: RobotFileOptions = .init()
  ) throws -> FileModel {
    var warnings: [RobotFileWarning] = []
    let root = try XMLReader.parse(Array(robot(content).utf8), file: "toy.urdf", warnings: &warnings)
    var meshes = MeshShapes(files: KeptFiles(files), ignoresMissing: options.ignoresMissingMeshes)
    return try URDF.model(root, meshes: &meshes, options: options)
  }

  /// The robot that the document becomes.
  static func loaded(
    _ content: String, _ change: (inout RobotFileOptions) throws -> Void = { _ in }
  ) throws -> LoadedRobot {
    var options = RobotFileOptions()
    try change(&options)
    return try LoadedRobot(
      "toy.urdf", shownAs: "toy.urdf", from: KeptFiles(["toy.urdf": Array(robot(content).utf8)]), options: options)
  }

  /// The reason why the document is refused.
  static func refusal(_ content: String, _ change: (inout RobotFileOptions) throws -> Void = { _ in }) -> String? {
    do {
      _ = try loaded(content, change)
      return nil
    } catch { return "\(error)" }
  }
}
