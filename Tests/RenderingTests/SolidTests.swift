import Environments
import Physics
import Rendering
import Testing

@Suite struct SolidTests {
  static let shapes: [Shape] = [
    .box(size: [0.4, 0.2, 0.6]), .sphere(radius: 0.3), .capsule(radius: 0.1, length: 0.5),
    .cylinder(radius: 0.2, length: 0.3),
  ]

  private func vector(_ random: inout Random, _ range: ClosedRange<Double>) -> Vector {
    Vector(Float(random.uniform(range)), Float(random.uniform(range)), Float(random.uniform(range)))
  }

  /// Three descriptions of one surface that know nothing of each other: where rays enter, how far points are, and
  /// which way it faces.
  @Test(arguments: shapes)
  func raysEndOnTheSurface(_ shape: Shape) {
    let solid = Solid(
      shape, at: Pose(position: [10.3, -0.2, 0.1], orientation: Quaternion(roll: 0.4, pitch: -0.7, yaw: 1.9)),
      origin: [10, 0, 0], color: .zero)
    var random = Random(seed: 3)
    var hits = 0
    for _ in 0..<4000 {
      let origin = vector(&random, -2...2) + solid.center
      let target = solid.center + vector(&random, -0.4...0.4)
      let ray = (target - origin).normalized
      guard solid.distance(to: origin) > 0.01 else { continue }
      let entry = solid.entry(origin, ray)
      if entry == .infinity {
        // Then no point of the ray lies inside.
        for step in 0..<200 {
          #expect(solid.distance(to: origin + ray * (0.02 * Float(step))) > -1e-3)
        }
        continue
      }
      hits += 1
      #expect(solid.mayMeet(origin, ray))
      let point = origin + ray * entry
      #expect(abs(solid.distance(to: point)) < 2e-4)
      // Nothing of it lies before that, and inside lies behind.
      for share in stride(from: Float(0), to: 0.98, by: 0.02) {
        #expect(solid.distance(to: origin + ray * (entry * share)) > 0)
      }
      let normal = solid.normal(at: point)
      #expect(abs(normal.length - 1) < 1e-4)
      #expect(solid.distance(to: point + normal * 0.01) > 0.005)
    }
    #expect(hits > 700)
  }

  @Test func aBallIsWhereItIs() {
    let ball = Solid(.sphere(radius: 0.25), at: Pose(position: [3, 0, 0]), origin: .zero, color: .zero)
    #expect(ball.entry(.zero, Vector(1, 0, 0)) == 2.75)
    #expect(ball.entry(.zero, Vector(-1, 0, 0)) == .infinity)
    #expect(ball.entry(Vector(0, 0, 0.3), Vector(1, 0, 0)) == .infinity)
    #expect(ball.normal(at: Vector(3, 0.25, 0)) == Vector(0, 1, 0))
  }
}
