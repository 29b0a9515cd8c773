import Environments

/// The last figures of one kind, and whether they have been bad for so long that it must be said.
///
/// One bad iteration means nothing, for learning is noisy. Nine tenths of the window must be bad before it is said, and half
/// of it good again before it may be said anew, so that nobody hears the same over and over.
package struct FigureWindow: Sendable, Equatable {
  package static let length = 20

  /// Oldest first; not a number where there is none yet.
  private var figures = Array(repeating: Double.nan, count: length)
  package private(set) var isBad = false

  /// How many bad figures make it bad, and how few make it good again.
  private let limits: (worst: Int, best: Int)

  /// - Parameter toleratesNone: whether a single bad figure is one too many.
  package init(toleratesNone: Bool = false) {
    limits = toleratesNone ? (1, 0) : (Self.length * 9 / 10, Self.length / 2)
  }

  package static func == (a: FigureWindow, b: FigureWindow) -> Bool {
    a.figures.map(\.bitPattern) == b.figures.map(\.bitPattern) && a.isBad == b.isBad
  }

  /// The figures there are.
  package var present: [Double] { figures.filter(\.isFinite) }

  /// The middle figure, which an outlier does not move.
  package var median: Double { Statistics.percentile(0.5, ofSorted: present.sorted()) ?? .nan }

  /// Takes a figure in; one that is not finite says nothing and changes nothing.
  package mutating func add(_ figure: Double, isBad badness: (Double) -> Bool) {
    guard figure.isFinite else { return }
    figures.removeFirst()
    figures.append(figure)
    let count = present.count(where: badness)
    isBad = isBad ? count > limits.best : count >= limits.worst
  }

  func save(to writer: inout StateWriter) {
    writer.write(figures)
    writer.write(isBad)
  }

  mutating func restore(from reader: inout StateReader) throws {
    figures = try reader.readDoubles(count: Self.length)
    isBad = try reader.readBool()
  }
}
