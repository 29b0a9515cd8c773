import Environments
import RobotFiles
import Testing

/// Damaged documents are read or refused in one line; nothing traps.
@Suite struct XMLMutationTests {
  private static let documents = [
    """
    <?xml version="1.0" encoding="utf-8"?>
    <!-- a dog -->
    <robot name="dog" xmlns:xacro="http://x">
      <link name="base"><inertial><origin xyz="0 0 0.1" rpy="0 1e-3 -0"/><mass value='5.'/></inertial></link>
      <joint name="fl &amp; kn" type="revolute">
        <parent link="base"/> text &lt; &#65; <limit lower="-1" upper=".5" effort="+20" velocity="1,5"/>
      </joint>
      <gazebo><![CDATA[ <x> ]]></gazebo>
    </robot>

    """,
    "\u{FEFF}\r\n<?xml version='1.1'?><?app?><mujoco><a\tb='é\r\n🤖'\rc=\"&#x1F916;'\"></a><b/><!-- -- --></mujoco>\0\n\0",
    String(repeating: "<a b='1'>", count: 60) + String(repeating: "</a>", count: 60),
  ]

  private static let fragments = [
    "<", ">", "/>", "</", "<a>", "</a>", "<!--", "-->", "--", "<![CDATA[", "]]>", "<?", "?>", "<?xml version='1.0'?>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&", "&#", "&#x", ";", "&lt;", "'", "\"", "=", " b='1'", "\r", "\r\n", "\0",
    "\u{FEFF}", "nan", "1e999", ",", "robot", "mujoco",
  ].map { Array($0.utf8) }

  private static func mutate(_ bytes: inout [UInt8], _ random: inout Random) {
    let at = random.index(below: bytes.count + 1)
    let end = min(bytes.count, at + random.index(below: 12))
    switch random.index(below: 6) {
    case 0: bytes.removeSubrange(at..<end)
    case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
    case 2: if at < bytes.count { bytes[at] = UInt8(truncatingIfNeeded: random.next()) }
    case 3: bytes.insert(contentsOf: Array(bytes[at..<end]), at: random.index(below: bytes.count + 1))
    case 4: bytes.insert(contentsOf: fragments[random.index(below: fragments.count)], at: at)
    default: bytes.replaceSubrange(at..<end, with: fragments[random.index(below: fragments.count)])
    }
  }

  /// Asks an element everything that can be asked of it.
  private static func visit(_ root: XMLElement) {
    var waiting = [root]
    while let element = waiting.popLast() {
      waiting += element.children
      for attribute in element.attributes {
        #expect(element[attribute.name] == attribute.value)
        for counts in [0...0, 1...1, 3...3, 2...6] {
          if let numbers = try? element.numbers(attribute.name, counts: counts) {
            #expect(numbers.allSatisfy(\.isFinite) && counts.contains(numbers.count))
          }
        }
        #expect(!element.error("x", attribute: attribute.name).description.contains { $0.isNewline })
      }
    }
  }

  @Test(arguments: 0..<3) func damagedDocumentsAreReadOrRefused(document: Int) {
    var random = Random(seed: 7, stream: UInt64(document))
    let original = Array(Self.documents[document].utf8)
    var warnings: [RobotFileWarning] = []
    #expect(throws: Never.self) { try XMLReader.parse(original, file: "a.xml", warnings: &warnings) }
    var survived = 0
    let rounds = 2000
    for _ in 0..<rounds {
      var bytes = original
      for _ in 0...random.index(below: 4) { Self.mutate(&bytes, &random) }
      let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
      do {
        Self.visit(try XMLReader.parse(bytes, file: "a.xml", warnings: &warnings))
        survived += 1
      } catch {
        let text = error.description
        #expect(text.hasPrefix("a.xml:") && !text.contains { $0.isNewline })
        let parts = text.split(separator: ":")
        if let line = Int(parts[1]) { #expect((1...lines).contains(line)) }
      }
      warnings = []
    }
    // Both outcomes occur, or the mutations are too weak or too strong to find anything.
    #expect(survived > rounds / 50 && survived < rounds)
  }
}
