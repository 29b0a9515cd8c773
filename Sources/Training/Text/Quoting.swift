import Environments

/// Text from outside between quotes, on one line and of bearable length.
package func quoted(_ text: String) -> String {
  let limit = 80
  let start = printable(String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))))
  return "'\(start)\(text.unicodeScalars.count > limit ? "…" : "")'"
}

/// Words for a shell.
package enum Shell {
  /// `word` as a shell reads it back.
  package static func quoted(_ word: String) -> String {
    let plain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789_-./=:,+@%".unicodeScalars.contains(scalar))
      }
    return plain
      ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
