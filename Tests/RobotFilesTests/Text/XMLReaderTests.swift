import RobotFiles
import Testing

@Suite struct XMLReaderTests {
  /// Element names, attributes and levels on one line.
  static func outline(_ element: XMLElement) -> String {
    let attributes = element.attributes.map { " \($0.name)=[\($0.value)]" }.joined()
    let children = element.children.map(outline).joined()
    return "(\(element.name)\(attributes)\(children))"
  }

  static func parse(_ text: String) throws -> (root: XMLElement, warnings: [String]) {
    var warnings: [RobotFileWarning] = []
    let root = try XMLReader.parse(Array(text.utf8), file: "a.xml", warnings: &warnings)
    return (root, warnings.map(\.description))
  }

  static func error(_ bytes: [UInt8]) -> String {
    var warnings: [RobotFileWarning] = []
    do {
      return "none: \(outline(try XMLReader.parse(bytes, file: "a.xml", warnings: &warnings)))"
    } catch { return error.description }
  }

  static func error(_ text: String) -> String { error(Array(text.utf8)) }

  @Test(arguments: [
    ("<a/>", "(a)"),
    ("<?xml version=\"1.0\" encoding=\"utf-8\" standalone='yes' ?>\n<a></a >\n", "(a)"),
    ("<a b='1' c = \"2\"\n\td='\"'><e/>text<e f=''/></a>", "(a b=[1] c=[2] d=[\"](e)(e f=[]))"),
    ("<!-- <x> --><?app <y> ?><a><!----><![CDATA[<z> & ]] >]]><b/>]] &gt;</a><!-- -->", "(a(b))"),
    ("<a b='&lt;&gt;&amp;&apos;&quot;&#65;&#x42;&#x1f916;&#000067;'/>", "(a b=[<>&'\"AB🤖C])"),
    ("<a b='1\n2\r\n3\r4\t5&#10;6'/>", "(a b=[1 2 3 4 5\n6])"),
    ("<a:b.c-d _e='é'><ü/></a:b.c-d>", "(a:b.c-d _e=[é](ü))"),
    ("<?xml version=\"0.0\" ?><a/>", "(a)"),
    ("\n<a>\u{7f}\u{fffd}</a>\n\n", "(a)"),
  ]) func elementsAndAttributesAreRead(text: String, outline: String) throws {
    let (root, warnings) = try Self.parse(text)
    #expect(Self.outline(root) == outline)
    #expect(warnings == [])
  }

  @Test func placesCountLinesAndCharacters() throws {
    let root = try Self.parse("<a>\r\n  <b é='1'\r   c='2'/>\n\n<!-- ü --><d/></a>").root
    let places = ([root] + root.children).map(\.position.description)
    #expect(places == ["a.xml:1:1", "a.xml:2:3", "a.xml:5:11"])
    #expect(root.children[0].attributes.map(\.position.description) == ["a.xml:2:6", "a.xml:3:4"])
  }

  @Test(arguments: [
    ("\u{FEFF}<a/>", "a.xml:1:1: the file begins with a byte order mark; it was skipped"),
    (" \n<?xml version='1.0'?><a/>", "a.xml:2:1: the XML declaration is not at the start of the file"),
    ("<a>\n</a>\n\0\n\0", "a.xml:3:1: zero bytes follow the end of the text; they were skipped"),
    ("<a>\n<!-- - -- --- --></a>", "a.xml:2:1: the comment holds '--', which other readers refuse"),
  ]) func whatIsUnusualIsReadWithAWarning(text: String, warning: String) throws {
    let (root, warnings) = try Self.parse(text)
    #expect(root.name == "a")
    #expect(warnings == [warning])
  }

  @Test func aByteOrderMarkTakesNoColumn() throws {
    let root = try Self.parse("\u{FEFF}<a b=''>\n<c/></a>\0").root
    #expect(root.position.column == 1 && root.attributes[0].position.column == 4)
  }

  @Test(arguments: [
    ("", "a.xml: there is no element in the file"),
    ("\0 \0", "a.xml: there is no element in the file"),
    ("<!-- a -->", "a.xml: there is no element in the file"),
    ("root:x:0:0", "a.xml:1:1: there is text before the root element; is this an XML file?"),
    ("<a/> b", "a.xml:1:6: there is text after the root element; is this an XML file?"),
    ("<a/><b/>", "a.xml:1:5: there is a second root element"),
    ("<![CDATA[ ]]><a/>", "a.xml:1:1: there is text outside the root element"),
    ("<a>\n<b>\n</a>", "a.xml:3:1: this end tag does not match the element of line 2, which is still open"),
    ("<a>\n <b><c/>", "a.xml:2:2: this element has no end tag"),
    ("<a></a></a>", "a.xml:1:8: this end tag closes no element"),
    ("<a></a b=''>", "a.xml:1:4: this end tag does not end with '>'"),
    ("<a", "a.xml:1:1: this tag does not end"),
    ("<a b='1' <c/></a>", "a.xml:1:10: the tag must go on with an attribute or end with '>'"),
    ("<a b='1'c='2'/>", "a.xml:1:9: a blank is missing before the attribute"),
    ("<a b/>", "a.xml:1:4: the attribute has no '=' and value"),
    ("<a b=1/>", "a.xml:1:6: a value must be in quotes"),
    ("<a b='1/>", "a.xml:1:6: a value does not end: its quote is missing"),
    ("<a b='1/>\n<c/></a>", "a.xml:2:1: '<' must be written &lt; in a value; is a quote missing?"),
    ("<a b='1'\n   b='2'/>", "a.xml:2:4: the attribute is a duplicate"),
    ("< a/>", "a.xml:1:1: '<' must be followed by a name, or be written &lt;"),
    ("<a>]]></a>", "a.xml:1:4: ']]>' must be written ]]&gt; in text"),
    ("<a><!-- </a>", "a.xml:1:4: this comment does not end"),
    ("<a><![CDATA[ </a>", "a.xml:1:4: this CDATA section does not end"),
    ("<a><?b </a>", "a.xml:1:4: this processing instruction does not end"),
    ("<a><??></a>", "a.xml:1:4: '<?' must be followed by a name"),
    ("<a><!b></a>", "a.xml:1:4: '<!' begins neither a comment nor a CDATA section"),
    ("<!DOCTYPE a><a/>", "a.xml:1:1: document types are not read; remove DOCTYPE and write its entities out"),
    ("<a/><?xml version='1.0'?>", "a.xml:1:5: the XML declaration must be at the start of the file, once"),
    ("<?XML version='1.0'?><a/>", "a.xml:1:1: the XML declaration must be at the start of the file, once"),
    ("<?xml encoding='utf-8'?><a/>", "a.xml:1:1: the XML declaration must begin with a version"),
    ("<?xml version='1.0' a=''?><a/>", "a.xml:1:21: the XML declaration has no such attribute"),
    (
      "<?xml version='1.0' encoding='latin1'?><a/>",
      "a.xml:1:21: the encoding must be UTF-8; save the file as UTF-8"
    ),
    ("<a>\0</a>", "a.xml:1:4: there is a zero byte: the file is no text, or not UTF-8"),
    ("<a>\u{1b}</a>", "a.xml:1:4: there is a control character, which XML does not allow"),
    ("<a>\u{ffff}</a>", "a.xml:1:4: there is a character that XML does not allow"),
  ]) func whatIsNoXMLIsRefused(text: String, message: String) {
    #expect(Self.error(text) == message)
  }

  @Test(arguments: ["&b;", "&;", "&", "&lt", "&LT;", "& ", "&amplifier;"]) func unknownReferencesAreRefused(
    text: String
  ) {
    let message = "the reference is unknown; there are &lt; &gt; &amp; &apos; &quot; and numbers, as in &#65;"
    #expect(Self.error("<a b='\(text)'/>") == "a.xml:1:7: \(message)")
    #expect(Self.error("<a>\(text)</a>") == "a.xml:1:4: \(message)")
  }

  @Test(arguments: [
    "&#;", "&#x;", "&#0;", "&#31;", "&#xD800;", "&#xFFFE;", "&#x110000;", "&#99999999999999999999;", "&#6a;", "&#65",
  ]) func referencesToNoCharacterAreRefused(text: String) {
    #expect(Self.error("<a b='\(text)'/>") == "a.xml:1:7: the reference is not to a character that XML allows")
  }

  @Test func otherEncodingsAreRefused() {
    #expect(Self.error([0xFF, 0xFE, 0x3C, 0]) == "a.xml: the file is UTF-16; save it as UTF-8")
    #expect(Self.error([0xFE, 0xFF, 0, 0x3C]) == "a.xml: the file is UTF-16; save it as UTF-8")
    #expect(Self.error(Array("<a>\n ".utf8) + [0xE9, 0x20]) == "a.xml:2:2: the file is not UTF-8; save it as UTF-8")
  }

  @Test func errorsQuoteNothing() {
    for text in ["<secret>", "<a secret='1' secret='2'/>", "secret", "<a>&secret;</a>", "<a></secret>", "<?secret"] {
      #expect(!Self.error(text).contains("secret"))
    }
  }

  @Test func sizesAreLimited() {
    func nested(_ depth: Int) -> String {
      String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
    }
    func attributes(_ count: Int) -> String { "<a" + (0..<count).map { " b\($0)=''" }.joined() + "/>" }
    #expect(Self.error(nested(256)).hasPrefix("none"))
    #expect(Self.error(nested(257)) == "a.xml:1:769: elements are nested deeper than 256 levels")
    #expect(Self.error(attributes(128)).hasPrefix("none"))
    #expect(Self.error(attributes(129)).hasSuffix(": the element has more than 128 attributes"))
    let long = [UInt8](repeating: 0x20, count: XMLReader.longestFile + 1)
    #expect(Self.error(long) == "a.xml: the file is longer than 16 MiB")
  }

  @Test func theNumberOfElementsIsLimited() {
    let few = Array(repeating: Array("<a/>\n".utf8), count: 999_999).flatMap { $0 }
    var warnings: [RobotFileWarning] = []
    let root = try? XMLReader.parse(Array("<a>".utf8) + few + Array("</a>".utf8), file: "a.xml", warnings: &warnings)
    #expect(root?.children.count == 999_999)
    let message = Self.error(Array("<a>".utf8) + few + Array("<b c=''/></a>".utf8))
    #expect(message == "a.xml:1000000:1: the file has more than 1000000 elements and attributes")
  }
}
