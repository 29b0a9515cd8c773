/// Doing what a world did once more, with nothing but the engine, to measure what all else costs.
extension World {
  /// Notes from now on what the engine is told: where bodies were put, the forces and torques on each, its motors and
  /// which geometries it collides. An earlier record is forgotten.
  ///
  /// - Throws: `PhysicsError.engine` where there is no room.
  package mutating func record() throws(PhysicsError) { try engine.record() }

  /// Ends the record, puts the bodies back to where it began and tells the engine all of it again, in one loop.
  ///
  /// The world ends as the record left it, to the bit.
  ///
  /// - Throws: `PhysicsError.engine` where the engine gave up.
  package mutating func replay() throws(PhysicsError) {
    do { try engine.play() } catch {
      isBroken = true
      fault = error
      throw error
    }
  }
}
