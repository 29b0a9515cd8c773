import Environments
import Physics
import Robotics
import Testing

/// A trunk on four feet that hinges hold in place.
private struct Stool: Robot {
  let name = "stool"
  let physics = PhysicsSettings(substep: 0.002, substeps: 10)

  var body: Link {
    Link("trunk", .box(size: [0.6, 0.4, 0.1]), mass: 6, at: [0, 0, 0.5]) {
      for (x, front) in [(0.25, "front"), (-0.25, "rear")] {
        for (y, side) in [(0.15, "left"), (-0.15, "right")] {
          Link(
            "\(front) \(side) foot", .capsule(radius: 0.03, length: 0.3), mass: 0.5, center: [0, 0, -0.2],
            at: [x, y, -0.05],
            joint: .hinge(
              Axis(
                "\(front) \(side) hip", [0, 1, 0], range: -0.5...0.5,
                actuator: .position(stiffness: 300, damping: 5, limit: 100, reach: 0.3))))
        }
      }
    }
  }
}

/// Stands, and feels its feet if it says that it does.
private struct Stand: RobotTask {
  let summary = "stands"
  let episodeSeconds = 4.0
  let endings: [String] = []
  var measuresContactForces = true
  private var feet: [LinkID] = []

  init(measures: Bool = true) { measuresContactForces = measures }

  mutating func prepare(for model: RobotModel) throws {
    feet = try ["front left foot", "front right foot", "rear left foot", "rear right foot"].map { try model.link($0) }
  }

  mutating func begin(_ sim: inout Simulation, using random: inout Random) throws { sim.place(at: sim.rootPose) }

  func observe(_ sim: borrowing Simulation, _ cursor: inout ObservationCursor, into row: inout MutableSpan<Float>) {
    cursor.write("loads", count: feet.count, unit: "N", mirroring: .links(feet), into: &row) {
      sim.groundForce(on: feet[$0]).z
    }
  }

  mutating func evaluateStep(_ sim: borrowing Simulation, action: Span<Float>, _ reward: inout RewardCursor) -> Ending {
    reward.add("standing", 1)
    return .running
  }
}

@Suite struct ContactForceTaskTests {
  @Test func theFeetBearTheWeight() throws {
    var driver = try Driver(Stool(), Stand())
    driver.reset(seed: 1)
    #expect(driver.observation == [0, 0, 0, 0])
    for _ in 0..<100 { #expect(driver.step(0, 0, 0, 0).ending == .running) }
    let weight = Float(8 * 9.81)
    #expect(abs(driver.observation.reduce(0, +) - weight) < 0.01 * weight, "\(driver.observation)")
    // Front and rear, left and right share it.
    #expect(driver.observation.allSatisfy { abs($0 - weight / 4) < 0.1 * weight })
  }

  @Test func anEnvIsRestoredWithThem() throws {
    var driver = try Driver(Stool(), Stand())
    driver.reset(seed: 1)
    for _ in 0..<10 { _ = driver.step(0.2, -0.2, 0, 0) }
    var writer = StateWriter()
    driver.env.save(to: &writer)
    _ = driver.step(0, 0, 0, 0.3)
    let next = driver.observation
    var other = try Driver(Stool(), Stand())
    other.reset(seed: 2)
    var reader = StateReader(writer.bytes)
    try other.env.restore(from: &reader)
    _ = other.step(0, 0, 0, 0.3)
    #expect(other.observation == next)
  }

  @Test func whoDoesNotMeasureThemIsTold() throws {
    var driver = try Driver(Stool(), Stand(measures: false))
    driver.reset(seed: 1)
    _ = driver.step(0, 0, 0, 0)
    #expect(
      driver.env.defect?.contains(
        "groundForce(on:) was called, but contact forces are not measured; let the task's measuresContactForces be true"
      )
        == true, "\(driver.env.defect ?? "")")
  }
}
