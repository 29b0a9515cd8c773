import Physics
import RobotFiles
import Testing

/// MJCF as text in tests.
enum MJCFText {
  struct Files: FileSource {
    var texts: [String: String] = [:]

    func bytes(of path: String, askedBy position: SourcePosition) throws(RobotFileError) -> [UInt8] {
      guard let text = texts[path] else { throw RobotFileError("there is no file '\(path)'", at: position) }
      return Array(text.utf8)
    }
  }

  static func model(_ text: String, files: [String: String] = [:]) throws -> FileModel {
    var warnings: [RobotFileWarning] = []
    let root = try XMLReader.parse(Array(text.utf8), file: "a.xml", warnings: &warnings)
    return try MJCF.model(root, file: "a.xml", files: Files(texts: files))
  }

  /// The model of what a world holds, after and before other sections.
  static func world(_ world: String, before: String = "", after: String = "") throws -> FileModel {
    try model("<mujoco>\(before)<worldbody>\(world)</worldbody>\(after)</mujoco>")
  }

  /// The only body of a model, which turns about z and holds `content`.
  static func body(_ content: String, before: String = "") throws -> FileBody {
    let model = try world("<body name=\"b\"><joint name=\"j\"/>\(content)</body>", before: before)
    return try #require(model.bodies.first)
  }

  /// What a file is refused with; `none` where it is not.
  static func error(_ text: String, files: [String: String] = [:]) -> String {
    do {
      _ = try model(text, files: files)
      return "none"
    } catch { return String(describing: error) }
  }

  /// What a world is refused with, without the place.
  static func worldError(_ world: String, before: String = "", after: String = "") -> String {
    let text = error("<mujoco>\(before)<worldbody>\(world)</worldbody>\(after)</mujoco>")
    return text.split(separator: " ", maxSplits: 1).last.map(String.init) ?? text
  }
}

func isClose(_ a: Double, _ b: Double, within tolerance: Double = 1e-12) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}

func isClose(_ a: Vector3, _ b: Vector3, within tolerance: Double = 1e-12) -> Bool {
  isClose(a.x, b.x, within: tolerance) && isClose(a.y, b.y, within: tolerance) && isClose(a.z, b.z, within: tolerance)
}

/// Whether two quaternions are one rotation.
func isClose(_ a: Quaternion, _ b: Quaternion, within tolerance: Double = 1e-12) -> Bool {
  [Vector3.unitX, .unitY, .unitZ].allSatisfy { isClose(a.act(on: $0), b.act(on: $0), within: tolerance) }
}
