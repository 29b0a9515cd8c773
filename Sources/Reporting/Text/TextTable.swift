/// Rows of cells, the first column to the left and the others to the right.
package struct TextTable: Sendable {
  private let rows: [[String]]
  private let leftColumns: Set<Int>

  package init(_ rows: [[String]], leftColumns: Set<Int> = [0]) {
    self.rows = rows
    self.leftColumns = leftColumns
  }

  package var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      let line = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return leftColumns.contains(column) ? cell + padding : padding + cell
      }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
