import Environments
import Physics

/// Measures, for any robot, how far an episode's simulation deviates from rigid bodies, exact joints and hard stops.
package struct PhysicsErrorMeter: Sendable {
  /// What every name of a figure starts with.
  package static let prefix = "physics/"

  /// The greatest of the episode so far.
  private var worst = StepErrors()

  /// Names of what `write` writes.
  static let names = ["penetration_m", "joint_gap_m", "stop_overshoot_rad", "stop_overshoot_m"].map { prefix + $0 }

  /// Forgets the last episode.
  mutating func begin() { worst = StepErrors() }

  /// Takes in the control step that has just passed.
  mutating func update(_ sim: borrowing Simulation) {
    let errors = sim.stepErrors
    worst.penetration = max(worst.penetration, errors.penetration)
    worst.jointGap = max(worst.jointGap, errors.jointGap)
    worst.turnBeyondStop = max(worst.turnBeyondStop, errors.turnBeyondStop)
    worst.slideBeyondStop = max(worst.slideBeyondStop, errors.slideBeyondStop)
  }

  /// Writes the figures that `names` names; what the robot cannot get wrong, for want of joints or stops, is 0.
  func write(into values: inout MutableSpan<Double>) {
    values[0] = worst.penetration
    values[1] = worst.jointGap
    values[2] = worst.turnBeyondStop
    values[3] = worst.slideBeyondStop
  }

  // MARK: Saving

  func save(to writer: inout StateWriter) {
    writer.write(worst.penetration)
    writer.write(worst.jointGap)
    writer.write(worst.turnBeyondStop)
    writer.write(worst.slideBeyondStop)
  }

  mutating func restore(from reader: inout StateReader) throws {
    let distances = 0...Double.greatestFiniteMagnitude
    worst.penetration = try reader.readDouble(in: distances)
    worst.jointGap = try reader.readDouble(in: distances)
    worst.turnBeyondStop = try reader.readDouble(in: distances)
    worst.slideBeyondStop = try reader.readDouble(in: distances)
  }
}
