import Environments
import Physics
import Robotics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ObservationCursor {
  /// Writes what every arm shows of itself: how its joints stand and turn, and its last action.
  mutating func writeJoints(
    of sim: borrowing Simulation, after previousAction: ActionMemory, into row: inout MutableSpan<Float>
  ) {
    write("joint sines", count: sim.axisCount, mirroring: .axes, into: &row) { sin(sim.position(ofAxis: $0)) }
    write("joint cosines", count: sim.axisCount, mirroring: .same, into: &row) { cos(sim.position(ofAxis: $0)) }
    write("joint velocities", count: sim.axisCount, unit: "rad/s", scale: 0.3, mirroring: .axes, into: &row) {
      sim.velocity(ofAxis: $0)
    }
    write("previous action", count: previousAction.count, mirroring: .actions, into: &row) { previousAction[$0] }
  }
}

extension RobotModel {
  /// Of each axis, the positions that are no farther from its neutral than this share of the way to either stop; without
  /// stops the way is π.
  func ranges(aroundNeutral share: Double) -> [ClosedRange<Double>] {
    axes.map { axis in
      let stops = axis.range ?? -Double.pi...Double.pi
      let lower = axis.neutral + share * (stops.lowerBound - axis.neutral)
      let upper = axis.neutral + share * (stops.upperBound - axis.neutral)
      return lower...upper
    }
  }
}

extension Simulation {
  /// Draws positions until the robot touches neither the ground nor itself.
  ///
  /// - Parameters:
  ///   - ranges: of each axis.
  ///   - positions: what is drawn, of as many axes.
  /// - Returns: the link's pose there.
  mutating func drawClearPose(
    of link: LinkID, from ranges: [ClosedRange<Double>], using random: inout Random, into positions: inout [Double]
  ) throws -> Pose {
    for _ in 0..<1_000 {
      for i in positions.indices { positions[i] = random.uniform(ranges[i]) }
      if isClear(at: rootPose, positions: positions) { return pose(of: link, at: rootPose, positions: positions) }
    }
    throw RobotError("\(model.name): in none of 1000 poses it is clear of the ground and of itself")
  }
}
