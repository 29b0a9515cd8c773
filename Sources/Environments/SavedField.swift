/// What can be written and read back, bit for bit.
public protocol Savable {
  /// Writes all of it.
  func save(to writer: inout StateWriter)
  /// Reads back what `save(to:)` wrote.
  mutating func restore(from reader: inout StateReader) throws
}

/// A stored property that is saved and restored as it is, so that nobody has to write both sides by hand.
///
/// `static let savedFields: [SavedField<MyTask>] = [.init(\.steps), .init(\.goal)]` is all that a task needs.
public struct SavedField<Root>: Sendable {
  private let write: @Sendable (Root, inout StateWriter) -> Void
  private let read: @Sendable (inout Root, inout StateReader) throws -> Void

  /// - Parameter path: a number, a flag, a vector, a pose, one of the helpers for tasks, or an array of these whose number
  ///   of elements stays what it is.
  public init<Value: Savable & SendableMetatype>(_ path: WritableKeyPath<Root, Value> & Sendable) {
    write = { root, writer in root[keyPath: path].save(to: &writer) }
    read = { root, reader in try root[keyPath: path].restore(from: &reader) }
  }

  /// Writes the property of `root`.
  public func save(_ root: Root, to writer: inout StateWriter) { write(root, &writer) }
  /// Reads the property of `root` back.
  public func restore(_ root: inout Root, from reader: inout StateReader) throws { try read(&root, &reader) }
}

extension Bool: Savable {
  public func save(to writer: inout StateWriter) { writer.write(self) }
  public mutating func restore(from reader: inout StateReader) throws { self = try reader.readBool() }
}

extension Int: Savable {
  /// Far beyond any counter, and far from where counting on overflows.
  private static let saved = -(1 << 53)...(1 << 53)

  public func save(to writer: inout StateWriter) { writer.write(self) }
  public mutating func restore(from reader: inout StateReader) throws { self = try reader.readInt(in: Self.saved) }
}

extension UInt64: Savable {
  public func save(to writer: inout StateWriter) { writer.write(self) }
  public mutating func restore(from reader: inout StateReader) throws { self = try reader.readUInt64() }
}

extension Double: Savable {
  public func save(to writer: inout StateWriter) { writer.write(self) }
  public mutating func restore(from reader: inout StateReader) throws { self = try reader.readDouble() }
}

extension Float: Savable {
  public func save(to writer: inout StateWriter) { writer.write(self) }
  public mutating func restore(from reader: inout StateReader) throws { self = try reader.readFloat() }
}

extension Array: Savable where Element: Savable {
  public func save(to writer: inout StateWriter) {
    writer.write(count)
    for element in self { element.save(to: &writer) }
  }

  public mutating func restore(from reader: inout StateReader) throws {
    let saved = try reader.readInt()
    guard saved == count else { throw StateError.mismatch("\(saved) values where \(count) belong") }
    for i in indices { try self[i].restore(from: &reader) }
  }
}

extension Random: Savable {}
