import Environments
import Physics
import Robotics
import Testing

/// A ball of 0.1 m around its link's origin, raised by `offset`.
private struct Ball: Robot {
  let name = "ball"
  let physics = PhysicsSettings(groundFriction: 0)
  var body: Link { Link("ball", .sphere(radius: 0.1), mass: 1, center: [0, 0, 0.5], at: [0, 0, -0.4]) }
}

struct FootMeasuresTests {
  private let link = LinkID(index: 0)

  @Test func slidingIsHorizontalSpeedOnTheGround() throws {
    var sim = try Simulation(RobotModel(Ball()))
    sim.place(at: Pose(position: [0, 0, -0.4]), velocity: [0.3, -0.4, 0])
    let before = sim.slip(of: link)
    #expect(before == 0, "nothing has touched the ground yet")
    try sim.advance()
    let slip = sim.slip(of: link)
    #expect(abs(slip - 0.5) < 1e-6)
  }

  @Test func nothingSlidesInTheAir() throws {
    var sim = try Simulation(RobotModel(Ball()))
    sim.place(at: Pose(position: [0, 0, 1]), velocity: [1, 0, 0])
    try sim.advance()
    let slip = sim.slip(of: link)
    #expect(slip == 0)
  }

  @Test func aRollingBallDoesNotSlide() throws {
    // Friction takes what slides away and leaves v = ω r.
    var sim = try Simulation(RobotModel(RollingBall()))
    sim.place(at: Pose(position: [0, 0, 0.1]), velocity: [0.5, 0, 0])
    for _ in 0..<50 { try sim.advance() }
    let (speed, slip) = (sim.velocity(of: link).x, sim.slip(of: link))
    #expect(speed > 0.3 && slip < 0.01)
  }
}

private struct RollingBall: Robot {
  let name = "rolling ball"
  var body: Link { Link("ball", .sphere(radius: 0.1), mass: 1, at: [0, 0, 0.1]) }
}
