import Environments

/// An element of an XML file.
package struct XMLElement: Sendable {
  package let name: String
  package let position: SourcePosition
  /// In the order of the file.
  package let attributes: [XMLAttribute]
  /// In the order of the file; text is left out.
  package var children: [XMLElement]

  package init(name: String, position: SourcePosition, attributes: [XMLAttribute], children: [XMLElement] = []) {
    self.name = name
    self.position = position
    self.attributes = attributes
    self.children = children
  }
}

/// An attribute of an element.
package struct XMLAttribute: Sendable {
  package let name: String
  /// With references replaced and every line break a blank.
  package let value: String
  /// Where its name begins.
  package let position: SourcePosition

  package init(name: String, value: String, position: SourcePosition) {
    self.name = name
    self.value = value
    self.position = position
  }
}

extension XMLElement {
  /// The value of an attribute.
  package subscript(_ name: String) -> String? { attribute(name)?.value }

  /// The attribute of that name.
  package func attribute(_ name: String) -> XMLAttribute? { attributes.first { $0.name == name } }

  /// The first child of that name.
  package func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// All children of that name, in the order of the file.
  package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The element as messages name it: `<joint name="fl_kn">`, or `<joint>` where it has no name.
  package var tag: String {
    let element = excerpt(name)
    return self["name"].map { "<\(element) name=\"\(excerpt($0))\">" } ?? "<\(element)>"
  }

  /// An error at the element.
  package func error(_ text: String) -> RobotFileError { RobotFileError("\(tag): \(text)", at: position) }

  /// An error at an attribute, or at the element where it has no such attribute.
  package func error(_ text: String, attribute: String) -> RobotFileError {
    RobotFileError("\(tag): \(text)", at: self.attribute(attribute)?.position ?? position)
  }
}

/// Text of a file as a message quotes it: short, and without characters that could move a cursor or end a line.
package func excerpt(_ text: String) -> String {
  let longest = 40
  let scalars = text.unicodeScalars
  // A count of all of a long text would cost as much as the text is long.
  guard let cut = scalars.index(scalars.startIndex, offsetBy: longest, limitedBy: scalars.endIndex),
    cut < scalars.endIndex
  else { return printable(text) }
  return printable(String(scalars[..<cut])) + "…"
}
