/// Why a file cannot be read, written or understood, in one line.
public struct StorageError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
