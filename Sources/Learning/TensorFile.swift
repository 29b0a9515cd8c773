/// Named tensors and text, as they stand in a file.
public struct TensorFile: Sendable, Equatable {
  public init() {}
}

extension PPO {
  public func save(to file: inout TensorFile) throws {}
  public mutating func restore(from file: TensorFile) throws {}
}
