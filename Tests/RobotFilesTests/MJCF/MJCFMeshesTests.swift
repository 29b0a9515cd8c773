import Physics
import RobotFiles
import Testing

@Suite struct MJCFMeshesTests {
  /// The corners of a box of 2 × 4 × 6 that begins at the origin.
  private static let corners = (0..<8).map { "\(2 * ($0 & 1)) \(2 * ($0 & 2)) \(3 * ($0 & 4) / 2)" }
  private static let object = corners.map { "v \($0)\n" }.joined() + "f 1 2 3\nf 4 5 6\n"

  private static func shape(
    _ mesh: String, geom: String = "type='mesh'", before: String = "", file: String = "box.obj"
  ) throws -> FileShape {
    let body = """
      <body><joint/><inertial pos='0 0 0' mass='1' diaginertia='1 1 1'/><geom \(geom) mesh='box'/></body>
      """
    let text = "<mujoco>\(before)<asset><mesh \(mesh)/></asset><worldbody>\(body)</worldbody></mujoco>"
    let model = try MJCFText.model(text, files: [file: object])
    return try #require(model.bodies.first?.colliders.first)
  }

  private static func check(_ found: FileShape, center: Vector3, size: Vector3) {
    // The edges may be in any order: the fit has axes of its own.
    guard case .box(let edges) = found.shape else {
      Issue.record("\(found.shape)")
      return
    }
    let turned = found.pose.orientation.act(on: edges)
    #expect(isClose(found.pose.position, center, within: 1e-9), "\(found)")
    #expect(isClose(Vector3(abs(turned.x), abs(turned.y), abs(turned.z)), size, within: 1e-9), "\(found)")
  }

  @Test func aMeshThatCollidesIsFitted() throws {
    let found = try Self.shape("file='box.obj'", geom: "type='mesh' pos='1 0 0' friction='.5' contype='2'")
    Self.check(found, center: Vector3(2, 2, 3), size: Vector3(2, 4, 6))
    #expect(found.friction == 0.5 && found.category == 2 && found.fit?.file == "box.obj")
    #expect(isClose(found.fit?.volumeRatio ?? 0, 1, within: 1e-9))
  }

  /// What MuJoCo makes of points: less `refpos`, turned back by `refquat`, then scaled.
  @Test func pointsAreMovedTurnedAndScaled() throws {
    Self.check(try Self.shape("file='box.obj' scale='2 1 -1'"), center: Vector3(2, 2, -3), size: Vector3(4, 4, 6))
    Self.check(
      try Self.shape("file='box.obj' refpos='1 0 0' scale='2 1 1'"), center: Vector3(0, 2, 3), size: Vector3(4, 4, 6))
    Self.check(
      try Self.shape("file='box.obj' refpos='1 0 0' refquat='1 0 0 1' scale='2 1 1'"), center: Vector3(4, 0, 3),
      size: Vector3(8, 2, 6))
    let scaled = "<default><mesh scale='.5 .5 .5'/></default>"
    Self.check(try Self.shape("file='box.obj'", before: scaled), center: Vector3(0.5, 1, 1.5), size: Vector3(1, 2, 3))
  }

  @Test func pointsMayBeInTheFileItself() throws {
    let vertices = Self.corners.joined(separator: " ")
    Self.check(
      try Self.shape("name='box' vertex='\(vertices)'"), center: Vector3(1, 2, 3), size: Vector3(2, 4, 6))
  }

  @Test func primitivesOfMeshesAreFittedTheSameWay() throws {
    Self.check(
      try Self.shape("file='box.obj'", geom: "type='capsule'"), center: Vector3(1, 2, 3), size: Vector3(2, 4, 6))
  }

  @Test(arguments: [
    ("file='box.obj'", "<compiler meshdir='d'/>", "d/box.obj"),
    ("file='box.obj'", "<compiler assetdir='d/'/>", "d/box.obj"),
    ("file='e/box.obj'", "<compiler assetdir='x' meshdir='d'/>", "d/e/box.obj"),
    ("file='e/box.obj'", "<compiler meshdir='d' strippath='true'/>", "d/box.obj"),
    ("name='box' file='e/other.obj'", "", "e/other.obj"),
  ])
  func foldersOfMeshesAreTheCompilers(_ mesh: String, _ compiler: String, _ file: String) throws {
    _ = try Self.shape(mesh, before: compiler, file: file)
  }

  @Test(arguments: [
    ("name='box' file='none.obj'", "a.xml:1:33: there is no file 'none.obj'"),
    ("name='other' file='box.obj'", "<geom>: there is no mesh 'box'"),
    ("name='box'", "<mesh name=\"box\">: 'file' or 'vertex' is missing"),
    ("name='box' vertex='1 2 3'", "<mesh name=\"box\">: 'vertex' must be twelve to 6000000 numbers, not '1 2 3'"),
    ("file='box.obj' refquat='0 0 0 0'", "<mesh>: 'refquat' must not be zero"),
    (
      "file='box.obj' scale='0 0 0'",
      "<mesh>: no shape fits the mesh: it needs four vertices and an extent of 1e-9 to 1e9 m"
    ),
  ])
  func meshesThatCannotBeAreRefused(_ mesh: String, _ text: String) {
    let error = #expect(throws: RobotFileError.self) { _ = try Self.shape(mesh, geom: "type='mesh' name=''") }
    let description = (error?.description ?? "").replacing("<geom name=\"\">", with: "<geom>")
    #expect(description.hasSuffix(text), "\(description)")
  }

  @Test func meshesOfOneNameAreRefused() {
    let meshes = "<asset><mesh file='a/b.obj'/><mesh file='b.stl'/></asset>"
    #expect(
      MJCFText.worldError("<body><joint/><geom size='1'/></body>", before: meshes)
        == "<mesh>: another mesh has the name 'b': a.xml:1:16")
  }
}
