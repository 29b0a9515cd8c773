import Reporting
import Testing

@Suite struct CurveTableTests {
  private func table(_ text: String) throws -> CurveTable {
    try CurveTable(csv: Array(text.utf8), source: "'t.csv'")
  }

  @Test func columnsGoByName() throws {
    let table = try table("steps,\"a, \"\"b\"\"\",return\n1,2,-3.5\n4,,6e-3\n")
    #expect(table.names == ["steps", "a, \"b\"", "return"])
    #expect(table.rowCount == 2)
    #expect(table["steps"] == [1, 4])
    #expect(table["return"] == [-3.5, 0.006])
    let column = try #require(table["a, \"b\""])
    #expect(column[0] == 2 && column[1].isNaN)
    #expect(table["length"] == nil)
  }

  /// A run at work may have written a part of its last line.
  @Test(arguments: ["", "ste", "steps,return", "steps,return\n", "steps,return\n1,2\n3", "steps,return\n1,2\n3,4"])
  func aLineWithoutAnEndDoesNotCount(_ text: String) throws {
    let table = try table(text)
    #expect(table.rowCount == (text.contains("1,2") ? 1 : 0))
    if table.rowCount == 1 { #expect(table["return"] == [2]) }
  }

  @Test(arguments: [
    ("steps,return\n1,2\n3\n", "'t.csv' is damaged: line 3 has 1 cells where the first line names 2"),
    ("steps,return\n1,two\n", "'t.csv' is damaged: 'return' in line 2 is not a number within ±1e+100"),
    ("steps,return\n1,inf\n", "'t.csv' is damaged: 'return' in line 2 is not a number within ±1e+100"),
    ("steps,return\nnan,1\n", "'t.csv' is damaged: 'steps' in line 2 is not a number within ±1e+100"),
    ("steps,\u{1B}[2J\n1,1e101\n", "'t.csv' is damaged: '\\u{1B}[2J' in line 2 is not a number within ±1e+100"),
    ("steps,steps\n1,2\n", "'t.csv' names a column twice"),
  ])
  func damageGetsOneLine(_ text: String, _ message: String) {
    #expect(throws: ReportingError(message)) { try table(text) }
  }
}
