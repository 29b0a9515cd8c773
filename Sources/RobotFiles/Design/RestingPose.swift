import Environments
import Physics
import Robotics

/// A pose to start from for an arm: clear of the ground and of itself, and easily held.
struct RestingPose {
  /// Of all axes of the model, rad or m; nil where no clear pose was found.
  private(set) var positions: [Double]?

  /// How far from the middle of its stops an axis may stand, rad or m.
  private static let reach = 1.5
  /// How far from the pose an episode may start, rad or m.
  private static let spread = 0.12
  private static let tries = 400

  /// - Parameter limits: the greatest effort of each axis, N·m or N; nil where it is not known.
  init(_ sim: inout Simulation, limits: [Double?]) {
    var random = Random(seed: 0)
    let axes = sim.model.axes
    let middles = axes.indices.map { sim.model.clamp(0, axis: $0) }
    var least = Double.infinity
    for number in 0..<Self.tries {
      var candidate = middles
      // The file's own zero first: where it will do, it stays.
      if number > 0 {
        for axis in axes.indices {
          let place = (middles[axis] + random.uniform(-Self.reach...Self.reach)) * 10
          candidate[axis] = sim.model.clamp(place.rounded() / 10, axis: axis)
        }
      }
      guard Self.isClear(&sim, candidate, &random) else { continue }
      let cost = Self.cost(&sim, candidate, limits)
      if cost < least { (least, positions) = (cost, candidate) }
      if number == 0, cost < Self.goodEnough { return }
    }
  }

  /// A pose whose cost is below this needs no better one.
  private static let goodEnough = 0.5

  private static func isClear(_ sim: inout Simulation, _ positions: [Double], _ random: inout Random) -> Bool {
    guard sim.isClear(at: sim.rootPose, positions: positions) else { return false }
    for _ in 0..<8 {
      var near = positions
      for axis in near.indices {
        near[axis] = sim.model.clamp(near[axis] + random.uniform(-spread...spread), axis: axis)
      }
      guard sim.isClear(at: sim.rootPose, positions: near) else { return false }
    }
    return true
  }

  /// The greatest share of an axis' effort that holds the pose, and a little for being away from zero.
  private static func cost(_ sim: inout Simulation, _ positions: [Double], _ limits: [Double?]) -> Double {
    sim.place(at: sim.rootPose, positions: positions)
    let model = sim.model
    var greatest = 0.0
    for (index, flat) in model.links.enumerated() {
      for axis in flat.axes {
        guard let limit = limits[axis], limit > 0 else { continue }
        let line = sim.line(ofAxis: axis)
        var effort = 0.0
        for carried in model.links.indices where model.isCarried(carried, by: index) {
          let mass = model.links[carried].mass
          let force = mass.mass * model.physics.gravity
          let center = sim.pose(of: LinkID(index: carried)).act(on: mass.centerOfMass)
          effort +=
            model.isSliding(axis: axis)
            ? force.dot(line.direction) : (center - line.point).cross(force).dot(line.direction)
        }
        greatest = max(greatest, abs(effort) / limit)
      }
    }
    return greatest + 0.05 * positions.reduce(0) { $0 + $1 * $1 } / Double(positions.count)
  }
}
