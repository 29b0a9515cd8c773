/// What one picture shows.
package struct Scene: Sendable {
  /// A checkered floor that fades away from the picture's origin.
  package struct Floor: Sendable {
    /// m, from the picture's origin.
    package var height: Float
    /// Edge of a square, m.
    package var cell: Float
    /// The unit direction in which the squares lie in rows.
    package var heading: SIMD2<Float>
    /// Where the picture's origin stands in the pattern, along the rows and to their left, each from 0 to 2 squares, m.
    package var phase: SIMD2<Float>
    /// Where the floor begins to fade, and where nothing is left of it, m from the origin.
    package var fade: ClosedRange<Float>

    package init(
      height: Float, cell: Float, heading: SIMD2<Float> = SIMD2(1, 0), phase: SIMD2<Float>, fade: ClosedRange<Float>
    ) {
      self.heading = heading
      self.height = height
      self.cell = cell
      self.phase = phase
      self.fade = fade
    }
  }

  /// A see-through ball.
  package struct Ball: Sendable {
    package var center: Vector
    package var radius: Float

    package init(center: Vector, radius: Float) {
      self.center = center
      self.radius = radius
    }
  }

  package var camera: Camera
  package var solids: [Solid]
  package var balls: [Ball]
  package var floor: Floor?
  /// How far surfaces darken each other where they come close, m.
  package var occlusionReach: Float

  package init(camera: Camera, solids: [Solid], balls: [Ball] = [], floor: Floor?, occlusionReach: Float) {
    self.camera = camera
    self.solids = solids
    self.balls = balls
    self.floor = floor
    self.occlusionReach = occlusionReach
  }
}
