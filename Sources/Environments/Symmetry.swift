/// A reflection under which an env stays the same: a mirrored observation answered by the mirrored action leads to the
/// mirrored next observation, with the same reward.
public struct Symmetry: Sendable, Equatable {
  /// Where a mirrored column's value comes from: the column `index`, times `sign`.
  public struct Source: Sendable, Equatable {
    public var index: Int
    /// 1 or −1.
    public var sign: Float

    public init(_ index: Int, sign: Float = 1) {
      self.index = index
      self.sign = sign
    }
  }

  /// For each column of an observation row.
  public let observation: [Source]
  /// For each component of the action, in units in which 0 lies in the middle of its limits.
  public let action: [Source]

  /// - Throws: `EnvError` if mirroring twice would not give back what was there.
  public init(observation: [Source], action: [Source]) throws(EnvError) {
    for (what, sources) in [("observation", observation), ("action", action)] {
      for (i, source) in sources.enumerated() {
        guard sources.indices.contains(source.index), abs(source.sign) == 1,
          sources[source.index] == Source(i, sign: source.sign)
        else { throw EnvError("column \(i) of the \(what) does not come back when it is mirrored twice") }
      }
    }
    self.observation = observation
    self.action = action
  }

  /// Writes the mirror image of each row of `rows`.
  ///
  /// - Parameter sources: `observation` or `action`.
  public static func mirror(_ rows: Span<Float>, by sources: [Source], into mirrored: inout MutableSpan<Float>) {
    let width = sources.count
    precondition(rows.count == mirrored.count && rows.count % width == 0)
    for start in stride(from: 0, to: rows.count, by: width) {
      for i in 0..<width { mirrored[start + i] = sources[i].sign * rows[start + sources[i].index] }
    }
  }
}
