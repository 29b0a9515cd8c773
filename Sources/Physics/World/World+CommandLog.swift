/// Repeats the commands that a world gave to the physics engine, without anything in between, to measure what the rest of an
/// env step costs.
extension World {
  /// Starts a log of all further commands to the engine: placements of bodies, the forces and torques on each, motors, and the
  /// geometries to collide. An earlier log is dropped.
  ///
  /// - Throws: `PhysicsError.engine` where memory does not suffice.
  package mutating func startCommandLog() throws(PhysicsError) { try engine.startLog() }

  /// Ends the log, puts the bodies back to its start and repeats all its commands in one loop.
  ///
  /// The world ends in the state at the end of the log, to the bit. Without a log nothing happens.
  ///
  /// - Throws: `PhysicsError.engine` if the engine fails.
  package mutating func rerunCommandLog() throws(PhysicsError) {
    do { try engine.rerunLog() } catch {
      isBroken = true
      fault = error
      throw error
    }
  }
}
