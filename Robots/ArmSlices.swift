import Environments
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
