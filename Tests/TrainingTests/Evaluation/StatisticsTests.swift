import Testing
import Training

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

  @Test func theInterquartileMeanLeavesOutTheEnds() {
    // As SciPy's trim_mean(…, 0.25): of eight figures two go at each end, of five one, of three none.
    #expect(Statistics.interquartileMean(of: [100, 1, 2, 3, 4, 5, 6, -50]) == 3.5)
    #expect(Statistics.interquartileMean(of: [9, 1, 2, 4, 100]) == 5)
    #expect(Statistics.interquartileMean(of: [1, 2, 6]) == 3)
    #expect(Statistics.interquartileMean(of: []) == nil)
  }

  @Test func differencesOverRuns() throws {
    let apart = try #require(Statistics.difference(from: [1, 2, 3], to: [11, 12, 13]))
    #expect(apart.difference == 10)
    #expect(apart.ci95.lowerBound > 8 && apart.ci95.upperBound < 12)
    let mixed = try #require(Statistics.difference(from: [1, 2, 9, 4], to: [3, 5, 1, 4]))
    #expect(mixed.ci95.contains(0))
    #expect(Statistics.difference(from: [], to: [1]) == nil)
  }

  @Test func intervalIsTheSameEveryTime() {
    #expect(Statistics([1, 5, 2, 8]).ci95 == Statistics([1, 5, 2, 8]).ci95)
  }
}
