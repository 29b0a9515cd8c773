import Environments
import Physics
import Robotics
import Testing

@Suite struct EffortMeterTests {
  private func driver(_ cart: Cart, seconds: Double = 1) throws -> Driver<Probe> {
    try Driver(cart, Probe(episodeSeconds: seconds), measuresEffort: true)
  }

  private func figures(_ driver: inout Driver<Probe>) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: zip(driver.env.spec.metrics, driver.metrics))
  }

  @Test func namesStandBehindTheTasksOwn() throws {
    let spec = try driver(Cart(actuator: .torque(limit: 10))).env.spec
    #expect(
      spec.metrics == [
        "steps", "effort/energy_j", "effort/power_w", "effort/action_rate", "effort/x/force_n", "effort/x/peak_force_n",
        "effort/x/force_share", "effort/x/at_force_limit", "effort/x/at_joint_limit",
        "physics/penetration_m", "physics/joint_gap_m", "physics/stop_overshoot_rad", "physics/stop_overshoot_m",
      ])
  }

  /// A constant force F on a mass m for a time t: energy F²t²/2m.
  @Test func aConstantForce() throws {
    var driver = try driver(Cart(actuator: .torque(limit: 10)))
    driver.reset(seed: 1)
    for _ in 0..<20 { _ = driver.step(-0.5) }
    let found = figures(&driver)
    let energy = 25 * 0.4 * 0.4 / 4
    #expect(found["steps"] == 20)
    #expect(abs((found["effort/energy_j"] ?? 0) - energy) < 1e-9)
    #expect(abs((found["effort/power_w"] ?? 0) - energy / 0.4) < 1e-9)
    #expect(found["effort/action_rate"] == 0)
    #expect(abs((found["effort/x/force_n"] ?? 0) - 5) < 1e-9)
    #expect(found["effort/x/peak_force_n"] == 5)
    #expect(abs((found["effort/x/force_share"] ?? 0) - 0.5) < 1e-9)
    #expect(found["effort/x/at_force_limit"] == 0)
    // There are no stops to stand at.
    #expect(found["effort/x/at_joint_limit"]?.isNaN == true)
  }

  @Test func limitsAndChangesAreCounted() throws {
    var driver = try driver(Cart(actuator: .torque(limit: 10)))
    driver.reset(seed: 1)
    for action in [1, 0.5, -1, -1, 7] as [Float] { _ = driver.step(action) }
    let found = figures(&driver)
    #expect(abs((found["effort/x/at_force_limit"] ?? 0) - 0.8) < 1e-12)
    // |Δa| of 0.5, 1.5, 0 and, the action being clamped, 2, in four intervals of 20 ms.
    #expect(abs((found["effort/action_rate"] ?? 0) - 4 / 0.08) < 1e-9)
    // A new episode starts from nothing.
    driver.reset(seed: 1)
    #expect(figures(&driver)["effort/x/force_n"]?.isNaN == true)
    _ = driver.step(0)
    #expect(figures(&driver)["effort/x/peak_force_n"] == 0)
  }

  /// The same cart between stops, and a drive whose force the solver finds.
  private struct Railed: Robot {
    let name = "railed"
    let physics = PhysicsSettings(hasGround: false)
    var body: Link {
      Link(
        "cart", .box(size: [0.2, 0.2, 0.1]), mass: 2, at: [0, 0, 1],
        joint: .slider(
          Axis("x", [1, 0, 0], range: -0.2...0.2, actuator: .velocity(limit: 10, speed: 1))))
    }
  }

  @Test func stopsAreCounted() throws {
    var driver = try Driver(Railed(), Probe(episodeSeconds: 4), measuresEffort: true)
    driver.reset(seed: 1)
    for _ in 0..<100 { _ = driver.step(1) }
    let found = Dictionary(uniqueKeysWithValues: zip(driver.env.spec.metrics, driver.metrics))
    // On its way for at most 0.3 m at 1 m/s and the start-up, that is 25 steps; then it presses against the stop.
    #expect((0.75...0.95).contains(found["effort/x/at_joint_limit"] ?? 0))
    #expect((0.75...1).contains(found["effort/x/at_force_limit"] ?? 0))
    #expect(abs((found["effort/x/peak_force_n"] ?? 0) - 10) < 1e-6)
  }

  @Test func unlimitedForcesHaveNoShare() throws {
    var driver = try driver(Cart(actuator: .velocity(gain: 1, limit: .infinity, speed: 1)))
    driver.reset(seed: 1)
    _ = driver.step(1)
    let found = figures(&driver)
    #expect(found["effort/x/force_share"]?.isNaN == true && found["effort/x/at_force_limit"]?.isNaN == true)
    #expect((found["effort/x/force_n"] ?? 0) > 0.5)
  }
}
