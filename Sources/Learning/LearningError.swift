/// Why something in this library cannot be made, read or used as asked, in one line.
public struct LearningError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
