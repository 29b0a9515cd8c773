import Physics
import RobotFiles
import Testing

@Suite struct XMLElementTests {
  private static func element(_ text: String) throws -> XMLElement { try XMLReaderTests.parse(text).root }

  private static func message<T>(_ call: () throws -> T) -> String {
    do {
      return "none: \(try call())"
    } catch { return String(describing: error) }
  }

  @Test func attributesAndChildrenAreFoundByName() throws {
    let element = try Self.element("<a b='1' c='2'><d n='1'/><e/><d n='2'/></a>")
    #expect(element["b"] == "1" && element["d"] == nil)
    #expect(element.attribute("c")?.position.column == 10)
    #expect(element.first("d")?["n"] == "1" && element.first("f") == nil)
    #expect(element.all("d").map { $0["n"] } == ["1", "2"])
  }

  @Test func errorsNameTheElementAndPointToTheAttribute() throws {
    let element = try Self.element("<joint name='fl_kn' type='x'/>")
    #expect(element.tag == "<joint name=\"fl_kn\">")
    #expect(element.error("no").description == "a.xml:1:1: <joint name=\"fl_kn\">: no")
    #expect(element.error("no", attribute: "type").description == "a.xml:1:21: <joint name=\"fl_kn\">: no")
    #expect(element.error("no", attribute: "axis").description == "a.xml:1:1: <joint name=\"fl_kn\">: no")
    #expect(try Self.element("<joint/>").tag == "<joint>")
  }

  @Test func whatMessagesQuoteIsShortAndPrintable() throws {
    let long = String(repeating: "x", count: 200)
    #expect(try Self.element("<a name='\(long)'/>").tag == "<a name=\"\(long.prefix(40))…\">")
    #expect(excerpt(String(long.prefix(40))) == long.prefix(40))
    #expect(try Self.element("<a name='a&#10;\u{202E}b'/>").tag == "<a name=\"a\\u{A}\\u{202E}b\">")
    #expect(excerpt("e" + String(repeating: "\u{301}", count: 1000)).unicodeScalars.count == 41)
  }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("1.", 1), (".5", 0.5), ("+3", 3), ("-.25E+1", -2.5), ("1e-3", 0.001), ("007", 7),
    ("1e-999", 0), ("1.7976931348623157e308", 1.7976931348623157e308), ("  2\n", 2),
    ("4.9e-324", .leastNonzeroMagnitude),
    ("0.1", 0.1), ("123456789012345678901234567890", 0x1.8ee90ff6c373ep+96),
  ]) func numbersAreReadToTheBit(text: String, value: Double) throws {
    let number = try #require(try Self.element("<a b='\(text)'/>").number("b"))
    #expect(number.bitPattern == value.bitPattern)
  }

  @Test(arguments: [
    "", "a", "1 2", ".", "+", "e5", "1e", "1e+", "--1", "1f", "1d", "0b1", "1_000", "١", "1.2.3", "- 1",
  ])
  func otherTextIsNoNumber(text: String) throws {
    let element = try Self.element("<a b='\(text)'/>")
    #expect(Self.message { try element.number("b") } == "a.xml:1:4: <a>: 'b' must be a number, not '\(text)'")
  }

  @Test func longDigitsAreReadOrRefused() throws {
    let digits = "0." + String(repeating: "1", count: 1000)
    #expect(try Self.element("<a b='\(digits)'/>").number("b") == 0.1111111111111111)
    let element = try Self.element("<a b='\(String(repeating: "1", count: 100_000))'/>")
    #expect(Self.message { try element.number("b") }.hasPrefix("a.xml:1:4: <a>: 'b' must be a number, not '111"))
  }

  @Test(arguments: [
    ("0.07, 0, 1", "three numbers with decimal points and blanks between them, without commas"),
    ("0,5 0 1", "three numbers with decimal points and blanks between them, without commas"),
    ("1 nan 2", "three finite numbers"),
    ("-inf 1 2", "three finite numbers"),
    ("1e999 1 2", "three finite numbers"),
    ("0x1p3 1 2", "three decimal numbers"),
    ("1 2", "three numbers"),
    ("1 2 3 4", "three numbers"),
    ("1 2 c", "three numbers"),
  ]) func whatIsWrongWithNumbersIsSaid(text: String, wanted: String) throws {
    let element = try Self.element("<joint name='x' axis='\(text)'/>")
    #expect(
      Self.message { try element.vector("axis") }
        == "a.xml:1:17: <joint name=\"x\">: 'axis' must be \(wanted), not '\(text)'")
  }

  @Test func listsHaveAsManyNumbersAsAskedFor() throws {
    let element = try Self.element("<a none='' one='1' three='1 2\t3 '/>")
    #expect(try element.vector("three") == Vector3(1, 2, 3))
    #expect(try element.vector("missing") == nil && element.number("missing") == nil)
    #expect(try element.numbers("three", counts: 1...3) == [1, 2, 3])
    #expect(try element.numbers("one", count: 1) == [1] && element.numbers("none", counts: 0...3) == [])
    #expect(
      Self.message { try element.numbers("three", counts: 1...2) }
        == "a.xml:1:20: <a>: 'three' must be one to two numbers, not '1 2 3 '")
    #expect(Self.message { try element.number("none") } == "a.xml:1:4: <a>: 'none' must be a number, not ''")
    #expect(Self.message { try element.numbers("one", counts: 15...16) }.contains("must be 15 to 16 numbers"))
  }
}
