import Environments
import Robotics
import Robots
import Testing

struct StandardCatalogTests {
  @Test func holdsItsRobots() {
    #expect(
      Catalog.standard.names == [
        "pendulum",
        "pendulum-hidden",
        "cartpole-discrete",
        "cartpole",
        "inverted-double-pendulum",
        "reacher",
        "hopper",
        "walker2d",
        "half-cheetah",
        "ant",
        "biped",
        "biped-imu",
        "biped-commanded",
        "humanoid",
        "humanoid-imu",
        "quadruped",
        "hexapod",
        "arm",
        "arm7",
        "pusher",
      ])
  }

  @Test(arguments: Catalog.standard.names)
  func everyPolicyFitsItsRobot(_ name: String) throws {
    let entry = try #require(Catalog.standard[name])
    let spec = try entry.spec()
    #expect(entry.policies.keys.contains("zero") && entry.policies.keys.contains("random"))
    for make in entry.policies.values {
      let envs = try entry.makeVectorEnv(count: 2, seed: 1)
      let policy = try make(spec)
      #expect(policy.spec == spec)
      envs.collect(steps: 5, with: policy, on: Workers(threads: 1))
      for channel in envs.rollout(ofShard: 0).actions { #expect(channel.isFinite) }
    }
  }

  @Test(arguments: Catalog.standard.names)
  func everyGoalSpeaksOfWhatIsMeasured(_ name: String) throws {
    let entry = try #require(Catalog.standard[name])
    let goal = try #require(entry.goal)
    let known = try entry.spec().metrics
    for case .metric(let metric) in goal.conditions.map(\.figure) { #expect(known.contains(metric)) }
  }

  @Test func thePendulumComesWithASwingUp() throws {
    let entry = try #require(Catalog.standard["pendulum"])
    #expect(try entry.policies["swing-up"]?(entry.spec()) is SwingUp)
  }
}
