/// Measures the seconds that something takes.
package struct Stopwatch: Sendable {
  private let start = ContinuousClock.now

  package init() {}

  /// Seconds since the stopwatch was made.
  package var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}
