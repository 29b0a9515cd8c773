import Environments
import Robotics
import Robots
import Testing

/// The physics loop of the benchmark does the physics of the robot's envs.
@Suite struct EngineRerunTests {
  @Test(arguments: ["biped", "arm"])
  func theBarePhysicsIsTheRobots(_ name: String) throws {
    let entry = try #require(Catalog.standard[name])
    let envs = try entry.makeVectorEnv(count: 3, shards: 1, seed: 4, start: .together)
    let reruns = try #require(try entry.makeEngineReruns(count: 3, seed: 4))
    envs.collect(steps: 120, with: RandomPolicy(spec: envs.spec), on: Workers(threads: 1))
    let rollout = envs.rollout(ofShard: 0)
    for (i, rerun) in reruns.enumerated() {
      rerun.follow(RolloutActions(of: rollout, env: i))
      try rerun.rerun()
    }
    // The biped has fallen by then, and begun again.
    #expect(name != "biped" || !rollout.finals.isEmpty)
    var whole = StateWriter()
    envs.save(to: &whole)
    for rerun in reruns {
      var part = StateWriter()
      rerun.save(to: &part)
      #expect(whole.bytes.firstRange(of: part.bytes) != nil)
    }
  }

  @Test func thePendulumHasNoPhysicsEngine() throws {
    #expect(try Catalog.standard["pendulum"]?.makeEngineReruns(count: 1, seed: 1) == nil)
  }
}
