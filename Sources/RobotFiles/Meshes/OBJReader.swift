import Physics

/// Reads the vertices and faces of OBJ files; polygons become fans of triangles, all else is skipped.
enum OBJReader {
  static func parse(_ bytes: [UInt8], file: String) throws(RobotFileError) -> Mesh {
    try parse(bytes.span, file: file)
  }

  private static func parse(_ bytes: Span<UInt8>, file: String) throws(RobotFileError) -> Mesh {
    var mesh = Mesh(vertices: [], triangles: [])
    var text = MeshText(file: file)
    repeat {
      guard let word = text.nextWord(bytes), word.count == 1 else { continue }
      switch bytes[word.lowerBound] {
      case UInt8(ascii: "v"):
        guard mesh.vertices.count < MeshFile.mostVertices else {
          throw RobotFileError("the mesh has more than \(MeshFile.mostVertices) vertices", file: file)
        }
        mesh.vertices.append(try text.point(bytes))
      case UInt8(ascii: "f"): try readFace(&text, bytes, &mesh)
      default: continue
      }
    } while text.skipLine(bytes)
    guard !mesh.triangles.isEmpty else { throw RobotFileError("the mesh has no faces", file: file) }
    return mesh
  }

  /// Faces of one or two vertices, which are about, have no triangle.
  private static func readFace(
    _ text: inout MeshText, _ bytes: Span<UInt8>, _ mesh: inout Mesh
  ) throws(RobotFileError) {
    var first: UInt32 = 0
    var last: UInt32 = 0
    var count = 0
    while let word = text.nextWord(bytes) {
      guard let corner = index(bytes, word, of: mesh.vertices.count) else {
        throw text.error("a face must name vertices that are above it in the file", bytes)
      }
      if count == 0 { first = corner }
      if count >= 2 {
        guard mesh.triangles.count < MeshFile.mostTriangles else { throw MeshFile.tooManyTriangles(text.file) }
        mesh.triangles.append(SIMD3(first, last, corner))
      }
      last = corner
      count += 1
    }
  }

  /// The vertex that a word such as `3`, `-1`, `3/5` or `3//7` names, from 0; nil where there is none.
  private static func index(_ bytes: Span<UInt8>, _ word: Range<Int>, of vertices: Int) -> UInt32? {
    var i = word.lowerBound
    let isFromEnd = bytes[i] == UInt8(ascii: "-")
    if isFromEnd { i += 1 }
    var value = 0
    while i < word.upperBound, (0x30...0x39).contains(bytes[i]) {
      value = min(value * 10 + Int(bytes[i] - 0x30), vertices + 1)
      i += 1
    }
    // Texture and normal do not matter here.
    guard i == word.upperBound || bytes[i] == UInt8(ascii: "/") else { return nil }
    guard (1...max(1, vertices)).contains(value), vertices > 0 else { return nil }
    return UInt32(isFromEnd ? vertices - value : value - 1)
  }
}
