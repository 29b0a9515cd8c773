import Reporting
import Testing

@Suite struct TextTableTests {
  @Test func table() {
    #expect(TextTable([["a", "bb"], ["ccc", "d"]]).text == "a    bb\nccc   d")
  }
}
