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
  /// Shapes in the frames of their meshes, by the meshes' names.
  private var fits: [String: FileShape] = [:]

  init(
    _ root: XMLElement, _ compiler: MJCFCompiler, _ defaults: MJCFDefaults, files: any FileSource
  ) throws(RobotFileError) {
    self.compiler = compiler
    self.files = files
    for element in root.all("asset").flatMap({ $0.all("mesh") }) {
      let name = element.nonEmpty("name") ?? element["file"].map(Self.stem) ?? ""
      let values = try defaults.values(for: element, childclass: nil)
      let asset = Asset(element: element, scale: try element.vector("scale") ?? values.meshScale)
      if let other = assets.updateValue(asset, forKey: name) {
        throw element.error("another mesh has the name '\(excerpt(name))': \(other.element.position)")
      }
    }
  }

  /// The shape that stands for a mesh.
  ///
  /// - Parameters:
  ///   - shape: all but the shape itself; its pose is the mesh's.
  ///   - element: the geom.
  mutating func fitted(_ name: String, like shape: FileShape, _ element: XMLElement) throws(RobotFileError) -> FileShape
  {
    guard let asset = assets[name] else {
      throw element.error("there is no mesh '\(excerpt(name))'", attribute: "mesh")
    }
    let fit: FileShape
    if let known = fits[name] {
      fit = known
    } else {
      fit = try self.fit(asset)
      fits[name] = fit
    }
    var result = shape
    result.shape = fit.shape
    result.pose = shape.pose * fit.pose
    result.fit = fit.fit
    return result
  }

  /// The shape that stands for a mesh, in its frame: the points of the file less `refpos`, turned back by `refquat`, scaled.
  private func fit(_ asset: Asset) throws(RobotFileError) -> FileShape {
    let (element, scale) = (asset.element, asset.scale)
    guard let file = element.nonEmpty("file") else {
      throw element.error("only meshes of files can collide; 'file' is missing")
    }
    let position = element.attribute("file")?.position ?? element.position
    let path = compiler.meshPath(file)
    let bytes = try files.bytes(of: path, askedBy: position)
    var result = try FileShape(fitting: bytes, of: path, scale: scale, askedBy: position)
    let origin = try element.vector("refpos") ?? .zero
    let turn = try turn(element)
    guard turn == .identity || scale.x == scale.y && scale.y == scale.z else {
      throw element.error("'refquat' with a 'scale' that is not the same in all directions is not supported")
    }
    let back = turn.conjugate
    result.pose = Pose(position: -back.act(on: scale * origin), orientation: back) * result.pose
    return result
  }

  private func turn(_ element: XMLElement) throws(RobotFileError) -> Quaternion {
    guard let q = try element.numbers("refquat", count: 4) else { return .identity }
    let greatest = q.reduce(0) { max($0, abs($1)) }
    guard greatest > 0 else { throw element.error("'refquat' must not be zero", attribute: "refquat") }
    return Quaternion(w: q[0] / greatest, x: q[1] / greatest, y: q[2] / greatest, z: q[3] / greatest).normalized
  }

  /// The name of a file without folders and extension.
  private static func stem(_ path: String) -> String {
    let name = FilePath.name(of: path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}
