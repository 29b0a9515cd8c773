import Reporting
import Testing

@Suite struct CurveTests {
  private func curve(_ values: [Double], from start: Double = 1) -> Curve {
    Curve(values.enumerated().map { .init(start + Double($0), $1) })
  }

  @Test func aShortCurveStaysAsItIs() {
    let short = curve([1, .nan, 3])
    let thinned = short.thinned(to: .init(to: 3, count: 3))
    #expect(thinned.points.map(\.x) == [1, 2, 3])
    #expect(thinned.points[0] == short.points[0] && thinned.points[1].y.isNaN)
  }

  @Test func aLongCurveKeepsItsSpikes() {
    var values = (0..<1000).map { Double($0 % 7) }
    values[500] = 1e6
    values[700] = -1e6
    let thinned = curve(values, from: 0.5).thinned(to: .init(to: 1000, count: 100))
    #expect(thinned.points.count == 100)
    #expect(thinned.points.map(\.high).max() == 1e6 && thinned.points.map(\.low).min() == -1e6)
    #expect(thinned.points.allSatisfy { (0...6).contains($0.y) && $0.low <= $0.y && $0.y <= $0.high })
    // Ten points a bin: 0, 1, …, 6, 0, 1, 2.
    #expect(thinned.points[0] == .init(5, 2, low: 0, high: 6))
  }

  @Test func whereAllIsUndefinedThereIsAGap() {
    var values = [Double](repeating: 1, count: 100)
    for i in 20..<40 { values[i] = .nan }
    values[50] = .nan
    let thinned = curve(values, from: 0.5).thinned(to: .init(to: 100, count: 10))
    #expect(thinned.points.map(\.y.isFinite) == [true, true, false, false] + [Bool](repeating: true, count: 6))
    #expect(curve([1, .nan, 3]).bridged.points.map(\.y) == [1, 3])
    #expect(curve([1, 2, .nan]).last == 2)
    #expect(curve([.nan]).last == nil)
  }

  /// Of n values, those between which the median lies in at least 95 of 100 cases, or all of them (Conover 1999, table A3).
  @Test(arguments: [(1, 0), (2, 0), (5, 0), (6, 0), (8, 0), (9, 1), (11, 1), (12, 2), (15, 3), (20, 5), (1000, 468)])
  func intervalsOfMedians(_ count: Int, _ cut: Int) {
    let values = (0..<count).map(Double.init)
    #expect(Curve.interval(ofMedianOf: values) == Double(cut)...Double(count - 1 - cut))
    #expect(Curve.interval(ofMedianOf: []) == nil)
  }

  @Test func runsMeasuredAtTheSamePlacesMeetThere() {
    let runs = [curve([1, 2, 3, 4]), curve([3, .nan, 5]), curve([2, 10, 7])]
    let median = Curve.median(of: runs, in: .init(to: 4, count: 100))
    #expect(median.points.map(\.x) == [1, 2, 3, 4])
    #expect(median.points[0] == .init(1, 2, low: 1, high: 3))
    #expect(median.points[1] == .init(2, 6, low: 2, high: 10))
    #expect(median.points[2] == .init(3, 5, low: 3, high: 7))
    // One run of three says nothing about them all.
    #expect(median.points[3].y.isNaN)
  }

  @Test func runsMeasuredElsewhereMeetInBins() {
    let a = Curve((0..<50).map { .init(0.5 + 2 * Double($0), 4) })
    let b = Curve((0..<200).map { .init(0.25 + Double($0) / 2, Double($0 % 3)) })
    let median = Curve.median(of: [a, b], in: .init(to: 100, count: 1000))
    #expect(median.points.count == 50)
    #expect(median.points.allSatisfy { $0.y > 2 && $0.high == 4 && $0.low < 2 })
    // A run that has nothing in a bin counts with what lies between its neighbors there.
    let sparse = Curve([.init(5, 0), .init(95, 9), .init(96, 9), .init(97, 9), .init(98, 9)])
    let filled = Curve.median(
      of: [sparse, sparse, Curve([.init(1, 5), .init(2, 5), .init(3, 5), .init(4, 5), .init(99, 5)])],
      in: .init(to: 100, count: 10))
    #expect(filled.points.count == 5)
    #expect(filled.points.allSatisfy { $0.y.isFinite })
    #expect(filled.points[2].low == 4.5)
  }
}
