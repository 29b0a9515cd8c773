import Physics
import Robotics

/// How a robot stands on its feet, and in which order they step.
struct Stance {
  /// From front to back, the left one of each pair first.
  private(set) var feet: [String] = []
  /// How far ahead of the clock each foot is, as a share of a stride: every foot is half a stride off its neighbors, on its
  /// own side and across. Four feet trot, six go as a tripod.
  private(set) var offsets: [Double] = []
  /// Axes that spread the legs: the first of each leg of three or more, where it turns about the direction of travel.
  private(set) var spreaders: [String] = []

  init(of robot: LoadedRobot, _ model: RobotModel) throws {
    var sim = try Simulation(model)
    let places = try robot.feet.map { name in
      let link = try model.link(name)
      let pose = sim.pose(of: link, at: .identity, positions: model.neutralPositions)
      let shapes = model.links[link.index].link.colliders
      let lowest = shapes.map { pose * $0.pose }.min { $0.position.z < $1.position.z } ?? pose
      return (name: name, place: lowest.position, link: link.index)
    }
    let middle = places.reduce(0) { $0 + $1.place.y } / Double(max(places.count, 1))
    let sides = [places.filter { $0.place.y >= middle }, places.filter { $0.place.y < middle }].map { side in
      side.sorted { $0.place.x > $1.place.x }
    }
    for rank in 0..<(sides.map(\.count).max() ?? 0) {
      for (number, side) in sides.enumerated() where rank < side.count {
        feet.append(side[rank].name)
        offsets.append((rank + number) % 2 == 0 ? 0 : 0.5)
      }
    }
    for foot in places {
      let axes = model.axes(to: foot.link)
      guard axes.count >= 3, abs(model.axes[axes[0]].direction.x) > 0.9 else { continue }
      spreaders.append(model.axes[axes[0]].name)
    }
  }
}
