import Environments
import Testing
import Training

@Suite struct ReflectionTests {
  private struct Inner { var maxTorque = 2.0 }
  private final class Object { let x = 1 }
  private enum Choice {
    case plain
    case named(limit: Double)
    case bare(Double)
    case whole(Inner)
  }

  private struct Everything {
    let whole = 3
    let isOn = true
    let text = "words"
    let range = 1...2
    let inner = Inner()
    let nothing: Double? = nil
    let something: Inner? = Inner()
    let plain = Choice.plain
    let named = Choice.named(limit: 4)
    let bare = Choice.bare(5)
    let held = Choice.whole(Inner())
    let numbers = [1.0, 2.0]
    let names = ["a", "b"]
    let inners = [Inner(), Inner()]
    let pair = (6, 7)
    let set: Set = ["b", "a", "c"]
    let object = Object()
    let function: () -> Int = { 1 }
    let random = Random(seed: 1)
  }

  @Test func everyPlainValueIsListed() {
    let group = Fingerprint.Group("s") { $0.add(propertiesOf: Everything()) }
    let values: [(String, Fingerprint.Value)] = [
      ("whole", .numbers([3])), ("is on", .text("true")), ("text", .text("words")), ("range", .numbers([1, 2])),
      ("inner max torque", .numbers([2])), ("nothing", .text("none")), ("something", .text("given")),
      ("something max torque", .numbers([2])), ("plain", .text("plain")), ("named", .text("named")),
      ("named limit", .numbers([4])), ("bare", .text("bare")), ("bare bare", .numbers([5])), ("held", .text("whole")),
      ("held whole max torque", .numbers([2])), ("numbers", .numbers([1, 2])), ("names", .text("a, b")),
      ("inners", .numbers([2])), ("inners 0 max torque", .numbers([2])), ("inners 1 max torque", .numbers([2])),
      ("pair 0", .numbers([6])), ("pair 1", .numbers([7])), ("set", .text("a, b, c")),
    ]
    #expect(group.entries == values.map { .init(name: $0.0, value: $0.1) })
  }

  @Test func whatIsLongIsKeptAsADigest() {
    var numbers = (0..<10_000).map(Double.init)
    let digest = { (numbers: [Double]) in
      Fingerprint.Group("s") { $0.add(numbers, as: "heights") }.entries[0].value
    }
    let before = digest(numbers)
    #expect(before == digest(numbers))
    numbers[4_000] += 1
    #expect(before != digest(numbers))
    guard case .text(let text) = before else { return #expect(Bool(false)) }
    #expect(text.utf8.count < 100)
  }
}
