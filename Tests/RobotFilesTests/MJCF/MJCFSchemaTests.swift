import Physics
import RobotFiles
import Testing

@Suite struct MJCFSchemaTests {
  @Test(arguments: [
    (
      "<mujoco><worldbdy/></mujoco>",
      "1:9: <worldbdy>: MJCF knows no such element in <mujoco>; did you mean 'worldbody'?"
    ),
    (
      "<mujoco><worldbody><body><joint name='a' rnage='0 1'/></body></worldbody></mujoco>",
      "1:42: <joint name=\"a\">: MJCF knows no attribute 'rnage' here; did you mean 'range'?"
    ),
    (
      "<mujoco><worldbody><body><body><frame><goem/></frame></body></body></worldbody></mujoco>",
      "1:39: <goem>: MJCF knows no such element in <frame>; did you mean 'geom'?"
    ),
    (
      "<mujoco><default><default class='a'><joint name='b'/></default></default></mujoco>",
      "1:44: <joint name=\"b\">: MJCF knows no attribute 'name' here"
    ),
    ("<mujoco><worldbody name='x'/></mujoco>", "1:20: <worldbody name=\"x\">: MJCF knows no attribute 'name' here"),
    ("<mujoco><body/></mujoco>", "1:9: <body>: MJCF knows no such element in <mujoco>"),
    ("<mujoco><size njmx='1'/></mujoco>", "1:15: <size>: MJCF knows no attribute 'njmx' here; did you mean 'njmax'?"),
    ("<robot/>", "1:1: the root of an MJCF is <mujoco>, not <robot>"),
  ])
  func unknownNamesAreRefusedWithTheClosestKnownOne(_ text: String, _ message: String) {
    #expect(MJCFText.error(text) == "a.xml:\(message)")
  }

  @Test(arguments: ["composite", "flexcomp", "attach", "replicate", "plugin"])
  func whatCannotBeSimulatedIsNamed(_ name: String) {
    let error = MJCFText.worldError("<body><\(name)/></body>")
    #expect(error.hasPrefix("<\(name)>: ") && error.contains("not supported"))
  }

  @Test func whatOnlyShowsOrMeasuresIsSkippedWithoutAWord() throws {
    let model = try MJCFText.world(
      """
      <light pos="0 0 1"/><camera name="c" mode="fixed"/>
      <body><joint/><geom size="1" rgba="1 0 0 1" material="m" user="1"/><site name="s"/><camera/><light/></body>
      """,
      before: """
        <statistic extent="1"/><visual><map znear="1"/><rgba haze="1 1 1 1"/></visual><size nkey="1"/>
        <custom><numeric name="a" data="1"/><tuple name="b"><element objtype="body" objname="c"/></tuple></custom>
        <extension><plugin plugin="mujoco.sensor.touch_grid"/></extension>
        <asset><texture name="t" type="2d"/><material name="m" texture="t"><layer role="rgb"/></material></asset>
        """,
      after: """
        <sensor><gyro site="s"/><jointpos joint="j"/><plugin plugin="x"><config key="a" value="b"/></plugin>
        <framequat objtype="site" objname="s"/></sensor>
        """)
    #expect(model.warnings.isEmpty && model.bodies.count == 1)
  }

  /// A name of a million characters is compared with others by its beginning.
  @Test func longNamesTakeNoLongTime() {
    let error = MJCFText.error("<mujoco \(String(repeating: "x", count: 1_000_000))='1'/>")
    #expect(error.hasPrefix("a.xml:1:9: <mujoco>: MJCF knows no attribute 'xxxxx") && error.count < 120)
  }
}
