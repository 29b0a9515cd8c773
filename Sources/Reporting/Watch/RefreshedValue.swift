import Training

/// A value made from files, made again once they have changed, but with at most a hundredth of a processor's time.
package struct RefreshedValue<Value> {
  /// How many times the cost of making it must pass before it is made again.
  private static var patience: Double { 100 }

  private var value: Value?
  private var stamps: [Files.Stamp?] = []
  private var age = Stopwatch()
  private var cost = 0.0

  package init() {}

  /// The present value.
  ///
  /// - Parameters:
  ///   - paths: the files it is made from.
  ///   - make: makes it.
  package mutating func value(from paths: [String], make: () throws -> Value) rethrows -> Value {
    let now = paths.map(Files.stamp)
    if let value, now == stamps || age.seconds < Self.patience * cost { return value }
    let start = Host.threadSeconds
    let value = try make()
    (self.value, stamps) = (value, now)
    (age, cost) = (Stopwatch(), Host.threadSeconds - start)
    return value
  }
}
