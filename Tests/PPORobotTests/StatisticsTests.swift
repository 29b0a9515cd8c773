import PPORobot
import Testing

@Suite struct StatisticsTests {
  @Test func handValues() throws {
    let statistics = Statistics([4, 1, 3, 2])
    #expect(statistics.mean == 2.5)
    // Squares 2.25 + 2.25 + 0.25 + 0.25 = 5, over 3.
    #expect(statistics.std == (5.0 / 3).squareRoot())
    #expect(statistics.min == 1)
    #expect(statistics.max == 4)
    #expect(statistics.p50 == 2.5)
    // Position 0.05 · 3 = 0.15 between 1 and 2; 0.95 · 3 = 2.85 between 3 and 4.
    #expect(abs(try #require(statistics.p05) - 1.15) < 1e-12)
    #expect(abs(try #require(statistics.p95) - 3.85) < 1e-12)
  }

  @Test func undefinedFiguresAreLeftOut() {
    let statistics = Statistics([1, .nan, 3, .infinity])
    #expect(statistics.count == 2)
    #expect(statistics.mean == 2)
  }

  @Test func oneFigureHasNoSpread() {
    let statistics = Statistics([7])
    #expect(statistics.mean == 7)
    #expect(statistics.p05 == 7)
    #expect(statistics.std == nil)
    #expect(statistics.ci95 == nil)
  }

  @Test func nothingIsNull() {
    let names = ["mean", "std", "ci95", "min", "p05", "p50", "p95", "max"]
    #expect(Statistics([.nan]).json.line == "{" + names.map { "\"\($0)\":null" }.joined(separator: ",") + "}")
  }

  @Test func intervalOfAConstantIsAPoint() {
    #expect(Statistics([2, 2, 2]).ci95 == 2...2)
  }

  /// For many figures the interval comes to mean ± 1.96 · std / √n.
  @Test func intervalAgreesWithTheNormalApproximation() throws {
    let sample = (0..<400).map { Double($0 % 20) }
    let statistics = Statistics(sample)
    let interval = try #require(statistics.ci95)
    let (mean, std) = (try #require(statistics.mean), try #require(statistics.std))
    let half = 1.96 * std / 20
    #expect(abs(interval.lowerBound - (mean - half)) < 0.1 * half)
    #expect(abs(interval.upperBound - (mean + half)) < 0.1 * half)
  }

  @Test func intervalIsTheSameEveryTime() {
    #expect(Statistics([1, 5, 2, 8]).ci95 == Statistics([1, 5, 2, 8]).ci95)
  }
}
