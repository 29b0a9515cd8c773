/// Reads XML 1.0 as robots' files use it: elements and attributes. Text, comments and processing instructions are skipped;
/// document types, and with them entities of a file's own, are refused.
///
/// Its errors say what is wrong and where, and quote nothing: a file that is no robot's may hold what messages must not.
package enum XMLReader {
  /// Bytes of a file.
  package static let longestFile = 16 << 20
  /// Levels of elements.
  package static let deepest = 256
  /// Elements and attributes together.
  package static let mostParts = 1_000_000
  /// Attributes of one element.
  package static let mostAttributes = 128

  /// The root element.
  ///
  /// - Parameter file: its name as in messages.
  package static func parse(
    _ bytes: [UInt8], file: String, warnings: inout [RobotFileWarning]
  ) throws(RobotFileError) -> XMLElement {
    guard bytes.count <= longestFile else {
      throw RobotFileError("the file is longer than \(longestFile >> 20) MiB", file: file)
    }
    var document = XMLDocument(try XMLCursor(bytes, file: file, warnings: &warnings))
    defer { warnings += document.warnings }
    return try document.read()
  }
}

/// What has been read of a file.
private struct XMLDocument {
  private struct Open {
    var element: XMLElement
    /// Offsets of its `<` and of its name.
    let start: Int
    let name: Range<Int>
  }

  private(set) var warnings: [RobotFileWarning] = []
  private var cursor: XMLCursor
  private var open: [Open] = []
  private var root: XMLElement?
  private var parts = 0
  private var isDeclared = false
  private var hasDashes = false

  init(_ cursor: XMLCursor) { self.cursor = cursor }

  mutating func read() throws(RobotFileError) -> XMLElement {
    while let byte = cursor.next {
      guard byte == UInt8(ascii: "<") else {
        try skipText()
        continue
      }
      switch cursor[cursor.offset + 1] {
      case UInt8(ascii: "?"): try readInstruction()
      case UInt8(ascii: "!"): try readMarkup()
      case UInt8(ascii: "/"): try readEndTag()
      default: try readStartTag()
      }
    }
    if let last = open.last { throw cursor.error("this element has no end tag", at: last.start) }
    guard let root else { throw RobotFileError("there is no element in the file", file: cursor.file) }
    return root
  }

  // MARK: What is skipped

  private mutating func skipText() throws(RobotFileError) {
    if open.isEmpty {
      cursor.skipBlanks()
      guard let byte = cursor.next, byte != UInt8(ascii: "<") else { return }
      let place = root == nil ? "before" : "after"
      throw cursor.error("there is text \(place) the root element; is this an XML file?", at: cursor.offset)
    }
    cursor.skip(to: UInt8(ascii: "<"), or: UInt8(ascii: "&"), or: UInt8(ascii: "]"))
    if cursor.next == UInt8(ascii: "&") {
      _ = try cursor.reference()
    } else if cursor.next == UInt8(ascii: "]") {
      let bracket = cursor.offset
      if cursor.take("]]>") { throw cursor.error("']]>' must be written ]]&gt; in text", at: bracket) }
      cursor.offset += 1
    }
  }

  private mutating func readMarkup() throws(RobotFileError) {
    let start = cursor.offset
    if cursor.take("<!--") {
      try skipComment(start)
    } else if cursor.take("<![CDATA[") {
      guard !open.isEmpty else { throw cursor.error("there is text outside the root element", at: start) }
      guard cursor.skip(past: "]]>") else { throw cursor.error("this CDATA section does not end", at: start) }
    } else if cursor.take("<!DOCTYPE") {
      throw cursor.error("document types are not read; remove DOCTYPE and write its entities out", at: start)
    } else {
      throw cursor.error("'<!' begins neither a comment nor a CDATA section", at: start)
    }
  }

  private mutating func skipComment(_ start: Int) throws(RobotFileError) {
    while cursor.skip(past: "--") {
      if cursor.take(">") { return }
      if !hasDashes {
        hasDashes = true
        warnings.append(cursor.warning("the comment holds '--', which other readers refuse", at: start))
      }
      cursor.offset -= 1  // "--->" ends it too
    }
    throw cursor.error("this comment does not end", at: start)
  }

  private mutating func readInstruction() throws(RobotFileError) {
    let start = cursor.offset
    cursor.offset += 2
    let target = cursor.name()
    guard !target.isEmpty else { throw cursor.error("'<?' must be followed by a name", at: start) }
    if target.count == 3, cursor.string(target).lowercased() == "xml" {
      return try readDeclaration(start, isSpelledRight: cursor.string(target) == "xml")
    }
    guard cursor.skip(past: "?>") else {
      throw cursor.error("this processing instruction does not end", at: start)
    }
  }

  private mutating func readDeclaration(_ start: Int, isSpelledRight: Bool) throws(RobotFileError) {
    guard isSpelledRight, !isDeclared, open.isEmpty, root == nil else {
      throw cursor.error("the XML declaration must be at the start of the file, once", at: start)
    }
    isDeclared = true
    if start > cursor.start {
      warnings.append(cursor.warning("the XML declaration is not at the start of the file", at: start))
    }
    let attributes = try readAttributes(of: start) { $0.take("?>") }
    // Files with version="0.0" are about, and other readers take them.
    guard attributes.first?.name == "version" else {
      throw cursor.error("the XML declaration must begin with a version", at: start)
    }
    for attribute in attributes.dropFirst() {
      switch attribute.name {
      case "standalone": continue
      case "encoding" where ["utf-8", "utf8", "us-ascii", "ascii"].contains(attribute.value.lowercased()): continue
      case "encoding":
        throw RobotFileError("the encoding must be UTF-8; save the file as UTF-8", at: attribute.position)
      default: throw RobotFileError("the XML declaration has no such attribute", at: attribute.position)
      }
    }
  }

  // MARK: Elements

  private mutating func readStartTag() throws(RobotFileError) {
    let start = cursor.offset
    cursor.offset += 1
    let name = cursor.name()
    guard !name.isEmpty else { throw cursor.error("'<' must be followed by a name, or be written &lt;", at: start) }
    guard root == nil else { throw cursor.error("there is a second root element", at: start) }
    guard open.count < XMLReader.deepest else {
      throw cursor.error("elements are nested deeper than \(XMLReader.deepest) levels", at: start)
    }
    try count(at: start)
    let position = cursor.position(at: start)
    var isEmpty = false
    let attributes = try readAttributes(of: start) { cursor in
      isEmpty = cursor.take("/>")
      return isEmpty || cursor.take(">")
    }
    let element = XMLElement(name: cursor.string(name), position: position, attributes: attributes)
    if isEmpty { close(element) } else { open.append(Open(element: element, start: start, name: name)) }
  }

  private mutating func readEndTag() throws(RobotFileError) {
    let start = cursor.offset
    cursor.offset += 2
    let name = cursor.name()
    guard let last = open.popLast() else { throw cursor.error("this end tag closes no element", at: start) }
    guard cursor.areEqual(name, last.name) else {
      let line = cursor.position(at: last.start).line
      throw cursor.error("this end tag does not match the element of line \(line), which is still open", at: start)
    }
    cursor.skipBlanks()
    guard cursor.take(">") else { throw cursor.error("this end tag does not end with '>'", at: start) }
    close(last.element)
  }

  private mutating func close(_ element: XMLElement) {
    if open.isEmpty { root = element } else { open[open.count - 1].element.children.append(element) }
  }

  /// The attributes of the tag that begins at `start`, up to and with what `takeEnd` goes past.
  private mutating func readAttributes(
    of start: Int, takeEnd: (inout XMLCursor) -> Bool
  ) throws(RobotFileError) -> [XMLAttribute] {
    var result: [XMLAttribute] = []
    while true {
      let isSeparate = cursor.skipBlanks()
      if takeEnd(&cursor) { return result }
      let place = cursor.offset
      guard cursor.next != nil else { throw cursor.error("this tag does not end", at: start) }
      let name = cursor.name()
      guard !name.isEmpty else { throw cursor.error("the tag must go on with an attribute or end with '>'", at: place) }
      guard isSeparate else { throw cursor.error("a blank is missing before the attribute", at: place) }
      try count(at: place)
      guard result.count < XMLReader.mostAttributes else {
        throw cursor.error("the element has more than \(XMLReader.mostAttributes) attributes", at: place)
      }
      let position = cursor.position(at: place)
      cursor.skipBlanks()
      guard cursor.take("=") else { throw cursor.error("the attribute has no '=' and value", at: place) }
      cursor.skipBlanks()
      let attribute = XMLAttribute(name: cursor.string(name), value: try cursor.quoted(), position: position)
      guard !result.contains(where: { $0.name == attribute.name }) else {
        throw RobotFileError("the attribute is a duplicate", at: position)
      }
      result.append(attribute)
    }
  }

  private mutating func count(at offset: Int) throws(RobotFileError) {
    parts += 1
    guard parts <= XMLReader.mostParts else {
      throw cursor.error("the file has more than \(XMLReader.mostParts) elements and attributes", at: offset)
    }
  }
}
