import Physics
import RobotFiles
import Testing

@Suite struct MJCFIncludesTests {
  private static let main = "<mujoco><worldbody><body><joint/><include file='{}'/></body></worldbody></mujoco>"

  private static func error(_ files: [String: String], including file: String = "b.xml") -> String {
    MJCFText.error(main.replacing("{}", with: file), files: files)
  }

  @Test func whatAFileHoldsTakesThePlaceOfTheInclude() throws {
    let text =
      "<mujoco><include file='c.xml'/>" + Self.main.replacing("{}", with: "d/b.xml").dropFirst("<mujoco>".count)
    let model = try MJCFText.model(
      text,
      files: [
        "c.xml": "<mujoco><compiler angle='radian'/><option gravity='0 0 -5'/></mujoco>",
        "d/b.xml": "<mujocoinclude><geom size='1'/><include file='e.xml'/></mujocoinclude>",
        "d/e.xml": "<mujocoinclude><geom size='2'/></mujocoinclude>",
      ])
    #expect(model.gravity == Vector3(0, 0, -5))
    #expect(model.bodies[0].colliders.map(\.shape) == [.sphere(radius: 1), .sphere(radius: 2)])
  }

  /// As in MuJoCo, the main file's folder comes before that of the file that includes.
  @Test func pathsCountFromTheMainFilesFolderFirst() throws {
    let model = try MJCFText.model(
      Self.main.replacing("{}", with: "d/b.xml"),
      files: [
        "d/b.xml": "<mujocoinclude><include file='e.xml'/></mujocoinclude>",
        "e.xml": "<mujocoinclude><geom size='1'/></mujocoinclude>",
        "d/e.xml": "<mujocoinclude><geom size='2'/></mujocoinclude>",
      ])
    #expect(model.bodies[0].colliders.map(\.shape) == [.sphere(radius: 1)])
  }

  @Test func messagesNameTheIncludedFile() {
    #expect(
      Self.error(["b.xml": "<mujocoinclude>\n <geom sise='1'/></mujocoinclude>"])
        == "b.xml:2:8: <geom>: MJCF knows no attribute 'sise' here; did you mean 'size'?")
    #expect(Self.error(["b.xml": "<mujocoinclude>"]).hasPrefix("b.xml:1:"))
  }

  @Test func whatIncludesCannotDo() {
    let include = "a.xml:1:34: <include>: "
    #expect(Self.error([:]) == "a.xml:1:34: there is no file 'b.xml'")
    #expect(Self.error([:], including: "") == include + "'file' is missing")
    #expect(Self.error(["b.xml": "<mujoco/>"]) == include + "'b.xml' is empty")
    #expect(
      Self.error(["b.xml": "<secret word='x'><geom/></secret>"])
        == include + "'b.xml' is no MJCF: its root must be <mujoco> or <mujocoinclude>")
    #expect(
      Self.error(["b.xml": "<mujocoinclude><include file='b.xml'/></mujocoinclude>"])
        == "b.xml:1:16: <include>: 'b.xml' is already included; MJCF includes each file once")
  }

  @Test func depthAndNumberOfFilesAreBounded() {
    var chain: [String: String] = [:]
    for i in 0..<40 { chain["\(i)"] = "<mujocoinclude><include file='\(i + 1)'/></mujocoinclude>" }
    #expect(Self.error(chain, including: "0").hasSuffix("<include>: files may include each other 16 deep at most"))
    var many: [String: String] = [:]
    for i in 0..<70 { many["\(i)"] = "<mujocoinclude><geom size='1'/></mujocoinclude>" }
    many["b.xml"] =
      "<mujocoinclude>\((0..<70).map { "<include file='\($0)'/>" }.joined())</mujocoinclude>"
    #expect(Self.error(many).hasSuffix("<include>: a robot may include 64 files at most"))
  }

  @Test func includedElementsCountAsLevels() {
    var chain: [String: String] = [:]
    let (open, close) = (String(repeating: "<frame>", count: 200), String(repeating: "</frame>", count: 200))
    for i in 0..<3 { chain["\(i)"] = "<mujocoinclude>\(open)<include file='\(i + 1)'/>\(close)</mujocoinclude>" }
    #expect(Self.error(chain, including: "0").hasSuffix("<frame>: more than 256 levels of elements"))
  }
}
