import Physics
import Robotics

/// What an axis has to move in the default pose.
struct AxisLoad: Sendable {
  /// With all other axes held, kg·m² or kg.
  var inertia: Double
  /// With all other axes free, kg·m² or kg: the least that it can be.
  var freeInertia: Double
  /// The effort that holds what rests on it, N·m or N.
  var holdingEffort: Double
}

extension Simulation {
  /// The loads of all axes of the model, by name.
  mutating func loads() -> [String: AxisLoad] {
    let matrix = MassMatrix(&self)
    let free = matrix.freeInertias()
    let links = model.links
    let gravity = model.physics.gravity.length
    let ends = max(2, links.indices.filter { end in !links.contains { $0.parent == end } }.count)
    var loads: [String: AxisLoad] = [:]
    for (index, flat) in links.enumerated() {
      for axis in flat.axes {
        let line = line(ofAxis: axis)
        let slides = model.isSliding(axis: axis)
        var extent = 0.0
        var hung = 0.0
        for carried in links.indices where model.isCarried(carried, by: index) {
          let pose = pose(of: LinkID(index: carried))
          let lever = (pose.act(on: links[carried].mass.centerOfMass) - line.point).length
          hung += links[carried].mass.mass * gravity * (slides ? 1 : lever)
          for collider in links[carried].link.colliders {
            extent = max(extent, (pose.act(on: collider.pose.position) - line.point).length)
          }
        }
        // A leg carries its share of the robot, bent so far that half its length is the lever.
        let carries = slides ? model.weight : model.weight * extent / Double(ends)
        loads[model.axes[axis].name] = AxisLoad(
          inertia: matrix.inertia(ofAxis: axis), freeInertia: free[axis],
          holdingEffort: model.isFloating ? max(hung, carries) : hung)
      }
    }
    return loads
  }
}
