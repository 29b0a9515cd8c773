import Storage

/// Named figures in a fixed order: a row of a CSV file, the members of a JSON object, or TensorBoard's scalars of a step.
package struct MetricRow: Sendable {
  package struct Member: Sendable {
    /// The name as a column or a key.
    package let name: String
    /// The name as TensorBoard's, which shows together what has the same first part.
    package let tag: String
    package let value: JSON

    /// The figure; nil where it is undefined.
    package var number: Double? {
      switch value {
      case .whole(let value): Double(value)
      case .number(let value): value.isFinite ? value : nil
      default: nil
      }
    }
  }

  package private(set) var members: [Member] = []

  private let root: String?

  /// - Parameter root: what every tag starts with, if anything.
  package init(under root: String? = nil) { self.root = root }

  /// - Parameter group: what TensorBoard shows the figure in; nil where the name says so itself, as `reward/height` does.
  package mutating func add(_ name: String, _ value: Double, in group: String? = nil) {
    add(name, .number(value), in: group)
  }

  package mutating func add(_ name: String, _ value: Int, in group: String? = nil) {
    add(name, .whole(value), in: group)
  }

  private mutating func add(_ name: String, _ value: JSON, in group: String?) {
    let tag = [root, group, name].compactMap(\.self).joined(separator: "/")
    members.append(Member(name: name, tag: tag, value: value))
  }

  /// The names, as a CSV file's first line.
  package var header: String { members.map { Self.cell($0.name) }.joined(separator: ",") }

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
