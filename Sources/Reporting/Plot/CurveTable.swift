import Training

/// The columns of a CSV file of figures, such as `progress.csv`, by name.
package struct CurveTable: Sendable, Equatable {
  /// The columns' names, in the file's order.
  package let names: [String]
  private let columns: [String: [Double]]
  package let rowCount: Int

  package static let empty = CurveTable(names: [], columns: [:], rowCount: 0)

  private init(names: [String], columns: [String: [Double]], rowCount: Int) {
    (self.names, self.columns, self.rowCount) = (names, columns, rowCount)
  }

  /// The figures of a column, not-a-number where the cell is empty; nil if there is no such column.
  package subscript(name: String) -> [Double]? { columns[name] }

  /// Reads a table that may be growing: a line without an end is one that is being written, and does not count.
  ///
  /// - Parameter source: what the bytes are, for the error's line.
  /// - Throws: `ReportingError` if a line has more or fewer cells than the first, or a cell is no number that can be drawn.
  package init(csv bytes: [UInt8], source: String) throws {
    let newline = UInt8(ascii: "\n")
    guard let headerEnd = bytes.firstIndex(of: newline) else {
      self = .empty
      return
    }
    let names = Self.cells(ofHeader: bytes[..<headerEnd])
    guard Set(names).count == names.count else { throw ReportingError("\(source) names a column twice") }
    var columns = [[Double]](repeating: [], count: names.count)
    var (start, line) = (headerEnd + 1, 1)
    while let end = bytes[start...].firstIndex(of: newline) {
      line += 1
      let cells = bytes[start..<end].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      guard cells.count == names.count else {
        throw ReportingError(
          "\(source) is damaged: line \(line) has \(cells.count) cells where the first line names \(names.count)")
      }
      for (i, cell) in cells.enumerated() {
        guard let value = Self.value(ofCell: cell) else {
          throw ReportingError(
            "\(source) is damaged: \(quoted(names[i])) in line \(line) is not a number within ±\(Self.largest)")
        }
        columns[i].append(value)
      }
      start = end + 1
    }
    self.init(names: names, columns: Dictionary(uniqueKeysWithValues: zip(names, columns)), rowCount: line - 1)
  }

  /// No figure of a training comes near these; what lies beyond them leaves the range of numbers when it is drawn.
  private static let (smallest, largest) = (1e-100, 1e100)

  /// Not-a-number where the cell is empty; nil where it holds anything but a number of a size that can be drawn.
  private static func value(ofCell cell: ArraySlice<UInt8>) -> Double? {
    guard !cell.isEmpty else { return .nan }
    guard let value = Double(String(decoding: cell, as: UTF8.self)), abs(value) <= largest else { return nil }
    return abs(value) < smallest ? 0 : value
  }

  /// Names, which may hold commas and quotes as RFC 4180 writes them.
  private static func cells(ofHeader line: ArraySlice<UInt8>) -> [String] {
    var cells: [[UInt8]] = [[]]
    var isQuoted = false
    var isAfterQuote = false
    for byte in line {
      switch byte {
      case UInt8(ascii: "\""):
        if !isQuoted, isAfterQuote { cells[cells.count - 1].append(byte) }
        isAfterQuote = isQuoted
        isQuoted.toggle()
        continue
      case UInt8(ascii: ",") where !isQuoted: cells.append([])
      default: cells[cells.count - 1].append(byte)
      }
      isAfterQuote = false
    }
    return cells.map { String(decoding: $0, as: UTF8.self) }
  }
}
