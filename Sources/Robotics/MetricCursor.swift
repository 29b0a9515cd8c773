import Environments

/// Collects an episode's metrics by name.
public struct MetricCursor: Sendable {
  /// In the order of the names; not-a-number where none has been written.
  package private(set) var values: [Double]
  /// What the task did wrong, in words; nil if nothing. It stays.
  package private(set) var problem: String?
  private var finder: NameFinder
  /// Whether each metric has ever been written.
  private var wasWritten: [Bool]
  /// Room for figures that are written together.
  private var scratch: [Double] = []

  package init(_ names: [String]) {
    values = names.map { _ in .nan }
    wasWritten = names.map { _ in false }
    finder = NameFinder(names)
  }

  /// Names of the metrics that no episode has written.
  package var neverWritten: [String] { zip(finder.names, wasWritten).filter { !$0.1 }.map(\.0) }

  /// Begins an episode's figures: none is written yet.
  package mutating func rewind() {
    finder.rewind()
    for i in values.indices { values[i] = .nan }
  }

  /// Writes one of the task's `metrics`; not-a-number where it is undefined, which it also is where it is not written.
  public mutating func write(_ name: String, _ value: Double) {
    switch finder.find(name) {
    case .found(let index):
      values[index] = value
      wasWritten[index] = true
    case .foundBefore: note("metric '\(printable(name))' is written twice")
    case .unknown:
      note("metric '\(printable(name))' is written, but is not among the task's metrics: \(list(finder.names))")
    }
  }

  /// Writes as many metrics as there are `names`, each as `write(_:_:)` does.
  ///
  /// - Parameter fill: sets the figures, one for each name.
  public mutating func write(_ names: [String], _ fill: (inout MutableSpan<Double>) -> Void) {
    var figures = exchange(&scratch, with: [])
    while figures.count < names.count { figures.append(.nan) }
    for i in figures.indices { figures[i] = .nan }
    do {
      var all = figures.mutableSpan
      var own = all._mutatingExtracting(0..<names.count)
      fill(&own)
    }
    for (i, name) in names.enumerated() { write(name, figures[i]) }
    scratch = figures
  }

  private mutating func note(_ text: String) { if problem == nil { problem = text } }
}

/// "'a', 'b'", or "none".
func list(_ names: [String]) -> String {
  names.isEmpty ? "none" : names.map { "'\(printable($0))'" }.joined(separator: ", ")
}
