import Physics
import Robotics

/// The chains of a robot's tree from its root to each end.
struct Limbs {
  /// A chain of axes that ends in a link without children.
  struct Limb {
    /// Index in `RobotModel.links` of the last link.
    var end: Int
    /// Indices in `RobotModel.axes`, the one next to the root first.
    var axes: [Int]
    /// The farthest that the end can reach below the root's origin, m, the root being upright.
    var depth = 0.0
    /// The positions of the limb's axes there, rad or m.
    var deepest: [Double] = []
  }

  private(set) var all: [Limb] = []

  init(_ sim: inout Simulation) {
    let links = sim.model.links
    let parents = Set(links.compactMap(\.parent))
    for end in links.indices where !parents.contains(end) {
      let axes = sim.model.axes(to: end)
      guard !axes.isEmpty else { continue }
      all.append(Limb(end: end, axes: axes))
    }
    for index in all.indices { Self.reachDown(&all[index], &sim) }
  }

  /// Finds the deepest place of a limb's end: one axis after another is moved to where it is lowest, again and again.
  private static func reachDown(_ limb: inout Limb, _ sim: inout Simulation) {
    var positions = sim.model.neutralPositions
    func depth(_ sim: inout Simulation) -> Double { -sim.lowestPoint(of: limb.end, positions) }
    var best = depth(&sim)
    for round in 0..<4 {
      let width = round == 0 ? 1.0 : 0.25 / Double(round * round)
      for axis in limb.axes {
        let range = sim.model.axes[axis].range ?? -Double.pi...Double.pi
        let before = positions[axis]
        var chosen = before
        for step in -12...12 {
          let span = (range.upperBound - range.lowerBound) * width
          let place = (round == 0 ? (range.lowerBound + range.upperBound) / 2 : before) + span * Double(step) / 24
          positions[axis] = min(max(place, range.lowerBound), range.upperBound)
          let found = depth(&sim)
          // Of places that are equally deep, the first that was found stays.
          if found > best + 1e-9 { (best, chosen) = (found, positions[axis]) }
        }
        positions[axis] = chosen
      }
    }
    limb.depth = best
    limb.deepest = limb.axes.map { positions[$0] }
  }

  /// The limbs to stand on: with two axes or more of their own, whose ends reach nearly as far down as any.
  var legs: [Limb] {
    guard let deepest = all.map(\.depth).max(), deepest > 0 else { return [] }
    return Self.withoutShared(all.filter { $0.depth > (1 - Self.tolerance) * deepest }).filter { $0.axes.count >= 2 }
  }

  /// Limbs without the axes that carry several of them, such as those of a waist.
  static func withoutShared(_ limbs: [Limb]) -> [Limb] {
    guard limbs.count > 1 else { return limbs }
    return limbs.map { limb in
      var own = limb
      let shared = limb.axes.filter { axis in limbs.contains { $0.end != limb.end && $0.axes.contains(axis) } }
      own.axes.removeAll { shared.contains($0) }
      own.deepest = zip(limb.axes, limb.deepest).filter { !shared.contains($0.0) }.map(\.1)
      return own
    }
  }

  /// How far a foot may end above the lowest, as a share of how low that is.
  private static let tolerance = 0.12
}

extension RobotModel {
  /// The axes that move a link, by index, the one next to the root first.
  func axes(to link: Int) -> [Int] {
    var axes: [Int] = []
    var place: Int? = link
    while let index = place {
      axes = Array(links[index].axes) + axes
      place = links[index].parent
    }
    return axes
  }
}

extension Simulation {
  /// The lowest point of a link's shapes, m, with the upright root's origin at height 0 and the axes at `positions`; the
  /// link's origin where it has no shape.
  package mutating func lowestPoint(of link: Int, _ positions: [Double]) -> Double {
    let pose = pose(of: LinkID(index: link), at: .identity, positions: positions)
    let lowest = model.links[link].link.colliders.map { $0.shape.lowestPoint(at: pose * $0.pose) }.min()
    return lowest ?? pose.position.z
  }
}
