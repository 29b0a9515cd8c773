/// What a command line asks for and cannot get, in one line that names what would be right.
public struct CommandError: Error, Equatable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}
