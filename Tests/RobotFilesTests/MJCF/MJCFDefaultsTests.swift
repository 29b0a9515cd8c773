import Physics
import RobotFiles
import Testing

@Suite struct MJCFDefaultsTests {
  /// Damping, armature and stiffness of the joints of a chain, in whose bodies `{}` stands for them.
  private static func numbers(_ world: String, _ defaults: String) throws -> [[Double]] {
    let model = try MJCFText.world(world.replacing("{}", with: "<geom size='.1'/>"), before: defaults)
    return model.bodies.flatMap(\.joints).map { [$0.dynamics.damping, $0.dynamics.armature, $0.dynamics.stiffness] }
  }

  private static let classes = """
    <default><joint damping="1"/>
      <default class="a"><joint armature="2"/><default class="aa"><joint damping="5"/></default></default>
      <default class="b"><joint stiffness="3"/></default>
    </default>
    """

  @Test func classesInheritFromThoseAroundThem() throws {
    #expect(try Self.numbers("<body><joint/>{}</body>", Self.classes) == [[1, 0, 0]])
    #expect(try Self.numbers("<body><joint class='aa'/>{}</body>", Self.classes) == [[5, 2, 0]])
    #expect(try Self.numbers("<body><joint class='aa' damping='7'/>{}</body>", Self.classes) == [[7, 2, 0]])
  }

  /// As in MuJoCo, what stands after a nested class in its parent still holds for it.
  @Test func theOrderInAClassDoesNotMatter() throws {
    let defaults = "<default><default class='a'><joint damping='1'/></default><joint armature='3'/></default>"
    #expect(try Self.numbers("<body><joint class='a'/>{}</body>", defaults) == [[1, 3, 0]])
  }

  /// The numbers are MuJoCo's.
  @Test func anOwnClassReplacesThatOfTheBodiesAround() throws {
    let world = """
      <body childclass="a"><joint/>{}<body><joint class="main"/>{}<body childclass="b"><joint/>{}
      <frame childclass="aa"><body><joint/>{}</body></frame></body></body></body>
      """
    #expect(try Self.numbers(world, Self.classes) == [[1, 2, 0], [1, 0, 0], [1, 0, 3], [5, 2, 0]])
  }

  @Test func theOutermostClassHoldsForEverythingWhateverItsName() throws {
    #expect(
      try Self.numbers("<body><joint/>{}</body>", "<default class='q'><joint damping='1'/></default>") == [[1, 0, 0]])
    let two = "<default><joint damping='1'/></default><default><joint armature='2'/></default>"
    #expect(try Self.numbers("<body><joint/>{}</body>", two) == [[1, 2, 0]])
  }

  @Test(arguments: [
    ("<body><joint class='z'/></body>", "", "<joint>: there is no class 'z'"),
    ("<body childclass='z'/>", "", "<body>: there is no class 'z'"),
    ("", "<default><default><joint/></default></default>", "<default>: 'class' is missing"),
    (
      "", "<default><default class='a'/><default class='b'><default class='a'/></default></default>",
      "<default>: there is another class 'a'"
    ),
    ("", "<default><joint damping='x'/></default>", "<joint>: 'damping' must be one to three numbers, not 'x'"),
  ])
  func classesThatDoNotFitAreRefused(_ world: String, _ defaults: String, _ text: String) {
    #expect(MJCFText.worldError(world, before: defaults) == text)
  }
}
