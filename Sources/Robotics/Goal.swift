/// What the episodes of an evaluation must show, together, for a robot's task to count as solved: values only, which
/// an evaluation compares with its results.
public struct Goal: Sendable, Equatable {
  /// A figure of the whole evaluation with the bounds, both included, that it must keep.
  public struct Condition: Sendable, Equatable {
    public enum Figure: Sendable, Equatable {
      /// The share of the episodes that lasted until time ran out.
      case lasting
      /// The mean return.
      case meanReturn
      /// The mean of the spec's metric of that name; bounds are not kept where it is defined in no episode.
      case metric(String)
    }

    public var figure: Figure
    public var bounds: ClosedRange<Double>

    public init(_ figure: Figure, _ bounds: ClosedRange<Double>) {
      self.figure = figure
      self.bounds = bounds
    }

    public static func lasting(atLeast share: Double) -> Condition { Condition(.lasting, share...1) }
    public static func meanReturn(atLeast value: Double) -> Condition { Condition(.meanReturn, value ... .infinity) }
    public static func mean(_ metric: String, atLeast value: Double) -> Condition {
      Condition(.metric(metric), value ... .infinity)
    }
    public static func mean(_ metric: String, atMost value: Double) -> Condition {
      Condition(.metric(metric), -.infinity...value)
    }
    public static func mean(_ metric: String, in bounds: ClosedRange<Double>) -> Condition {
      Condition(.metric(metric), bounds)
    }
  }

  /// All of them must hold.
  public var conditions: [Condition]

  /// A goal without a condition is never reached.
  public init(_ conditions: Condition...) { self.conditions = conditions }
}
