/// What a training, an evaluation or a check cannot do, in one line that names what would be right.
public struct TrainingError: Error, Equatable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}
