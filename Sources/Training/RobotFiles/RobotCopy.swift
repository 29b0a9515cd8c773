import RobotFiles
import Robotics
import Storage

/// The files of a robot and what was chosen for it, as a run directory keeps them: the robot can be made again where the
/// files themselves are gone.
struct RobotCopy {
  /// Bytes that a copy may have.
  static let limit = 1 << 30

  private var file = TensorFile()

  /// - Parameters:
  ///   - path: of the robot's file, for messages.
  ///   - sidecar: the sidecar's text.
  init(_ robot: LoadedRobot, file path: String, sidecar: [UInt8]?, task: String?, base: String?) {
    file.metadata["path"] = path
    file.metadata["name"] = robot.files.first?.path ?? path
    file.metadata["task"] = task
    file.metadata["base"] = base
    if let sidecar { file.set("sidecar", .uint8(sidecar)) }
    for (path, bytes) in robot.files { file.set("file/\(path)", .uint8(bytes)) }
  }

  init(decoding bytes: [UInt8]) throws { file = try TensorFile(decoding: bytes) }

  func encoded() -> [UInt8] { file.encoded() }

  /// The robot with its task, as it was when the copy was made.
  func entry() throws -> Catalog.Entry {
    var options = file.tensors["sidecar"] == nil ? RobotFileOptions() : try Sidecar.parse(file.bytes("sidecar")).options
    try RobotSource.apply(file.metadata["task"], file.metadata["base"], to: &options)
    var contents: [String: [UInt8]] = [:]
    for name in file.tensors.keys where name.hasPrefix("file/") {
      contents[String(name.dropFirst("file/".count))] = try file.bytes(name)
    }
    let robot = try LoadedRobot(
      file.text("name"), shownAs: file.text("path"), from: KeptFiles(contents), options: options)
    var entry = try robot.entry()
    entry.robotCopy = encoded()
    return entry
  }
}
