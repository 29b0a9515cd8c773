import Physics
import RobotFiles
import Testing

@Suite struct MJCFOrientationTests {
  private static func orientation(_ attributes: String, before: String = "") throws -> Quaternion {
    let body = try MJCFText.body("<geom type=\"box\" size=\".1 .2 .3\" \(attributes)/>", before: before)
    return try #require(body.colliders.first).pose.orientation
  }

  /// The right sides are what MuJoCo makes of the attributes.
  @Test(arguments: [
    ("", [1, 0, 0, 0]),
    ("quat='1 2 3 4'", [0.18257418583505536, 0.3651483716701107, 0.5477225575051661, 0.7302967433402214]),
    ("axisangle='1 2 3 40'", [0.9396926207859084, 0.0914087282642836, 0.1828174565285672, 0.2742261847928508]),
    ("euler='10 20 30'", [0.943714364147489, 0.12767944069578063, 0.14487812541736914, 0.2685358227515692]),
    ("xyaxes='1 2 3 4 5 7'", [-0.43593826658006146, 0.6660243604308957, 0.5567385631794973, 0.23751116039592]),
    ("zaxis='1 2 -3'", [0.31481444873347764, -0.8489484615068863, 0.42447423075344315, 0]),
    ("zaxis='0 0 -1'", [0, 1, 0, 0]),
    ("fromto='0 0 0 1 2 3'", [0.31481444873347764, 0.8489484615068863, -0.42447423075344315, 0]),
  ])
  func allWaysToTurn(_ attributes: String, _ q: [Double]) throws {
    let found = try Self.orientation(attributes)
    #expect(isClose(found, Quaternion(w: q[0], x: q[1], y: q[2], z: q[3])), "\(attributes): \(found)")
    #expect(isClose(found.norm, 1))
  }

  /// The right sides are what MuJoCo makes of the sequences.
  @Test(arguments: [
    ("xyz", [0.943714364147489, 0.12767944069578063, 0.14487812541736914, 0.2685358227515692]),
    ("XYZ", [0.9515485246437885, 0.03813457647485015, 0.18930785741199999, 0.2392983377447303]),
    ("zyx", [0.9515485246437885, 0.2392983377447303, 0.18930785741199999, 0.03813457647485015]),
    ("xYz", [0.9515485246437885, 0.12767944069578063, 0.14487812541736914, 0.2392983377447303]),
  ])
  func eulerAnglesFollowTheSequence(_ sequence: String, _ q: [Double]) throws {
    let found = try Self.orientation("euler='10 20 30'", before: "<compiler eulerseq='\(sequence)'/>")
    #expect(isClose(found, Quaternion(w: q[0], x: q[1], y: q[2], z: q[3])), "\(found)")
  }

  @Test func anglesAreInRadiansWhereTheCompilerSaysSo() throws {
    let degrees = try Self.orientation("euler='90 0 0'")
    #expect(
      isClose(try Self.orientation("euler='1.5707963267948966 0 0'", before: "<compiler angle='radian'/>"), degrees))
  }

  /// As in MuJoCo, an element's own orientation replaces that of its class, however either is given.
  @Test func anOwnOrientationReplacesThatOfTheClass() throws {
    for (own, q) in [("quat='0 1 0 0'", [0.0, 1, 0, 0]), ("zaxis='1 0 0'", [1, 0, 1, 0])] {
      let found = try Self.orientation(own, before: "<default><geom euler='90 0 30'/></default>")
      #expect(isClose(found, Quaternion(w: q[0], x: q[1], y: q[2], z: q[3]).normalized))
    }
  }

  @Test(arguments: [
    ("euler='0 0 1' quat='1 0 0 0'", "'quat' and 'euler' both say how it is turned; one is allowed"),
    ("quat='0 0 0 0'", "'quat' must not be zero"),
    ("axisangle='0 0 0 1'", "the axis of 'axisangle' is zero"),
    ("xyaxes='1 0 0 2 0 0'", "the axes of 'xyaxes' are parallel"),
    ("zaxis='0 0 0'", "the axis of 'zaxis' is zero"),
    ("euler='0 0'", "'euler' must be three numbers, not '0 0'"),
  ])
  func impossibleOrientationsAreRefused(_ attributes: String, _ text: String) {
    let error = MJCFText.worldError("<body><joint/><geom size='1' \(attributes)/></body>")
    #expect(error == "<geom>: \(text)")
  }

  @Test func sequencesAreThreeLetters() {
    for sequence in ["xy", "xyzx", "xyw", ""] {
      let error = MJCFText.worldError("", before: "<compiler eulerseq='\(sequence)'/>")
      #expect(error == "<compiler>: 'eulerseq' must be three of the letters x, y, z, X, Y and Z, not '\(sequence)'")
    }
  }

  @Test func framesArePartOfWhatTheyHold() throws {
    let body = try MJCFText.body(
      """
      <frame pos="1 2 3" euler="90 0 0"><geom size=".1" pos="0 1 0"/>
        <frame pos="0 0 1"><geom size=".1" euler="0 0 90" pos="1 0 0"/></frame></frame>
      """)
    #expect(isClose(body.colliders[0].pose.position, Vector3(1, 2, 4)))
    #expect(isClose(body.colliders[1].pose.position, Vector3(2, 1, 3)))
    #expect(isClose(body.colliders[1].pose.orientation.act(on: .unitX), .unitZ))
  }
}
