import Physics

/// A surface of triangles.
package struct Mesh: Sendable, Equatable {
  package var vertices: [Vector3]
  /// Indices of `vertices`, counterclockwise as seen from outside where the file keeps to that.
  package var triangles: [SIMD3<UInt32>]

  package init(vertices: [Vector3], triangles: [SIMD3<UInt32>]) {
    self.vertices = vertices
    self.triangles = triangles
  }
}

/// Reads meshes: STL, binary or text, and OBJ. Its errors quote nothing of the file.
package enum MeshFile {
  /// Bytes of a file.
  package static let longestFile = 64 << 20
  package static let mostTriangles = 4_000_000
  /// Of an OBJ file.
  package static let mostVertices = 2_000_000
  /// Coordinates beyond it cannot be a robot's, in whatever unit.
  static let greatestCoordinate = 1e9

  /// What a file's name says about what it holds.
  private enum Format {
    case stl, obj

    init(_ file: String) throws(RobotFileError) {
      let name = file.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
      let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
      switch ending {
      case "stl": self = .stl
      case "obj": self = .obj
      default:
        let what = ending.isEmpty ? "files without an ending" : "'\(excerpt(ending))'"
        throw RobotFileError(
          "meshes are read from STL and OBJ files, not from \(what); convert it, or give the link a primitive collider",
          file: file)
      }
    }
  }

  /// The mesh that `bytes` hold.
  ///
  /// - Parameter file: its name as in messages, whose ending says in which format it is.
  package static func parse(_ bytes: [UInt8], file: String) throws(RobotFileError) -> Mesh {
    let format = try Format(file)
    guard bytes.count <= longestFile else {
      throw RobotFileError("the mesh is longer than \(longestFile >> 20) MiB", file: file)
    }
    return switch format {
    case .stl: try STLReader.parse(bytes, file: file)
    case .obj: try OBJReader.parse(bytes, file: file)
    }
  }

  static func tooManyTriangles(_ file: String) -> RobotFileError {
    RobotFileError("the mesh has more than \(mostTriangles) triangles", file: file)
  }

  /// Whether a point can be one of a mesh.
  static func isPossible(_ point: Vector3) -> Bool {
    // Comparisons with what is not a number are false.
    abs(point.x) <= greatestCoordinate && abs(point.y) <= greatestCoordinate && abs(point.z) <= greatestCoordinate
  }
}

/// Goes through the lines of a mesh in text.
struct MeshText {
  let file: String
  private var offset = 0
  /// Where the last word begins.
  private var place = 0

  init(file: String) { self.file = file }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  /// The next word of the line; nil at its end.
  mutating func nextWord(_ bytes: Span<UInt8>) -> Range<Int>? {
    while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    place = offset
    while offset < bytes.count, bytes[offset] != 0x0A, !Self.isBlank(bytes[offset]) { offset += 1 }
    return place < offset ? place..<offset : nil
  }

  /// Goes to the next line; false at the end of the text.
  mutating func skipLine(_ bytes: Span<UInt8>) -> Bool {
    while offset < bytes.count {
      offset += 1
      if bytes[offset - 1] == 0x0A { return offset < bytes.count }
    }
    return false
  }

  /// The point that the next three words of the line spell.
  mutating func point(_ bytes: Span<UInt8>) throws(RobotFileError) -> Vector3 {
    var point = Vector3.zero
    for i in 0..<3 {
      guard let word = nextWord(bytes), let value = DecimalNumber.value(bytes, word) else {
        throw error("a vertex must have three finite numbers", bytes)
      }
      point[i] = value
    }
    guard MeshFile.isPossible(point) else { throw error("a vertex is farther out than 1e9", bytes) }
    return point
  }

  /// Whether a word is `text`, which is in small letters; the word's own may be capitals.
  static func isEqual(_ word: Range<Int>, _ text: String, _ bytes: Span<UInt8>) -> Bool {
    guard word.count == text.utf8.count else { return false }
    var i = word.lowerBound
    for byte in text.utf8 {
      guard bytes[i] | 0x20 == byte else { return false }
      i += 1
    }
    return true
  }

  /// An error at the last word.
  func error(_ text: String, _ bytes: Span<UInt8>) -> RobotFileError {
    var line = 1
    var start = 0
    for i in 0..<place where bytes[i] == 0x0A {
      line += 1
      start = i + 1
    }
    return RobotFileError(text, at: SourcePosition(file: file, line: line, column: place - start + 1))
  }
}
