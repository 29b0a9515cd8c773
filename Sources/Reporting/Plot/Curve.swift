import Training

/// A figure of a run as it changes, with where it lay about each value, if that is known.
package struct Curve: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package var x: Double
    /// Not-a-number where the figure was undefined.
    package var y: Double
    /// Bounds about `y`; equal to it where there are none.
    package var low: Double
    package var high: Double

    package init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil) {
      (self.x, self.y, self.low, self.high) = (x, y, low ?? y, high ?? y)
    }
  }

  /// From left to right.
  package var points: [Point]

  package init(_ points: [Point]) { self.points = points }

  /// The value that comes last, if any is defined.
  package var last: Double? { points.last { $0.y.isFinite }?.y }

  /// The curve without what is undefined, for figures that are so only because there was nothing to measure.
  package var bridged: Curve { Curve(points.filter { $0.y.isFinite }) }

  // MARK: Thinning

  /// Parts of a horizontal range, equally wide.
  package struct Bins: Sendable {
    package let end: Double
    package let count: Int

    /// - Parameter end: where the last ends; the first starts at 0.
    package init(to end: Double, count: Int) { (self.end, self.count) = (end, count) }

    /// The bin of a place; those beyond either end are in the bin there.
    package func index(of x: Double) -> Int {
      end > 0 ? Int(min(Double(count - 1), max(0, x / end * Double(count)))) : 0
    }
    package func center(_ index: Int) -> Double { (Double(index) + 0.5) / Double(count) * end }
  }

  /// A curve with one point a bin: the median, and as bounds the least and the greatest, so that no spike is lost. A curve
  /// that has no more points than there are bins stays as it is.
  package func thinned(to bins: Bins) -> Curve {
    guard points.count > bins.count else { return self }
    return Curve(
      split(into: bins).map { part in
        let seen = part.filter { $0.y.isFinite }
        return Point(
          Self.median(part.map(\.x)), Self.median(seen.map(\.y)),
          low: seen.map(\.low).min() ?? .nan, high: seen.map(\.high).max() ?? .nan)
      })
  }

  /// The points by bin, from left to right; bins without any are left out.
  private func split(into bins: Bins) -> [ArraySlice<Point>] {
    var parts: [ArraySlice<Point>] = []
    var start = 0
    for i in points.indices
    where i + 1 == points.count || bins.index(of: points[i].x) != bins.index(of: points[i + 1].x) {
      parts.append(points[start...i])
      start = i + 1
    }
    return parts
  }

  /// Not-a-number of nothing.
  package static func median(_ values: [Double]) -> Double {
    Statistics.percentile(0.5, ofSorted: values.sorted()) ?? .nan
  }

  // MARK: Several runs

  /// The median over runs, with the interval that holds the median of all such runs in 95 of 100 cases; see
  /// `interval(ofMedianOf:)`. It ends where fewer than half of the runs have values.
  package static func median(of curves: [Curve], in bins: Bins) -> Curve {
    let places = curves.map { $0.points.map(\.x) }
    let longest = places.max { $0.count < $1.count } ?? []
    // Runs that were measured at the same places, as against steps, need no others.
    if longest.count <= bins.count, places.allSatisfy({ longest.starts(with: $0) }) {
      return median(at: longest, of: curves.map { $0.points.map(\.y) })
    }
    let fewest = places.map(\.count).filter { $0 > 0 }.min() ?? 1
    let bins = Bins(to: bins.end, count: max(1, min(bins.count, fewest)))
    let centers = (0..<bins.count).map(bins.center)
    return median(at: centers, of: curves.map { $0.values(in: bins) })
  }

  private static func median(at places: [Double], of rows: [[Double]]) -> Curve {
    let curve = places.enumerated().map { i, x in
      let values = rows.compactMap { i < $0.count && $0[i].isFinite ? $0[i] : nil }.sorted()
      guard 2 * values.count >= rows.count, let interval = interval(ofMedianOf: values) else { return Point(x, .nan) }
      return Point(x, median(values), low: interval.lowerBound, high: interval.upperBound)
    }
    return Curve(curve)
  }

  /// A value a bin: the median of its points, or between those about it where it has none.
  private func values(in bins: Bins) -> [Double] {
    var values = [Double](repeating: .nan, count: bins.count)
    var before: Point?
    for part in split(into: bins) {
      let place = bins.index(of: part[part.startIndex].x)
      values[place] = Self.median(part.map(\.y).filter(\.isFinite))
      if let before, let first = part.first {
        for i in (bins.index(of: before.x) + 1)..<max(place, bins.index(of: before.x) + 1) {
          let share = (bins.center(i) - before.x) / (first.x - before.x)
          values[i] = before.y + share * (first.y - before.y)
        }
      }
      before = part.last
    }
    return values
  }

  /// Two values of a sample between which the median of what it was drawn from lies in 95 of 100 cases, whatever the
  /// distribution: by order statistics with binomial probabilities. Of fewer than six values it is their range, which
  /// holds it less surely. (Conover, "Practical Nonparametric Statistics", 3rd edition 1999, section 3.2.)
  package static func interval(ofMedianOf sorted: [Double]) -> ClosedRange<Double>? {
    guard !sorted.isEmpty else { return nil }
    // The chance that at most `cut` of all lie below the median, doubled, must stay within 5 %.
    var chance = 1.0
    for _ in sorted { chance /= 2 }
    var (cut, tail) = (0, chance)
    while 2 * (cut + 1) < sorted.count {
      chance *= Double(sorted.count - cut) / Double(cut + 1)
      tail += chance
      guard 2 * tail <= 0.05 else { break }
      cut += 1
    }
    return sorted[cut]...sorted[sorted.count - 1 - cut]
  }
}
