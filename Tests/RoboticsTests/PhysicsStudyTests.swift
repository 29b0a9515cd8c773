import Environments
import Physics
import Robotics
import Testing

/// What is said of other ways to step a robot has to be true of robots for which it can be foreseen.
struct PhysicsStudyTests {
  private func study(_ robot: some Robot) throws -> PhysicsStudy {
    try #require(Catalog.Entry("robot", robot, Probe()).physicsStudy)
  }

  private let cart = Cart(actuator: .position(stiffness: 100, damping: 5, limit: 50, reach: 0.5))

  @Test func theRobotsOwnWayComesFirstAndNoWayTwice() throws {
    let choices = try study(cart).choices
    #expect(choices[0].name == "as it is: direct, 5.0 ms")
    #expect(
      choices.dropFirst().map(\.name) == [
        "4 iterations, 5.0 ms", "8 iterations, 5.0 ms", "direct, 2.5 ms", "direct, 4.0 ms", "direct, 10.0 ms",
        "8 iterations, 2.5 ms", "implicit position drives",
      ])
  }

  /// On rails nothing gapes, and a finer step is nearer to the truth by as much as it is finer.
  @Test func errorsShrinkWithTheStep() throws {
    let study = try study(cart)
    let reference = try study.reference()
    #expect(reference.count == 26 && reference[0].count == 1)
    var deviation: [String: Double] = [:]
    for choice in study.choices {
      let errors = study.errors(of: choice, against: reference)
      #expect(errors.jointGap < 1e-4)
      #expect(errors.slip.isNaN)
      deviation[choice.name] = errors.deviation
    }
    let fine = try #require(deviation["direct, 2.5 ms"])
    let coarse = try #require(deviation["direct, 10.0 ms"])
    #expect(fine > 1e-5 && coarse > 3 * fine && coarse < 8 * fine)
  }

  /// A chain whirls by the exact solver.
  @Test func energyOfFreeMotionIsNearlyKept() throws {
    let study = try study(Swing())
    let reference = try study.reference()
    let drifts = study.choices.filter { $0.name.contains("direct") }.map {
      abs(study.errors(of: $0, against: reference).energyDrift)
    }
    #expect(drifts.count == 4)
    #expect(drifts.allSatisfy { $0 > 1e-9 && $0 < 0.02 })
  }

  @Test func aBlockAtRestDoesNotSlip() throws {
    let study = try study(Block())
    let errors = study.errors(of: study.choices[0], against: try study.reference())
    #expect(errors.slip < 1e-4)
    #expect(errors.deviation < 1e-3)
    #expect(errors.energyDrift.isNaN)
  }
}

/// Two links on hinges that hang aside.
private struct Swing: Robot {
  let name = "swing"
  let physics = PhysicsSettings(hasGround: false)

  var body: Link {
    Link(
      "upper", .capsule(radius: 0.03, length: 0.4), mass: 1, center: [0, 0, -0.2], at: [0, 0, 1],
      joint: .hinge(Axis("shoulder", [0, 1, 0], range: -1...1, neutral: 0.8))
    ) {
      Link(
        "lower", .capsule(radius: 0.03, length: 0.4), mass: 1, center: [0, 0, -0.2], at: [0, 0, -0.45],
        joint: .hinge(Axis("elbow", [0, 1, 0], range: -1...1, neutral: 0.5)))
    }
  }
}
