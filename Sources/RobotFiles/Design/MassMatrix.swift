import Physics
import Robotics

/// The inertia of a robot in generalized coordinates, those of its root first, in its default pose.
struct MassMatrix {
  /// Coordinates of the root.
  private let rootCount: Int
  private var rows: [[Double]]

  /// The simulation is placed in the default pose.
  init(_ sim: inout Simulation) {
    let model = sim.model
    sim.place(at: sim.rootPose)
    let root = sim.pose(of: LinkID(index: 0)).position
    // Each coordinate moves the links that it carries about a line, along a direction, or both ways at once.
    var coordinates: [(line: (point: Vector3, direction: Vector3), slides: Bool, first: Int)] = []
    if model.isFloating {
      let directions: [Vector3] = [.unitX, .unitY, .unitZ]
      let isPlanar = model.physics.isPlanar
      for (number, direction) in directions.enumerated() where !isPlanar || number != 1 {
        coordinates.append(((root, direction), true, 0))
      }
      for (number, direction) in directions.enumerated() where !isPlanar || number == 1 {
        coordinates.append(((root, direction), false, 0))
      }
    }
    rootCount = coordinates.count
    for (index, flat) in model.links.enumerated() {
      for axis in flat.axes {
        coordinates.append((sim.line(ofAxis: axis), model.isSliding(axis: axis), index))
      }
    }
    rows = Array(repeating: Array(repeating: 0, count: coordinates.count), count: coordinates.count)
    for (index, flat) in model.links.enumerated() {
      let pose = sim.pose(of: LinkID(index: index))
      let center = pose.act(on: flat.mass.centerOfMass)
      let inertia = flat.mass.inertia.rotated(by: pose.orientation)
      let motions = coordinates.map { coordinate -> (velocity: Vector3, spin: Vector3)? in
        guard model.isCarried(index, by: coordinate.first) else { return nil }
        let (point, direction) = coordinate.line
        return coordinate.slides ? (direction, .zero) : (direction.cross(center - point), direction)
      }
      for (i, a) in motions.enumerated() {
        guard let a else { continue }
        let momentum = (linear: flat.mass.mass * a.velocity, angular: inertia.act(on: a.spin))
        for (j, b) in motions.enumerated() {
          guard let b else { continue }
          rows[i][j] += momentum.linear.dot(b.velocity) + momentum.angular.dot(b.spin)
        }
      }
    }
    for axis in model.axes.indices { rows[rootCount + axis][rootCount + axis] += model.axes[axis].dynamics.armature }
  }

  /// What an axis moves while all others, and the root, are held, kg·m² or kg.
  func inertia(ofAxis axis: Int) -> Double { rows[rootCount + axis][rootCount + axis] }

  /// What an axis moves while all others, and the root, are free: 1 / (M⁻¹)ₖₖ, kg·m² or kg.
  func freeInertias() -> [Double] {
    let count = rows.count
    return (rootCount..<count).map { k in
      var matrix = rows
      var right = Array(repeating: 0.0, count: count)
      right[k] = 1
      LinearSystem.solve(&matrix, &right)
      return 1 / right[k]
    }
  }
}

/// Systems of linear equations.
enum LinearSystem {
  /// Solves a symmetric positive definite system in place, by elimination.
  static func solve(_ matrix: inout [[Double]], _ right: inout [Double]) {
    let count = right.count
    for column in 0..<count {
      for row in column + 1..<max(count, column + 1) {
        let factor = matrix[row][column] / matrix[column][column]
        for k in column..<count { matrix[row][k] -= factor * matrix[column][k] }
        right[row] -= factor * right[column]
      }
    }
    for row in (0..<count).reversed() {
      for k in row + 1..<max(count, row + 1) { right[row] -= matrix[row][k] * right[k] }
      right[row] /= matrix[row][row]
    }
  }
}

extension RobotModel {
  /// Whether a link moves with another: it is that link or one of its descendants.
  func isCarried(_ link: Int, by ancestor: Int) -> Bool {
    var place: Int? = link
    while let index = place {
      if index == ancestor { return true }
      place = links[index].parent
    }
    return false
  }
}
