/// What makes an episode a success.
public enum Success: Sendable, Equatable {
  /// It lasted until time ran out.
  case lasting
  /// It was terminated for this reason, one of the spec's endings, such as "landed".
  case ending(String)
  /// The spec's metric of that name, at the end, is defined and within the bounds, both included.
  case metric(String, in: ClosedRange<Double>)
}
