import Testing
import Training

@Suite struct ProportionTests {
  /// Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3; and R's
  /// prop.test(correct = FALSE).
  @Test(arguments: [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
    (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (95, 100, 0.8882, 0.9785),
  ])
  func wilson(_ count: Int, _ total: Int, _ low: Double, _ high: Double) throws {
    let interval = try #require(Proportion(count, of: total).ci95)
    #expect(abs(interval.lowerBound - low) < 5.1e-5)
    #expect(abs(interval.upperBound - high) < 5.1e-5)
  }

  @Test func boundsAreExactAtBothEnds() {
    for total in [1, 3, 10, 1000] {
      #expect(Proportion(0, of: total).ci95?.lowerBound == 0)
      #expect(Proportion(total, of: total).ci95?.upperBound == 1)
    }
  }

  @Test func nothingHasNoShare() {
    #expect(Proportion([]).json.line == #"{"count":0,"share":null,"ci95":null}"#)
    #expect(Proportion([true, false, true, true]).share == 0.75)
  }
}
