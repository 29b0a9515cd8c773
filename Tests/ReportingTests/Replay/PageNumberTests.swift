import Environments
import Foundation
import Reporting
import TestRuns
import Testing
import Training

/// Numbers in pages read as those that the command writes.
@Suite(.enabled(if: Browser.isInstalled, "needs Chromium; './setup --tests' installs it"))
struct PageNumberTests {
  @Test func pagesWriteNumbersAsTheCommandDoes() throws {
    var values: [Double] = [0, 1, 999.94, 999.96, 1234.4, 99.94, 99.96, 0.001, 0.000999, 2.4e-4, 1e9, 999_999_999]
    for exponent in -8...11 {
      for mantissa in [1.2345, 3.14159, 9.8765] { values.append(mantissa * pow(10, Double(exponent))) }
    }
    values += values.map { -$0 }
    let browser = try Browser()
    try browser.open("about:blank")
    let list = values.map { "\($0)" }.joined(separator: ",")
    let texts = try browser.run("\(WebPage.part("numbers.js")); return [\(list)].map(shortNumber)") as? [String]
    #expect(texts == values.map(NumberText.short))
    let grouped = try browser.run(
      "\(WebPage.part("numbers.js")); return [0, 12, 123, 1234, 1234567].map(groupedNumber)")
    #expect(grouped as? [String] == ["0", "12", "123", "1,234", "1,234,567"])
  }
}
