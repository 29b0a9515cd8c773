import Environments
import Physics
import RobotFiles
import Testing

/// Damaged models are read or refused in one line; nothing traps, and what is read is finite.
@Suite struct MJCFMutationTests {
  private static let document = """
    <mujoco model="dog">
      <compiler angle="degree" eulerseq="xYz" autolimits="true" inertiafromgeom="auto" inertiagrouprange="0 5"
        settotalmass="-1" boundmass="0" boundinertia="0" balanceinertia="false" meshdir="m" strippath="false"/>
      <option gravity="0 0 -9.81" density="0"><flag gravity="enable" contact="enable"/></option>
      <default><joint damping="1" armature=".1" limited="auto"/><geom size=".1 .2 .3" friction="1 .5" density="500"/>
        <default class="leg"><joint range="-90 90" stiffness="1" springref="10"/><position kp="20" kv="1"/>
          <default class="foot"><geom type="capsule" condim="1"/></default></default>
        <motor gear="2" ctrlrange="-1 1"/><mesh scale="1 1 1"/><equality active="true"/><tendon stiffness="0"/></default>
      <include file="b.xml"/>
      <asset><mesh name="m" vertex="0 0 0 1 0 0 0 1 0 0 0 1"/></asset>
      <worldbody>
        <geom type="plane" size="1 1 1" pos="0 0 .1" contype="3" conaffinity="3"/><geom size="1"/>
        <body name="box"><freejoint name="f"/><geom size=".1"/></body>
        <body name="base" pos="0 0 1" quat="1 2 3 4" childclass="leg" gravcomp="0">
          <joint type="slide" axis="1 0 0"/><joint type="slide" axis="0 1 0"/><joint type="slide"/><joint type="ball"/>
          <inertial pos="0 0 .1" mass="2" fullinertia="1 1 1 .1 .1 .1"/>
          <geom type="ellipsoid" size=".3 .2 .1" euler="10 20 30" group="2"/>
          <frame pos="1 0 0" axisangle="0 0 1 90" childclass="foot">
            <body name="thigh" zaxis="1 2 3"><joint name="hip" axis="0 1 0" pos="0 0 .1" ref="5" actuatorfrcrange="-9 9"/>
              <joint name="hip2" frictionloss=".1"/><geom fromto="0 0 0 0 0 1" shellinertia="true" mass="1"/>
              <body name="shin" xyaxes="1 0 0 0 1 0"><joint name="knee"/><geom type="box" priority="1"/>
                <geom type="cylinder" contype="0" conaffinity="0"/><body><geom size=".02"/></body></body></body>
          </frame>
        </body>
      </worldbody>
      <contact><exclude body1="base" body2="shin"/></contact>
      <equality><joint joint1="hip2" joint2="knee" polycoef="0 .5 0 0 0"/></equality>
      <tendon><fixed name="t"><joint joint="hip" coef="1"/></fixed></tendon>
      <actuator><motor name="m" joint="hip" forcerange="-3 3"/><position joint="knee" class="leg" inheritrange="1"/>
        <general joint="hip2" biastype="affine" gainprm="3" biasprm="1 -3 -1" dyntype="none"/>
        <velocity joint="knee" kv="1"/></actuator>
      <sensor><gyro site="s"/></sensor>
      <keyframe><key name="home" qpos="0 0 0 1 0 0 0 0 0 1 1 0 0 0 .1 .2 .3"/></keyframe>
    </mujoco>
    """

  private static let words = [
    "0", "1", "-1", "1 1", "0 0 0", "1 0 0", "1e308", "-1e308 1e308", "1e308 1e308 1e308", "1e-320", "1e-320 0 0",
    "nan",
    "5 -5", "0 0 0 0", "1 2 3 4 5 6 7", "1e200 1e200 1e200 1e200", "-2147483648", "4294967296", "true", "false", "auto",
    "free", "ball", "slide", "hinge", "plane", "sphere", "capsule", "ellipsoid", "mesh", "hfield", "sdf", "leg", "foot",
    "main", "hip", "knee", "m", "base", "box", "world", "always", "affine", "none", "", " ", "b.xml", "c.xml", "xyz",
  ]
  private static let names = [
    "name", "class", "childclass", "type", "pos", "quat", "euler", "axis", "range", "limited", "size", "fromto", "mass",
    "density", "joint", "kp", "kv", "dampratio", "gear", "ctrlrange", "forcerange", "mesh", "contype", "group", "ref",
    "springref", "stiffness", "damping", "file", "joint1", "body1", "polycoef", "qpos", "inheritrange", "springdamper",
  ]

  private static func elements(_ root: XMLElement) -> [XMLElement] { [root] + root.children.flatMap(elements) }

  /// Changes one element of the tree, that of number `target`.
  private static func changed(
    _ element: XMLElement, _ target: inout Int, _ parts: [XMLElement], _ random: inout Random
  ) -> XMLElement {
    var result = element
    if target == 0 {
      var attributes = element.attributes
      let at = random.index(below: attributes.count + 1)
      let word = words[random.index(below: words.count)]
      switch random.index(below: 5) {
      case 0: if at < attributes.count { attributes.remove(at: at) }
      case 1:
        let name = names[random.index(below: names.count)]
        attributes.removeAll { $0.name == name }
        attributes.append(XMLAttribute(name: name, value: word, position: element.position))
      case 2: result.children.append(parts[random.index(below: parts.count)])
      case 3: if let last = result.children.indices.randomElement(using: &random) { result.children.remove(at: last) }
      default:
        if at < attributes.count {
          attributes[at] = XMLAttribute(name: attributes[at].name, value: word, position: attributes[at].position)
        }
      }
      result = XMLElement(
        name: element.name, position: element.position, attributes: attributes, children: result.children)
    }
    target -= 1
    result.children = result.children.map { target >= 0 ? changed($0, &target, parts, &random) : $0 }
    return result
  }

  private static let files = MJCFText.Files(texts: [
    "b.xml": "<mujocoinclude><size nkey='1'/><include file='c.xml'/></mujocoinclude>",
    "c.xml": "<mujocoinclude><option timestep='.01'/></mujocoinclude>",
  ])

  @Test func theDocumentItselfIsRead() throws {
    let model = try MJCFText.model(Self.document, files: Self.files.texts)
    #expect(model.bodies.map(\.name) == ["base", "thigh", "shin", "shin.1"] && model.actuators.count == 3)
  }

  @Test func changedModelsAreReadOrRefused() throws {
    var warnings: [RobotFileWarning] = []
    let original = try XMLReader.parse(Array(Self.document.utf8), file: "a.xml", warnings: &warnings)
    let parts = Self.elements(original)
    var random = Random(seed: 1)
    var read = 0
    for _ in 0..<3000 {
      var root = original
      for _ in 0...random.index(below: 3) {
        var target = random.index(below: parts.count)
        root = Self.changed(root, &target, parts, &random)
      }
      do {
        let model = try MJCF.model(root, file: "a.xml", files: Self.files)
        read += 1
        let isFinite = model.bodies.allSatisfy(\.isFinite) && model.actuators.allSatisfy(\.law.isFinite)
        #expect(isFinite)
        let texts = model.warnings.map(\.description).joined()
        #expect(!texts.contains { $0.isNewline })
        for (index, body) in model.bodies.enumerated() { #expect(body.parent ?? -1 < index) }
      } catch {
        #expect(!String(describing: error).contains { $0.isNewline })
      }
    }
    #expect(read > 300)
  }
}
