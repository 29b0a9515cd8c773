/// What one picture shows.
struct Scene: Sendable {
  /// A checkered floor that fades away from the picture's origin.
  struct Floor: Sendable {
    /// m, from the picture's origin.
    var height: Float
    /// Edge of a square, m.
    var cell: Float
    /// Where the picture's origin stands in the pattern, each from 0 to 2 squares, m.
    var phase: SIMD2<Float>
    /// Where the floor begins to fade, and where nothing is left of it, m from the origin.
    var fade: ClosedRange<Float>
  }

  /// A see-through ball.
  struct Ball: Sendable {
    var center: Vector
    var radius: Float
  }

  var camera: Camera
  var solids: [Solid]
  var balls: [Ball] = []
  var floor: Floor?
  /// How far surfaces darken each other where they come close, m.
  var occlusionReach: Float
}
