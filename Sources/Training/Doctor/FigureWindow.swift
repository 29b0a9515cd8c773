import Environments

/// The last figures of one kind, and whether they have been bad for so long that it must be said.
///
/// One bad iteration means nothing, for learning is noisy. Nine tenths of the window must be bad before it is said, and half
/// of it good again before it may be reported again, so that it is not repeated over and over.
package struct FigureWindow: Sendable, Equatable {
  package static let length = 20

  /// Oldest first; not a number where there is none yet.
  private var figures = Array(repeating: Double.nan, count: length)
  package private(set) var isBad = false

  /// How long a figure must be bad before something is said.
  package enum Patience: Sendable {
    /// Nine tenths of the window.
    case long
    /// A single bad figure in the window is one too many.
    case none
    /// The latest figure decides, for it sums up those before.
    case latest
  }

  private let patience: Patience

  package init(_ patience: Patience = .long) { self.patience = patience }

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
    isBad =
      switch patience {
      case .long: isBad ? count > Self.length / 2 : count >= Self.length * 9 / 10
      case .none: count > 0
      case .latest: badness(figure)
      }
  }

  package func save(to writer: inout StateWriter) {
    writer.write(figures)
    writer.write(isBad)
  }

  package mutating func restore(from reader: inout StateReader) throws {
    figures = try reader.readDoubles(count: Self.length)
    isBad = try reader.readBool()
  }
}
