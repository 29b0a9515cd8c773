import Environments

/// The last action, which a task shows to the policy and compares with the next for how smoothly the robot moves.
public struct ActionMemory: Sendable {
  private var last: [Double]

  /// - Parameter count: components of the action.
  public init(count: Int) { last = Array(repeating: 0, count: max(0, count)) }

  /// Components of the action.
  public var count: Int { last.count }

  /// A component; not-a-number where there is none of that number.
  public subscript(index: Int) -> Double { last.indices.contains(index) ? last[index] : .nan }

  /// Σa² of the last action.
  public var size: Double { last.reduce(0) { $0 + square($1) } }

  /// Forgets the last episode: no action is like an action of zeros.
  public mutating func begin() {
    for i in last.indices { last[i] = 0 }
  }

  /// Takes in the action of the control step that has just passed.
  ///
  /// - Returns: Σ(Δa)² against the action before; not-a-number where it had another number of components.
  public mutating func change(to action: Span<Float>) -> Double {
    guard action.count == last.count else { return .nan }
    var change = 0.0
    for i in last.indices {
      change += square(Double(action[i]) - last[i])
      last[i] = Double(action[i])
    }
    return change
  }

  /// Puts the mirror image of the last action in its place; nothing changes for a robot whose left and right differ.
  public mutating func mirror(for model: RobotModel) {
    guard let sources = model.mirroredActions(), sources.count == last.count else { return }
    last = sources.map { Double($0.sign) * last[$0.index] }
  }

  public func save(to writer: inout StateWriter) { writer.write(last) }
  public mutating func restore(from reader: inout StateReader) throws {
    last = try reader.readFiniteDoubles(count: last.count)
  }
}
