import Physics

/// The meshes of an MJCF and the shapes that stand for them.
struct MJCFMeshes {
  private struct Asset {
    let element: XMLElement
    let scale: Vector3
  }

  private let compiler: MJCFCompiler
  private let files: any FileSource
  private var assets: [String: Asset] = [:]

  init(
    _ root: XMLElement, _ compiler: MJCFCompiler, _ defaults: MJCFDefaults, files: any FileSource
  ) throws(RobotFileError) {
    self.compiler = compiler
    self.files = files
    for element in root.all("asset").flatMap({ $0.all("mesh") }) {
      let name = element.nonEmpty("name") ?? element["file"].map(Self.stem) ?? ""
      let values = try defaults.values(for: element, childclass: nil)
      assets[name] = Asset(element: element, scale: try element.vector("scale") ?? values.meshScale)
    }
  }

  /// The shape that stands for a mesh.
  ///
  /// - Parameters:
  ///   - shape: all but the shape itself; its pose is the mesh's.
  ///   - element: the geom.
  func fitted(_ name: String, like shape: FileShape, _ element: XMLElement) throws(RobotFileError) -> FileShape {
    guard let asset = assets[name] else {
      throw element.error("there is no mesh '\(excerpt(name))'", attribute: "mesh")
    }
    throw asset.element.error("meshes that collide are not supported yet")
  }

  /// The name of a file without folders and extension.
  private static func stem(_ path: String) -> String {
    let name = FilePath.name(of: path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}
