/// A flat vector lent to several threads at once, each of which works on ranges of its own.
///
/// Ranges that are worked on at the same time must not overlap, unless all of them are only read; nothing checks that.
@safe package struct SharedVector: @unchecked Sendable {
  private let buffer: UnsafeMutableBufferPointer<Float>
  private let count: Int

  fileprivate init(_ buffer: UnsafeMutableBufferPointer<Float>) {
    unsafe self.buffer = buffer
    count = buffer.count
  }

  /// Lends `body` the numbers in `range` to read and write.
  package func change<Result>(_ range: Range<Int>, _ body: (inout MutableSpan<Float>) -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let part = unsafe UnsafeMutableBufferPointer(rebasing: buffer[range])
    var span = unsafe part.mutableSpan
    return body(&span)
  }

  /// Lends `body` the numbers in `range` to read.
  package func read<Result>(_ range: Range<Int>, _ body: (Span<Float>) -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let part = unsafe UnsafeBufferPointer(rebasing: buffer[range])
    return unsafe body(part.span)
  }
}

extension [Float] {
  /// Lends `body` the vector for several threads.
  package mutating func share<Result>(_ body: (SharedVector) -> Result) -> Result {
    unsafe withUnsafeMutableBufferPointer { buffer in unsafe body(SharedVector(buffer)) }
  }
}
