/// What is wrong with a name that people, files and terminals are to show; nil if nothing is.
///
/// - Returns: the rest of a sentence that begins with the name, such as "is empty".
package func flaw(inName name: String) -> String? {
  if name.isEmpty { return "is empty" }
  if name.utf8.count > longestName { return "is \(name.utf8.count) bytes long; at most \(longestName) are possible" }
  if let scalar = name.unicodeScalars.first(where: isControl) {
    return "holds the control character \(escaped(scalar))"
  }
  return name.allSatisfy(\.isWhitespace) ? "is blank" : nil
}

/// Text with everything that could move a cursor or end a line written out, such as `\u{1B}`.
package func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  return text.unicodeScalars.reduce(into: "") { $0 += isControl($1) ? escaped($1) : String($1) }
}

private let longestName = 200

/// Control and format characters, which include those that reverse the direction of writing, and line separators.
package func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
  "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
}
