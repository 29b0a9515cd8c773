import Environments

/// Text from outside between quotes, on one line and of bearable length.
package func quoted(_ text: String) -> String {
  let limit = 80
  let start = printable(String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))))
  return "'\(start)\(text.unicodeScalars.count > limit ? "…" : "")'"
}
