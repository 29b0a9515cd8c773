import Environments
import Physics
import RobotFiles
import Testing

@Suite struct MeshFileTests {
  static let corners = [Vector3(0, 0, 0), Vector3(1, 0, 0), Vector3(0, 2, 0), Vector3(0, 0, 3)]
  static let faces = [(0, 2, 1), (0, 1, 3), (1, 2, 3), (2, 0, 3)]

  static let text =
    "solid a tetrahedron vertex\n"
    + faces.map { face in
      let vertices = [face.0, face.1, face.2].map { i in
        "\t\tvertex \(corners[i].x) \(corners[i].y)e0 \(corners[i].z)\r\n"
      }
      return "  facet normal 0 0 1\n    outer loop\n\(vertices.joined())    endloop\n  endfacet\n"
    }.joined() + "endsolid a\n"

  static let obj =
    "# a tetrahedron\nmtllib a.mtl\no a\n" + corners.map { "v \($0.x) \($0.y) \($0.z) 1.0\n" }.joined()
    + "vn 0 0 1\nf 1 3 2\nf 1/1 2/2/2 4//1\nf 2 3 4\nf -2 -4 -1\n"

  /// A binary STL file of the triangles, or of one that says it has another number of them.
  static func binary(count: Int? = nil, title: String = "title") -> [UInt8] {
    func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
    func point(_ v: Vector3) -> [UInt8] { (0..<3).flatMap { word(Float(v[$0]).bitPattern) } }
    var bytes = Array(title.utf8)
    bytes += [UInt8](repeating: 0x20, count: 80 - bytes.count) + word(UInt32(count ?? faces.count))
    for (a, b, c) in faces {
      bytes += point(.zero) + point(corners[a])
      bytes += point(corners[b]) + point(corners[c]) + [7, 7]
    }
    return bytes
  }

  private static func error(_ bytes: [UInt8], _ file: String) -> String {
    do {
      return "none: \(try MeshFile.parse(bytes, file: file).triangles.count)"
    } catch { return error.description }
  }

  private static func error(_ text: String, _ file: String) -> String { error(Array(text.utf8), file) }

  @Test func theSameMeshComesFromEveryFormat() throws {
    let meshes = [
      try MeshFile.parse(Self.binary(), file: "a.stl"),
      try MeshFile.parse(Self.binary(title: "solid"), file: "b/a.STL"),
      try MeshFile.parse(Array(Self.text.utf8), file: "a.stl"),
      try MeshFile.parse(Array(Self.text.uppercased().utf8), file: "a.stl"),
      try MeshFile.parse(Array(Self.obj.utf8), file: "a.Obj"),
    ]
    for mesh in meshes {
      let triangles: [[Vector3]] = mesh.triangles.map { t in (0..<3).map { mesh.vertices[Int(t[$0])] } }
      let wanted: [[Vector3]] = Self.faces.map { [Self.corners[$0.0], Self.corners[$0.1], Self.corners[$0.2]] }
      #expect(triangles == wanted)
    }
  }

  @Test func polygonsBecomeFansAndFacesWithoutAreaNone() throws {
    let square = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1 2\nf 1 2 3 4"
    let mesh = try MeshFile.parse(Array(square.utf8), file: "a.obj")
    #expect(mesh.triangles == [SIMD3(0, 1, 2), SIMD3(0, 2, 3)])
  }

  @Test(arguments: ["a.dae", "b.c/a.GLB", "a.stl.msh"]) func otherFormatsAreRefused(file: String) {
    let ending = file.split(separator: ".").last?.lowercased() ?? ""
    #expect(
      Self.error("", file)
        == "\(file): meshes are read from STL and OBJ files, not from '\(ending)'; convert it, or give the link a primitive collider"
    )
  }

  @Test func aNameWithoutAnEndingIsRefused() {
    #expect(
      Self.error("", "b.stl/mesh").hasPrefix("b.stl/mesh: meshes are read from STL and OBJ files, not from files"))
  }

  @Test func liesAboutTheNumberOfTrianglesAreFound() {
    #expect(
      Self.error(Self.binary(count: 5), "a.stl") == "a.stl: the file is shorter than its number of triangles says")
    #expect(Self.error(Self.binary(count: 4_000_000), "a.stl").hasSuffix("shorter than its number of triangles says"))
    #expect(Self.error(Self.binary(count: 0xFFFF_FFFF), "a.stl") == "a.stl: the mesh has more than 4000000 triangles")
    #expect(Self.error(Self.binary(count: 0), "a.stl") == "a.stl: the mesh has no triangles")
    #expect(Self.error(Self.binary(count: 3), "a.stl") == "none: 3")
    #expect(Self.error(Array(Self.binary().dropLast()), "a.stl").hasSuffix("shorter than its number of triangles says"))
    #expect(
      Self.error(Array(Self.binary().prefix(83)), "a.stl") == "a.stl: the file is too short for a binary STL file")
    #expect(Self.error([], "a.stl") == "a.stl: the file is too short for a binary STL file")
  }

  @Test(arguments: [Float.nan, .infinity, -2e9, .greatestFiniteMagnitude])
  func impossibleCoordinatesAreRefused(value: Float) {
    var bytes = Self.binary()
    let at = 84 + 50 + 12 + 4
    for i in 0..<4 { bytes[at + i] = UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32(i))) }
    let message = "a.stl: a vertex of triangle 2 is not finite, or farther out than 1e9"
    #expect(Self.error(bytes, "a.stl") == message)
  }

  @Test(arguments: [
    ("solid\nfacet\nouter loop\nvertex 0 0\n", "a.stl:4:11: a vertex must have three finite numbers"),
    ("solid\nfacet\nvertex 0 nan 0\n", "a.stl:3:10: a vertex must have three finite numbers"),
    ("solid\nfacet\nvertex 0 1e999 0\n", "a.stl:3:10: a vertex must have three finite numbers"),
    ("solid\nfacet\nvertex 0 0 1e308\n", "a.stl:3:12: a vertex is farther out than 1e9"),
    ("solid\nvertex 0 0 0\n", "a.stl:2:1: this line cannot follow the ones before it in an STL file"),
    ("solid\nfacet\nendfacet\n", "a.stl:3:1: this line cannot follow the ones before it in an STL file"),
    ("solid\nsecret\n", "a.stl:2:1: this line cannot follow the ones before it in an STL file"),
    ("solid\nendloop\n", "a.stl:2:1: this loop is in no facet"),
    ("solid\nendsolid", "a.stl: the mesh has no triangles"),
    ("solid\nfacet\nvertex 0 0 0", "a.stl: the file ends before its solid: 'endsolid' is missing"),
  ]) func brokenTextIsRefused(text: String, message: String) {
    #expect(Self.error(text, "a.stl") == message)
  }

  @Test(arguments: [
    ("v 0 0 0\n v 0 0 x", "a.obj:2:8: a vertex must have three finite numbers"),
    ("v 0 0\n0", "a.obj:1:6: a vertex must have three finite numbers"),
    ("v 0 0 0\nf 1 1 2", "a.obj:2:7: a face must name vertices that are above it in the file"),
    ("v 0 0 0\nf 1 1 0", "a.obj:2:7: a face must name vertices that are above it in the file"),
    ("v 0 0 0\nf 1 -2 1", "a.obj:2:5: a face must name vertices that are above it in the file"),
    ("v 0 0 0\nf 99999999999999999999 1 1", "a.obj:2:3: a face must name vertices that are above it in the file"),
    ("f 1 1 1", "a.obj:1:3: a face must name vertices that are above it in the file"),
    ("v 0 0 0\nf secret", "a.obj:2:3: a face must name vertices that are above it in the file"),
    ("v 0 0 0\n", "a.obj: the mesh has no faces"),
    ("", "a.obj: the mesh has no faces"),
  ]) func brokenOBJIsRefused(text: String, message: String) {
    #expect(Self.error(text, "a.obj") == message)
  }

  @Test func aMeshBecomesAShapeWithItsFit() throws {
    let place = SourcePosition(file: "a.urdf", line: 3, column: 5)
    let shape = try FileShape(
      fitting: Self.binary(), of: "m/a.stl", scale: Vector3(1, -1, 2), askedBy: place)
    #expect(shape.fit?.file == "m/a.stl" && shape.fit.map { $0.volumeRatio >= 1 && $0.volumeRatio < 6.1 } == true)
    #expect(shape.pose.act(on: .zero).y < 0)
    #expect(
      throws: RobotFileError(
        "no shape fits the mesh 'a.stl': it needs four vertices and an extent of 1e-9 to 1e9 m", at: place)
    ) {
      try FileShape(fitting: Self.binary(), of: "a.stl", scale: .zero, askedBy: place)
    }
    #expect(throws: RobotFileError("the mesh has no faces", file: "a\\u{A}.obj")) {
      try FileShape(fitting: [], of: "a\n.obj", scale: .zero, askedBy: place)
    }
  }

  @Test(arguments: 0..<3) func damagedMeshesAreReadOrRefused(format: Int) {
    let original = [Self.binary(), Array(Self.text.utf8), Array(Self.obj.utf8)][format]
    let file = ["a.stl", "a.stl", "a.obj"][format]
    let fragments = [
      "f 1 2 3\n", "v 1e9 0 0\n", "vertex 1 1 1\n", "endfacet\n", "nan", "-", "1e308", "\n", "/", "solid\n",
    ]
    var random = Random(seed: 3, stream: UInt64(format))
    var survived = 0
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0...random.index(below: 3) {
        let at = random.index(below: bytes.count + 1)
        let end = min(bytes.count, at + random.index(below: 30))
        switch random.index(below: 5) {
        case 0: bytes.removeSubrange(at..<end)
        case 1: if at < bytes.count { bytes[at] = UInt8(truncatingIfNeeded: random.next()) }
        case 2: bytes.insert(contentsOf: Array(bytes[at..<end]), at: at)
        case 3: bytes.insert(contentsOf: Array(fragments[random.index(below: fragments.count)].utf8), at: at)
        default: bytes.removeLast(min(bytes.count, random.index(below: 100)))
        }
      }
      do {
        let mesh = try MeshFile.parse(bytes, file: file)
        survived += 1
        #expect(mesh.vertices.allSatisfy { $0.isFinite })
        #expect(mesh.triangles.allSatisfy { Int($0.max()) < mesh.vertices.count })
        if let fit = PrimitiveFit.fit(mesh.vertices, scale: Vector3(1, -1, 1)) {
          #expect(fit.shape.volume > 0 && fit.shape.volume.isFinite && fit.pose.isFinite && fit.ratio > 0)
        }
      } catch {
        #expect(error.description.hasPrefix(file + ":") && !error.description.contains { $0.isNewline })
      }
    }
    #expect(survived > 20 && survived < 1500)
  }
}
