import Physics

/// The shapes of a URDF document's `collision` and `visual` elements; meshes are replaced by the primitives that fit them
/// best.
package struct MeshShapes {
  private let files: any FileSource
  private let ignoresMissing: Bool
  private var warnings: [RobotFileWarning] = []
  /// Meshes that were fitted already, by name and scale.
  private var fits: [String: FileShape] = [:]

  package init(files: some FileSource, ignoresMissing: Bool = false) {
    self.files = files
    self.ignoresMissing = ignoresMissing
  }

  /// What has been noticed since the last call.
  mutating func takeWarnings() -> [RobotFileWarning] {
    defer { warnings = [] }
    return warnings
  }

  /// The shape of an element with a `geometry`; nil for what only looks and is a mesh.
  mutating func shape(of element: XMLElement, collides: Bool) throws(RobotFileError) -> FileShape? {
    guard let geometry = element.first("geometry"), let form = geometry.children.first else {
      guard collides else { return nil }
      throw element.error("<geometry> with a box, cylinder, sphere, capsule or mesh is missing")
    }
    let origin = try element.origin
    let shape: Shape
    switch form.name {
    case "box": shape = .box(size: try vector("size", of: form))
    case "sphere": shape = .sphere(radius: try length("radius", of: form))
    case "cylinder":
      shape = .cylinder(radius: try length("radius", of: form), length: try length("length", of: form))
    case "capsule":
      shape = .capsule(radius: try length("radius", of: form), length: try length("length", of: form))
    case "mesh":
      guard collides, var fitted = try mesh(form) else { return nil }
      fitted.pose = origin * fitted.pose
      return fitted
    default:
      throw form.error("this shape is not known; box, cylinder, sphere, capsule and mesh are")
    }
    return FileShape(shape, pose: origin)
  }

  private func length(_ name: String, of form: XMLElement) throws(RobotFileError) -> Double {
    guard let value = try form.number(name) else { throw form.error("'\(name)' is missing") }
    guard value > 0 else { throw form.error("'\(name)' must be above 0, not \(value)", attribute: name) }
    return value
  }

  private func vector(_ name: String, of form: XMLElement) throws(RobotFileError) -> Vector3 {
    guard let value = try form.vector(name) else { throw form.error("'\(name)' is missing") }
    guard value.x > 0, value.y > 0, value.z > 0 else {
      throw form.error("'\(name)' must be three numbers above 0, not \(value.x) \(value.y) \(value.z)", attribute: name)
    }
    return value
  }

  private mutating func mesh(_ form: XMLElement) throws(RobotFileError) -> FileShape? {
    guard let name = form["filename"], !name.isEmpty else { throw form.error("'filename' is missing") }
    let scale = try form.vector("scale") ?? Vector3(repeating: 1)
    let key = "\(name) \(scale)"
    if let known = fits[key] { return known }
    let position = form.attribute("filename")?.position ?? form.position
    let bytes: [UInt8]
    do throws(RobotFileError) { bytes = try files.bytes(of: name, askedBy: position) } catch {
      guard ignoresMissing else { throw error }
      warnings.append(RobotFileWarning("\(form.tag): the mesh cannot be read, so the shape is left out", at: position))
      return nil
    }
    let shape = try FileShape(fitting: bytes, of: name, scale: scale, askedBy: position)
    fits[key] = shape
    return shape
  }
}
