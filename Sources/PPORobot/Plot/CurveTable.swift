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
  /// - Throws: `CommandError` if a line has more or fewer cells than the first, or a cell is no number.
  package init(csv bytes: [UInt8], source: String) throws {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    lines.removeLast()
    guard let header = lines.first else {
      self = .empty
      return
    }
    let names = Self.cells(ofHeader: header)
    guard Set(names).count == names.count else { throw CommandError("\(source) names a column twice") }
    var columns = [[Double]](repeating: [], count: names.count)
    for i in columns.indices { columns[i].reserveCapacity(lines.count - 1) }
    for (number, line) in lines.enumerated().dropFirst() {
      let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      guard cells.count == names.count else {
        throw CommandError(
          "\(source) is damaged: line \(number + 1) has \(cells.count) cells where the first line names \(names.count)")
      }
      for (i, cell) in cells.enumerated() {
        guard let value = cell.isEmpty ? .nan : Double(String(decoding: cell, as: UTF8.self)) else {
          throw CommandError("\(source) is damaged: '\(names[i])' in line \(number + 1) is not a number")
        }
        columns[i].append(value)
      }
    }
    self.init(
      names: names, columns: Dictionary(uniqueKeysWithValues: zip(names, columns)), rowCount: lines.count - 1)
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
