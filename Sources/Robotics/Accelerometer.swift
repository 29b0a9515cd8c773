import Environments
import Physics

/// The reading of an accelerometer at a link's origin: its acceleration minus that of free fall, in the link's frame, m/s².
/// It is the mean over a control step, and at rest points up with 9.81 m/s².
public struct Accelerometer: Sendable {
  private var velocity = Vector3.zero
  /// The last reading, m/s².
  public private(set) var reading = Vector3.zero

  public init() {}

  /// Forgets the last episode; the link is as if at rest.
  public mutating func begin(_ sim: borrowing Simulation, at link: LinkID) {
    velocity = sim.velocity(of: link)
    reading = Self.specificForce(sim, at: link, acceleration: .zero)
  }

  /// Takes in the control step that has just passed; call it in `evaluateStep`.
  public mutating func update(_ sim: borrowing Simulation, at link: LinkID) {
    let new = sim.velocity(of: link)
    reading = Self.specificForce(sim, at: link, acceleration: (new - velocity) / sim.controlInterval)
    velocity = new
  }

  private static func specificForce(
    _ sim: borrowing Simulation, at link: LinkID, acceleration: Vector3
  ) -> Vector3 {
    sim.pose(of: link).orientation.conjugate.act(on: acceleration - sim.model.physics.gravity)
  }

  /// Writes `acceleration`, brought to about 1.
  ///
  /// - Parameter noise: m/s².
  public func observe(_ cursor: inout ObservationCursor, noise: Double = 0.5, into row: inout MutableSpan<Float>) {
    cursor.write("acceleration", reading, unit: "m/s²", scale: 0.1, noise: noise, mirroring: .vector, into: &row)
  }

  /// Turns it into its mirror image.
  public mutating func mirror() { (velocity, reading) = (velocity.mirrored, reading.mirrored) }
}

extension Accelerometer: Savable {
  public func save(to writer: inout StateWriter) {
    velocity.save(to: &writer)
    reading.save(to: &writer)
  }

  public mutating func restore(from reader: inout StateReader) throws {
    try velocity.restore(from: &reader)
    try reading.restore(from: &reader)
  }
}
