import Environments
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
      let name = element.nonEmpty("name") ?? element["file"].map(FilePath.stem(of:)) ?? ""
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

  /// The shape that stands for a mesh: for its points less `refpos`, turned back by `refquat` and scaled.
  private func fit(_ asset: Asset) throws(RobotFileError) -> FileShape {
    let element = asset.element
    var (name, points) = (element["name"] ?? "mesh", [Vector3]())
    if let file = element.nonEmpty("file") {
      name = compiler.meshPath(file)
      let bytes = try files.bytes(of: name, askedBy: element.attribute("file")?.position ?? element.position)
      points = try MeshFile.parse(bytes, file: printable(name)).vertices
    } else {
      points = try vertices(element)
    }
    let origin = try element.vector("refpos") ?? .zero
    let back = try turn(element).conjugate
    if origin != .zero || back != .identity { points = points.map { back.act(on: $0 - origin) } }
    guard let fit = PrimitiveFit.fit(points, scale: asset.scale) else {
      throw element.error("no shape fits the mesh: it needs four vertices and an extent of 1e-9 to 1e9 m")
    }
    var result = FileShape(fit.shape, pose: fit.pose)
    result.fit = MeshFit(file: name, volumeRatio: fit.ratio)
    return result
  }

  /// The points of a mesh that the robot's file holds.
  private func vertices(_ element: XMLElement) throws(RobotFileError) -> [Vector3] {
    guard let numbers = try element.numbers("vertex", counts: 12...3 * MeshFile.mostVertices) else {
      throw element.error("'file' or 'vertex' is missing")
    }
    guard numbers.count.isMultiple(of: 3) else {
      throw element.error("'vertex' must be three numbers a point", attribute: "vertex")
    }
    return stride(from: 0, to: numbers.count, by: 3).map { Vector3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2]) }
  }

  private func turn(_ element: XMLElement) throws(RobotFileError) -> Quaternion {
    guard let q = try element.numbers("refquat", count: 4) else { return .identity }
    let greatest = q.reduce(0) { max($0, abs($1)) }
    guard greatest > 0 else { throw element.error("'refquat' must not be zero", attribute: "refquat") }
    return Quaternion(w: q[0] / greatest, x: q[1] / greatest, y: q[2] / greatest, z: q[3] / greatest).normalized
  }
}
