import Storage

/// What a benchmark found, a row a figure.
package struct BenchmarkReport: Sendable {
  package struct Row: Sendable {
    package let name: String
    package let value: Double
    package let unit: String
    /// What the figure is held against, if anything.
    package let against: String?
    /// The figure divided by what it is held against.
    package let ratio: Double?
  }

  package let robot: String
  /// What chose the actions.
  package let policy: String
  package let machine: String
  package let threads: Int
  /// Of all threads together.
  package let peak: Double
  package let rows: [Row]

  /// The document that `benchmark --json` prints.
  package var json: JSON {
    .object([
      ("machine", .text(machine)), ("threads", .whole(threads)), ("fma_peak_gflops", .number(peak)),
      ("rows", .array(rows.map(\.json))),
    ])
  }
}

extension BenchmarkReport.Row {
  fileprivate var json: JSON {
    .object([
      ("name", .text(name)), ("value", .number(value)), ("unit", .text(unit)),
      ("against", against.map(JSON.text) ?? .null), ("ratio", .number(ifAny: ratio)),
    ])
  }
}
