import Physics
import RobotFiles
import Testing

@Suite struct MJCFInertiaTests {
  private static func inertial(_ content: String, before: String = "") throws -> FileInertial {
    try #require(try MJCFText.body(content, before: before).inertial)
  }

  /// Masses and moments are MuJoCo's.
  @Test(arguments: [
    ("sphere", ".1", false, 4.188790204786391, [0.01675516081914557, 0.01675516081914557, 0.01675516081914557]),
    ("sphere", ".1", true, 125.66370614359174, [0.8377580409572783, 0.8377580409572783, 0.8377580409572783]),
    ("capsule", ".1 .2", false, 16.75516081914557, [0.44610615680975085, 0.44610615680975085, 0.07958701389094144]),
    ("capsule", ".1 .2", true, 376.9911184307752, [12.985249634837814, 12.985249634837814, 3.351032163829113]),
    ("cylinder", ".1 .2", false, 12.566370614359174, [0.19896753472735362, 0.19896753472735362, 0.06283185307179588]),
    ("cylinder", ".1 .2", true, 314.1592653589793, [7.278022980816355, 7.278022980816355, 2.827433388230814]),
    ("box", ".1 .2 .3", false, 48.00000000000001, [2.0800000000000005, 1.6000000000000003, 0.8000000000000003]),
    ("box", ".1 .2 .3", true, 880.0, [54.13333333333334, 42.13333333333334, 24.266666666666673]),
    ("ellipsoid", ".1 .2 .3", false, 25.132741228718345, [0.653451271946677, 0.5026548245743669, 0.25132741228718347]),
    ("ellipsoid", ".1 .2 .3", true, 489.7193333371731, [18.075174882542342, 14.068366576335393, 8.102680936804973]),
  ])
  func primitivesAreExact(_ kind: String, _ size: String, _ isShell: Bool, _ mass: Double, _ moments: [Double]) throws {
    let found = try Self.inertial("<geom type='\(kind)' size='\(size)' shellinertia='\(isShell)'/>")
    #expect(isClose(found.mass, mass) && found.center == .zero)
    // The shell of an ellipsoid is a difference of two almost equal volumes, in MuJoCo too.
    let tolerance = kind == "ellipsoid" && isShell ? 1e-9 : 1e-12
    #expect(
      isClose(found.inertia.diagonal, Vector3(moments[0], moments[1], moments[2]), within: tolerance),
      "\(found.inertia)")
    #expect(isClose(found.inertia.offDiagonal, .zero))
  }

  /// The numbers are MuJoCo's.
  @Test func geomsOfABodyAddUp() throws {
    let found = try Self.inertial(
      """
      <geom type="box" size=".1 .2 .3" pos=".1 .2 .3" euler="10 20 30"/>
      <geom type="capsule" size=".1" fromto="0 0 0 .3 .4 .5" density="500"/>
      """)
    #expect(isClose(found.mass, 61.20160244778912))
    #expect(isClose(found.center, Vector3(0.11078534051379729, 0.2, 0.28921465948620273)))
    #expect(
      isClose(
        found.inertia.diagonal, Vector3(2.5310457353997347, 2.3479569576298465, 1.4010128517541451), within: 1e-10))
    #expect(
      isClose(
        found.inertia.offDiagonal, Vector3(0.0765149331896914, -0.5330629086922174, -0.2336233456636065), within: 1e-10)
    )
  }

  @Test func massIsGivenOrDensityTimesVolume() throws {
    #expect(try Self.inertial("<geom size='.1' mass='2' density='3'/>").mass == 2)
    #expect(isClose(try Self.inertial("<geom size='.1' density='3'/>").mass, 0.012566370614359174))
    // As in MuJoCo, a mass of the class wins over an own density.
    #expect(try Self.inertial("<geom size='.1' density='3'/>", before: "<default><geom mass='2'/></default>").mass == 2)
    #expect(try MJCFText.body("<geom size='.1' mass='0'/><geom size='.1' density='0'/>").inertial == nil)
  }

  @Test func geomsThatOnlyShowCountTooUnlessTheirGroupIsLeftOut() throws {
    let geoms = "<geom size='.1' contype='0' conaffinity='0' group='2' mass='1'/><geom size='.1' mass='2'/>"
    #expect(try Self.inertial(geoms).mass == 3)
    #expect(try Self.inertial(geoms, before: "<compiler inertiagrouprange='0 1'/>").mass == 2)
    #expect(try Self.inertial("<geom size='1' group='6'/><geom size='.1' mass='2'/>").mass == 2)
  }

  /// The numbers are MuJoCo's.
  @Test func inertialElementsHaveAxesOfTheirOwn() throws {
    let turned = try Self.inertial("<inertial pos='.1 .2 .3' mass='2' diaginertia='1 2 2.5' euler='10 20 30'/>")
    #expect(turned.mass == 2 && turned.center == Vector3(0.1, 0.2, 0.3))
    #expect(isClose(turned.inertia.diagonal, Vector3(1.3962222230506383, 1.717553263773888, 2.3862245131754727)))
    #expect(
      isClose(
        turned.inertia.offDiagonal, Vector3(-0.4704789436437043, 0.32498164629673437, 0.03591551890206781),
        within: 1e-10))
    let framed = try Self.inertial(
      """
      <frame pos="1 0 0" euler="0 0 90"><inertial pos=".1 .2 .3" mass="2" fullinertia="1 2 2.5 .1 .2 .3"/></frame>
      """)
    #expect(isClose(framed.center, Vector3(0.8, 0.1, 0.3)))
    #expect(isClose(framed.inertia.diagonal, Vector3(2, 1, 2.5)))
    #expect(isClose(framed.inertia.offDiagonal, Vector3(-0.1, -0.3, 0.2)))
  }

  @Test func theCompilerSaysWhetherGeomsOrInertialsCount() throws {
    let both = "<inertial pos='0 0 0' mass='5' diaginertia='1 1 1'/><geom size='.1' mass='2'/>"
    #expect(try Self.inertial(both).mass == 5)
    #expect(try Self.inertial(both, before: "<compiler inertiafromgeom='true'/>").mass == 2)
    #expect(try Self.inertial(both, before: "<compiler inertiafromgeom='false'/>").mass == 5)
    // As in MuJoCo, an inertial counts where no geom has a mass.
    let light = "<inertial pos='0 0 0' mass='5' diaginertia='1 1 1'/><geom size='.1' mass='0'/>"
    #expect(try Self.inertial(light, before: "<compiler inertiafromgeom='true'/>").mass == 5)
    let model = try MJCFText.world(
      "<body name='b'><joint/><geom size='1'/></body>", before: "<compiler inertiafromgeom='false'/>")
    #expect(model.bodies[0].inertial == nil)
    #expect(
      model.warnings.map(\.text) == [
        "<body name=\"b\">: inertiafromgeom is off and there is no <inertial>, so it has no mass"
      ])
  }

  /// The numbers are MuJoCo's.
  @Test func massesAndMomentsAreBoundedBalancedAndScaled() throws {
    let bounded = try Self.inertial(
      "<inertial pos='.1 .2 .3' mass='.2' fullinertia='.1 .2 .25 .01 .02 .03'/>",
      before: "<compiler boundmass='1' boundinertia='.15'/>")
    #expect(bounded.mass == 1)
    #expect(isClose(bounded.inertia.diagonal, Vector3(0.15206052577256, 0.20020395009725034, 0.25073043345049184)))
    #expect(
      isClose(
        bounded.inertia.offDiagonal, Vector3(0.006741511194719773, 0.013833416709848759, 0.030385968876026754),
        within: 1e-10))
    let flat = "<inertial pos='0 0 0' mass='1' diaginertia='1 1 5'/>"
    let balanced = try Self.inertial(flat, before: "<compiler balanceinertia='true'/>")
    #expect(isClose(balanced.inertia.diagonal, Vector3(repeating: 7.0 / 3)))
    let both = try Self.inertial(flat, before: "<compiler balanceinertia='true' boundinertia='3'/>")
    #expect(isClose(both.inertia.diagonal, Vector3(3, 3, 5)))
    let model = try MJCFText.world(
      "<geom size='1'/><body><joint/><geom size='.1'/><body><geom size='.2'/></body></body>",
      before: "<compiler settotalmass='2'/>")
    #expect(isClose(model.bodies[0].inertial?.mass ?? 0, 0.2222222222222222))
    #expect(isClose(model.bodies[1].inertial?.mass ?? 0, 1.7777777777777777))
    #expect(isClose(model.bodies[1].inertial?.inertia.diagonal.x ?? 0, 0.028444444444444446))
  }

  @Test func impossibleNumbersOfInertialsAreKeptForLater() throws {
    let found = try Self.inertial("<inertial pos='0 0 0' mass='0' diaginertia='1 1 -5'/>")
    #expect(found.mass == 0 && found.inertia.diagonal.z == -5)
  }

  @Test(arguments: [
    ("<inertial mass='1' diaginertia='1 1 1'/>", "<inertial>: 'pos' is missing: the center of mass"),
    ("<inertial pos='0 0 0' diaginertia='1 1 1'/>", "<inertial>: 'mass' is missing"),
    ("<inertial pos='0 0 0' mass='-1'/>", "<inertial>: 'mass' must not be negative, not -1.0"),
    (
      "<inertial pos='0 0 0' mass='1' fullinertia='1 1 1 0 0 0' quat='1 0 0 0'/>",
      "<inertial>: 'fullinertia' excludes 'quat'"
    ),
    (
      "<inertial pos='0 0 0' mass='1'/><inertial pos='0 0 0' mass='1'/>",
      "<inertial>: a body has one <inertial> at most"
    ),
    (
      "<geom name='g' type='mesh' mesh='m'/>",
      "<geom name=\"g\">: the body 'b' has the mass of a mesh, which is not computed; it needs <inertial>"
    ),
    ("<geom size='1e200'/>", "<body name=\"b\">: its numbers are too large"),
  ])
  func whatHasNoMeaningIsRefused(_ content: String, _ text: String) {
    #expect(MJCFText.worldError("<body name='b'><joint/>\(content)</body>") == text)
  }

  @Test func meshesThatOnlyShowNeedNoInertiaOfTheirOwn() throws {
    let shown = "<geom type='mesh' mesh='m' contype='0' conaffinity='0'/>"
    let body = try MJCFText.body("<inertial pos='0 0 0' mass='1' diaginertia='1 1 1'/>" + shown)
    #expect(body.inertial?.mass == 1 && body.colliders.isEmpty && body.visuals.isEmpty)
    let group = "<geom type='mesh' mesh='m' contype='0' conaffinity='0' group='3'/><geom size='.1' mass='2'/>"
    #expect(try Self.inertial(group, before: "<compiler inertiagrouprange='0 2'/>").mass == 2)
    #expect(MJCFText.worldError("<body name='b'><joint/>\(shown)</body>").hasSuffix("it needs <inertial>"))
  }
}
