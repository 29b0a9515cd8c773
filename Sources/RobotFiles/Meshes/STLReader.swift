import Physics

/// Reads STL files, binary and text.
enum STLReader {
  /// Bytes before the triangles of a binary file: a title and their number.
  private static let head = 84
  /// Bytes of a triangle: a normal, three corners, two bytes of whatever.
  private static let stride = 50

  static func parse(_ bytes: [UInt8], file: String) throws(RobotFileError) -> Mesh {
    isText(bytes.span) ? try text(bytes.span, file: file) : try binary(bytes.span, file: file)
  }

  /// Titles of binary files may begin with "solid" too, so the length decides first.
  private static func isText(_ bytes: Span<UInt8>) -> Bool {
    if bytes.count >= head, bytes.count == head + stride * Int(word(bytes, at: 80)) { return false }
    var text = MeshText(file: "")
    guard let first = text.nextWord(bytes), MeshText.isEqual(first, "solid", bytes) else { return false }
    for i in 0..<min(bytes.count, 512) where bytes[i] == 0 { return false }
    return true
  }

  private static func word(_ bytes: Span<UInt8>, at i: Int) -> UInt32 {
    UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8 | UInt32(bytes[i + 2]) << 16 | UInt32(bytes[i + 3]) << 24
  }

  private static func binary(_ bytes: Span<UInt8>, file: String) throws(RobotFileError) -> Mesh {
    guard bytes.count >= head else { throw RobotFileError("the file is too short for a binary STL file", file: file) }
    let count = Int(word(bytes, at: 80))
    guard count <= MeshFile.mostTriangles else { throw MeshFile.tooManyTriangles(file) }
    guard count * stride <= bytes.count - head else {
      throw RobotFileError("the file is shorter than its number of triangles says", file: file)
    }
    guard count > 0 else { throw RobotFileError("the mesh has no triangles", file: file) }
    var mesh = Mesh(vertices: [], triangles: [])
    mesh.vertices.reserveCapacity(3 * count)
    mesh.triangles.reserveCapacity(count)
    for triangle in 0..<count {
      // The normal comes first; it follows from the corners.
      var at = head + stride * triangle + 12
      for _ in 0..<3 {
        let point = Vector3(
          Double(Float(bitPattern: word(bytes, at: at))), Double(Float(bitPattern: word(bytes, at: at + 4))),
          Double(Float(bitPattern: word(bytes, at: at + 8))))
        guard MeshFile.isPossible(point) else {
          throw RobotFileError(
            "a vertex of triangle \(triangle + 1) is not finite, or farther out than 1e9", file: file)
        }
        mesh.vertices.append(point)
        at += 12
      }
      let first = UInt32(3 * triangle)
      mesh.triangles.append(SIMD3(first, first + 1, first + 2))
    }
    return mesh
  }

  private static func text(_ bytes: Span<UInt8>, file: String) throws(RobotFileError) -> Mesh {
    var mesh = Mesh(vertices: [], triangles: [])
    var text = MeshText(file: file)
    /// Corners of the open facet; nil between facets.
    var corners: Int?
    var isOpen = false
    repeat {
      guard let word = text.nextWord(bytes) else { continue }
      if MeshText.isEqual(word, "vertex", bytes), let count = corners, count < 3 {
        mesh.vertices.append(try text.point(bytes))
        corners = count + 1
      } else if MeshText.isEqual(word, "outer", bytes) || MeshText.isEqual(word, "endloop", bytes) {
        guard corners != nil else { throw text.error("this loop is in no facet", bytes) }
      } else if MeshText.isEqual(word, "facet", bytes), isOpen, corners == nil {
        corners = 0
      } else if MeshText.isEqual(word, "endfacet", bytes), corners == 3 {
        guard mesh.triangles.count < MeshFile.mostTriangles else { throw MeshFile.tooManyTriangles(file) }
        let first = UInt32(mesh.vertices.count - 3)
        mesh.triangles.append(SIMD3(first, first + 1, first + 2))
        corners = nil
      } else if MeshText.isEqual(word, "solid", bytes), !isOpen {
        isOpen = true
      } else if MeshText.isEqual(word, "endsolid", bytes), isOpen, corners == nil {
        isOpen = false
      } else {
        throw text.error("this line cannot follow the ones before it in an STL file", bytes)
      }
    } while text.skipLine(bytes)
    guard !isOpen else { throw RobotFileError("the file ends before its solid: 'endsolid' is missing", file: file) }
    guard !mesh.triangles.isEmpty else { throw RobotFileError("the mesh has no triangles", file: file) }
    return mesh
  }
}
