import Physics
import Robotics

/// A pose to start from for a robot on legs: each foot below its hip, the legs a little bent.
struct StandingPose {
  /// Of all axes of the model, rad or m.
  private(set) var positions: [Double]
  /// Whether every foot came to where it should be.
  private(set) var isReached = true

  /// How far the hips are above the ground, as a share of a straight leg.
  private static let bend = 0.78
  /// Positions are multiples of this, rad or m, so that rounding does not part left from right.
  private static let grain = 1e-4
  /// The longest way of a foot from where it should be, as a share of the leg's length.
  private static let tolerance = 0.02

  init(_ sim: inout Simulation, legs: [Limbs.Limb]) {
    positions = sim.model.neutralPositions
    defer {
      for axis in positions.indices { positions[axis] = sim.model.rounded(positions[axis], to: Self.grain, axis) }
    }
    for leg in legs {
      // A leg of two axes hangs from its first; with more, the first spreads the legs and stays where it is.
      let hip = leg.axes[leg.axes.count > 2 ? 1 : 0]
      let hipLink = sim.model.links.firstIndex { $0.axes.contains(hip) } ?? 0
      var straight = sim.model.neutralPositions
      for (axis, place) in zip(leg.axes, leg.deepest) { straight[axis] = place }
      let hipPlace = sim.pose(of: LinkID(index: hipLink), at: .identity, positions: sim.model.neutralPositions).position
      let hipHeight = sim.pose(of: LinkID(index: hipLink), at: .identity, positions: straight).position.z
      let length = hipHeight + leg.depth
      let point = Self.sole(of: leg.end, sim.model)
      let soleHeight = sim.place(of: point, on: leg.end, straight).z
      let target = Vector3(hipPlace.x, hipPlace.y, soleHeight + (1 - Self.bend) * length)

      var solutions: [(positions: [Double], error: Double, effort: Double)] = []
      for bend in [0.0, 0.6, -0.6] {
        var start = positions
        // The joint in the middle of the leg is its knee.
        let knee = leg.axes[leg.axes.count > 4 ? leg.axes.count - 3 : leg.axes.count - 1]
        let thigh = leg.axes[leg.axes.count > 4 ? leg.axes.count - 4 : leg.axes.count - 2]
        start[knee] = sim.model.clamp(start[knee] + bend, axis: knee)
        start[thigh] = sim.model.clamp(start[thigh] - bend / 2, axis: thigh)
        let found = Self.solve(&sim, leg, point: point, target: target, from: start)
        let effort = leg.axes.reduce(0) { $0 + found.positions[$1] * found.positions[$1] }
        solutions.append((found.positions, found.error, effort))
      }
      let good = solutions.filter { $0.error < Self.tolerance * length }
      // Of mirror images of a pose the first; nothing but rounding decides between them.
      let least = good.map(\.effort).min() ?? 0
      if let best = good.first(where: { $0.effort < least + 1e-6 }) {
        for axis in leg.axes { positions[axis] = best.positions[axis] }
      } else {
        isReached = false
      }
    }
  }

  /// The point that a leg stands on, in the frame of its last link: the center of the shape that is farthest from the joint,
  /// or the farther end of a capsule.
  private static func sole(of link: Int, _ model: RobotModel) -> Vector3 {
    let colliders = model.links[link].link.colliders
    guard let first = colliders.first else { return .zero }
    var farthest = first
    for collider in colliders.dropFirst()
    where collider.pose.position.length > farthest.pose.position.length + 1e-9 { farthest = collider }
    switch farthest.shape {
    case .capsule(_, let length):
      let half = farthest.pose.orientation.act(on: Vector3(0, 0, length / 2))
      let (a, b) = (farthest.pose.position + half, farthest.pose.position - half)
      return a.length >= b.length ? a : b
    default: return farthest.pose.position
    }
  }

  /// Damped least squares (Wampler 1986) from a start; also levels the foot of legs that have an ankle.
  private static func solve(
    _ sim: inout Simulation, _ leg: Limbs.Limb, point: Vector3, target: Vector3, from start: [Double]
  ) -> (positions: [Double], error: Double) {
    var positions = start
    let hasAnkle = leg.axes.count >= 5
    func residual(_ sim: inout Simulation, _ positions: [Double]) -> [Double] {
      let pose = sim.pose(of: LinkID(index: leg.end), at: .identity, positions: positions)
      let way = target - pose.act(on: point)
      let up = pose.orientation.act(on: .unitZ)
      return [way.x, way.y, way.z] + (hasAnkle ? [-0.2 * up.x, -0.2 * up.y] : [])
    }
    let damping = 1e-4
    for _ in 0..<60 {
      let now = residual(&sim, positions)
      var columns: [[Double]] = []
      for axis in leg.axes {
        var moved = positions
        moved[axis] += 1e-6
        columns.append(zip(residual(&sim, moved), now).map { ($0 - $1) / 1e-6 })
      }
      // Δq = −(JᵀJ + λ1)⁻¹ Jᵀ r
      let count = columns.count
      var matrix = (0..<count).map { i in
        (0..<count).map { j in zip(columns[i], columns[j]).reduce(0) { $0 + $1.0 * $1.1 } + (i == j ? damping : 0) }
      }
      var right = (0..<count).map { i in -zip(columns[i], now).reduce(0) { $0 + $1.0 * $1.1 } }
      LinearSystem.solve(&matrix, &right)
      for (i, axis) in leg.axes.enumerated() {
        positions[axis] = sim.model.clamp(positions[axis] + min(max(right[i], -0.3), 0.3), axis: axis)
      }
    }
    let rest = residual(&sim, positions)
    return (positions, (rest[0] * rest[0] + rest[1] * rest[1] + rest[2] * rest[2]).squareRoot())
  }
}

extension RobotModel {
  /// A position within the stops of an axis.
  func clamp(_ position: Double, axis: Int) -> Double {
    axes[axis].range.map { min(max(position, $0.lowerBound), $0.upperBound) } ?? position
  }

  /// The nearest multiple of `grain` to a position, within the stops of an axis.
  func rounded(_ position: Double, to grain: Double, _ axis: Int) -> Double {
    clamp((position / grain).rounded() * grain, axis: axis)
  }
}

extension Simulation {
  /// Where a point of a link is with the upright root's origin at height 0, m.
  mutating func place(of point: Vector3, on link: Int, _ positions: [Double]) -> Vector3 {
    pose(of: LinkID(index: link), at: .identity, positions: positions).act(on: point)
  }
}
