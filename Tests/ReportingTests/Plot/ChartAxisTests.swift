import Reporting
import Testing

@Suite struct ChartAxisTests {
  private func texts(_ values: [Double], mayBeLogarithmic: Bool = false) -> [String] {
    ChartAxis(showing: values, mayBeLogarithmic: mayBeLogarithmic).ticks.map(\.text)
  }

  @Test(arguments: [
    ([0, 1], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ([0, 20], ["0", "5", "10", "15", "20"]),
    ([12, 571.6], ["0", "200", "400", "600"]),
    ([-1500, -120], ["-1,500", "-1,000", "-500", "0"]),
    ([900, 1000], ["900", "950", "1,000"]),
    ([12_000, 104_000], ["0", "50,000", "100,000"]),
    ([-3e6, 2.5e6], ["-2\u{A0}M", "0", "2\u{A0}M"]),
    ([0, 2.4e-5], ["0", "0.5e-5", "1.0e-5", "1.5e-5", "2.0e-5", "2.5e-5"]),
    ([3, 3], ["0", "1", "2", "3", "4"]),
    ([0, 0], ["-1.0", "-0.5", "0", "0.5", "1.0"]),
    ([-2, -2], ["-3", "-2", "-1", "0"]),
  ])
  func ticksAreRoundAndShort(_ values: [Double], _ expected: [String]) {
    #expect(texts(values) == expected)
  }

  /// Up to what a table may hold.
  @Test func anyFigureHasAnAxis() {
    let sizes: [Double] = [1e-100, 1e-30, 1, 1e30, 1e100]
    let values = [0] + sizes + sizes.map { -$0 } + sizes.map(\.nextUp)
    for a in values {
      for b in values {
        for mayBeLogarithmic in [false, true] {
          let axis = ChartAxis(showing: [a, b], mayBeLogarithmic: mayBeLogarithmic)
          #expect(axis.range.lowerBound < axis.range.upperBound && axis.ticks.count < 20, "\(a) \(b)")
        }
      }
    }
  }

  @Test func ticksLieOnTheAxisInOrder() {
    for exponent in -12...12 {
      var scale = 1.0
      for _ in 0..<abs(exponent) { scale = exponent > 0 ? scale * 10 : scale / 10 }
      for (a, b) in [(0, 1), (1.3, 1.31), (-7, 13), (-999, -1), (0.37, 9.1)] {
        let axis = ChartAxis(showing: [a * scale, b * scale])
        #expect((3...7).contains(axis.ticks.count), "\(axis)")
        #expect(Set(axis.ticks.map(\.text)).count == axis.ticks.count, "\(axis)")
        #expect(axis.ticks.allSatisfy { (-1e-9...1 + 1e-9).contains(axis.position(of: $0.value)) })
        #expect(axis.range.contains(a * scale) && axis.range.contains(b * scale))
      }
    }
  }

  @Test func aFewFarOffDoNotPushTheRestTogether() {
    let usual = (0..<200).map { Double($0 % 10) }
    #expect(ChartAxis(showing: usual + [1e9]).range.upperBound < 20)
    #expect(ChartAxis(showing: usual + [-1e9]).range.lowerBound > -20)
    // What is merely high, or is not rare, belongs there.
    #expect(ChartAxis(showing: usual + [25]).range.contains(25))
    #expect(ChartAxis(showing: usual + [Double](repeating: 1e3, count: 20)).range.contains(1e3))
    #expect(ChartAxis(showing: [1, 1000]).range.contains(1000))
  }

  @Test func logarithmicAxesArePlainOrPowers() {
    #expect(
      texts([0.02, 3], mayBeLogarithmic: true)
        == ["0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"])
    #expect(texts([0.5, 5000], mayBeLogarithmic: true) == ["1", "10", "100", "1,000"])
    #expect(texts([2e-5, 9e-4], mayBeLogarithmic: true) == ["2e-5", "5e-5", "1e-4", "2e-4", "5e-4", "1e-3"])
    #expect(texts([1e-8, 1e6], mayBeLogarithmic: true).count <= 5)
    // No reason to, or none possible.
    #expect(ChartAxis(showing: [1, 10], mayBeLogarithmic: true).scale == .linear)
    #expect(ChartAxis(showing: [0, 1000], mayBeLogarithmic: true).scale == .linear)
  }
}
