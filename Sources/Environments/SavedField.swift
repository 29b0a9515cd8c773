/// What can be written and read back, bit for bit.
public protocol Savable {
  /// Writes all of it.
  func save(to writer: inout StateWriter)
  /// Reads back what `save(to:)` wrote.
  mutating func restore(from reader: inout StateReader) throws
}

/// A stored property that is saved and restored as it is, so that the two functions need not be written by hand.
///
/// `static let savedFields: [SavedField<MyTask>] = [.init(\.steps), .init(\.goal)]` is all that a task needs.
public struct SavedField<Root>: Sendable {
  private let write: @Sendable (Root, inout StateWriter) -> Void
  private let read: @Sendable (inout Root, inout StateReader) throws -> Void

  /// - Parameters:
  ///   - path: a number, a flag, a vector, a pose, one of the helpers for tasks, or an array of these whose number of
  ///     elements stays what it is.
  ///   - permitsNonFinite: whether its numbers may be infinite or not-a-number, as a least distance that begins at
  ///     infinity is. All others are finite when they are restored, or the restoration fails.
  public init<Value: Savable & SendableMetatype>(
    _ path: WritableKeyPath<Root, Value> & Sendable, permitsNonFinite: Bool = false
  ) {
    write = { root, writer in root[keyPath: path].save(to: &writer) }
    read = { root, reader in
      let permitted = reader.permitsNonFinite
      defer { reader.permitsNonFinite = permitted }
      if permitsNonFinite { reader.permitsNonFinite = true }
      do { try root[keyPath: path].restore(from: &reader) } catch StateError.mismatch(let what) {
        throw StateError.mismatch("saved field \(path): \(what)")
      }
    }
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
  public mutating func restore(from reader: inout StateReader) throws { self = try reader.readFiniteDouble() }
}

extension Float: Savable {
  public func save(to writer: inout StateWriter) { writer.write(self) }
  public mutating func restore(from reader: inout StateReader) throws { self = try reader.readFiniteFloat() }
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
