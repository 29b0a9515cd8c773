/// All parameters that a learner trains, as one flat vector with named blocks.
///
/// Optimizers, norms, rollbacks and checkpoints see only this vector; networks read and write their own blocks of it.
public struct ParameterSet: Sendable, Equatable {
  /// A named run of the vector.
  public struct Block: Sendable, Equatable {
    public let name: String
    public let range: Range<Int>
  }

  public private(set) var blocks: [Block] = []
  /// The blocks' values, one block behind the other.
  public var values: [Float] = []

  public var count: Int { values.count }

  public init() {}

  /// Adds a block behind the others.
  ///
  /// - Returns: where it is in `values`.
  @discardableResult
  public mutating func append(_ name: String, _ block: [Float]) -> Range<Int> {
    precondition(range(of: name) == nil, "duplicate block '\(name)'")
    let range = values.count..<values.count + block.count
    blocks.append(Block(name: name, range: range))
    values += block
    return range
  }

  /// Where the block `name` is in `values`; nil if there is none.
  public func range(of name: String) -> Range<Int>? { blocks.first { $0.name == name }?.range }

  /// Whether every value is finite.
  package var isFinite: Bool { squaredNorm(values).isFinite }

  /// Copies the values in `range` to `block` without allocating.
  package func copy(_ range: Range<Int>, to block: inout [Float]) {
    precondition(block.count == range.count)
    for i in block.indices { block[i] = values[range.lowerBound + i] }
  }

  /// Copies `block` to the values from `start` on without allocating.
  package mutating func overwrite(from start: Int, with block: [Float]) {
    for i in block.indices { values[start + i] = block[i] }
  }
}
