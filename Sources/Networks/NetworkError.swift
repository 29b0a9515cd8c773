/// Why a network or a policy cannot be made or used as asked, in one line.
public struct NetworkError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
