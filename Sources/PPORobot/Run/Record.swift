/// Named figures in a fixed order: a row of a CSV file, or the members of a JSON object.
package struct Record: Sendable {
  package private(set) var members: [(key: String, value: JSON)] = []

  package init() {}

  package mutating func add(_ name: String, _ value: Double) { members.append((name, .number(value))) }
  package mutating func add(_ name: String, _ value: Int) { members.append((name, .whole(value))) }

  /// The names, as a CSV file's first line.
  package var header: String { members.map { Self.cell($0.key) }.joined(separator: ",") }

  /// The figures, as a line of a CSV file; what is undefined is an empty cell.
  package var line: String {
    members.map { $0.value.line }.map { $0 == "null" ? "" : $0 }.joined(separator: ",")
  }

  /// Text as RFC 4180 wants it.
  private static func cell(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

/// A CSV file that gets its header with the first row.
struct Table {
  private let file: GrowingFile
  private var header: String?

  init(_ file: GrowingFile) { self.file = file }

  /// - Throws: `CommandError` if the file cannot be written, or goes on from rows with other columns.
  mutating func append(_ record: Record) throws {
    if header == nil {
      let line = record.header
      if file.length == 0 {
        try file.append(line + "\n")
      } else if !file.starts(with: line + "\n") {
        throw CommandError(
          "'\(file.path)' has other columns than this version of ppo-robot writes; resume with the one that began it")
      }
      header = line
    }
    try file.append(record.line + "\n")
  }
}
