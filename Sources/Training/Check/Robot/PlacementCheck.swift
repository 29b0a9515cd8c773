import Environments
import Physics
import Robotics

/// How the task puts the robot down: links in each other or in the ground, joints beyond their stops.
enum PlacementCheck {
  static let starts = 64
  /// Depths, m: contacts are soft, so a little is normal; from the second on the solver throws what it pulls apart.
  static let (slightDepth, greatDepth) = (0.002, 0.01)
  /// How far beyond a stop may be rounding, rad or m.
  static let tolerance = 1e-4

  static func findings(of entry: Catalog.Entry, _ model: RobotModel, seed: UInt64) -> [Finding] {
    var found = Found(model)
    do {
      try entry.lookAtStarts(count: starts, seed: seed) { sim in try found.look(&sim) }
    } catch {
      return [
        Finding(
          id: "start_fails", severity: .error, sentence: "a start could not be made: \(error)",
          hint: "make sure that the task's begin(_:using:) can place the robot for every draw")
      ]
    }
    return found.findings
  }

  /// The worst that the starts showed.
  private struct Found {
    private struct Pair: Hashable {
      let body: Int
      let other: Int?
    }

    private let model: RobotModel
    /// Greatest depth and number of starts.
    private var overlaps: [Pair: (depth: Double, count: Int)] = [:]
    /// Of each axis, how far beyond its stops it was and in how many starts.
    private var excess: [(distance: Double, position: Double, count: Int)]

    init(_ model: RobotModel) {
      self.model = model
      excess = model.axes.map { _ in (0, 0, 0) }
    }

    mutating func look(_ sim: inout Simulation) throws {
      for (i, axis) in model.axes.enumerated() {
        guard let range = axis.range else { continue }
        let position = sim.position(ofAxis: i)
        let distance = max(range.lowerBound - position, position - range.upperBound)
        guard distance > tolerance else { continue }
        if distance > excess[i].distance { (excess[i].distance, excess[i].position) = (distance, position) }
        excess[i].count += 1
      }
      for overlap in try sim.overlaps() where overlap.depth > slightDepth {
        let pair = Pair(body: overlap.body.index, other: overlap.other?.index)
        let known = overlaps[pair] ?? (0, 0)
        overlaps[pair] = (max(known.depth, overlap.depth), known.count + 1)
      }
    }

    var findings: [Finding] {
      let names = model.linkNames + model.propNames
      let pairs = overlaps.sorted { ($0.key.body, $0.key.other ?? -1) < ($1.key.body, $1.key.other ?? -1) }
      let deep = pairs.map { pair, worst in
        Finding(
          id: "overlap_at_start", severity: worst.depth > greatDepth ? .error : .warning,
          place:
            "link\(pair.other == nil ? " '\(names[pair.body])'" : "s \(list([names[pair.body], names[pair.other ?? 0]]))")",
          sentence: "at \(worst.count) of \(starts) starts "
            + "\(pair.other == nil ? "it is in the ground" : "they overlap"), up to \(figure(worst.depth * 1000)) mm deep",
          hint: pair.other == nil
            ? "place the root higher, using sim.lowestPoint(at:positions:) of the drawn positions"
            : "move them apart, draw the start closer to the neutral pose, or give one of them collides: false")
      }
      let beyond = excess.enumerated().compactMap { i, worst -> Finding? in
        guard worst.count > 0, let range = model.axes[i].range else { return nil }
        let unit = positionUnit(sliding: model.isSliding(axis: i))
        return Finding(
          id: "start_outside_stops", severity: .error, place: "axis '\(model.axes[i].name)'",
          sentence:
            "at \(worst.count) of \(starts) starts it stands beyond its stops, as far as \(figure(worst.position)) "
            + "\(unit) where \(figure(range.lowerBound)) to \(figure(range.upperBound)) is possible",
          hint:
            "draw positions with sim.model.drawPositions(around:using:into:), which keeps to the stops, or widen the range"
        )
      }
      return deep + beyond
    }
  }
}
