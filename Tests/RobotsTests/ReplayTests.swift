import Environments
import Robotics
import Robots
import Testing

/// What a benchmark takes for a robot's bare physics has to be that physics.
@Suite struct ReplayTests {
  @Test(arguments: ["biped", "arm"])
  func theBarePhysicsIsTheRobots(_ name: String) throws {
    let entry = try #require(Catalog.standard[name])
    let envs = try entry.makeVectorEnv(count: 3, shards: 1, seed: 4, start: .together)
    let replays = try #require(try entry.makePhysicsReplays(count: 3, seed: 4))
    envs.collect(steps: 120, with: RandomPolicy(spec: envs.spec), on: Workers(threads: 1))
    let rollout = envs.rollout(ofShard: 0)
    for (i, replay) in replays.enumerated() {
      replay.follow(EnvTape(of: rollout, env: i))
      try replay.replay()
    }
    // The biped has fallen by then, and begun again.
    #expect(name != "biped" || !rollout.finals.isEmpty)
    var whole = StateWriter()
    envs.save(to: &whole)
    for replay in replays {
      var part = StateWriter()
      replay.save(to: &part)
      #expect(whole.bytes.firstRange(of: part.bytes) != nil)
    }
  }

  @Test func thePendulumHasNoPhysicsEngine() throws {
    #expect(try Catalog.standard["pendulum"]?.makePhysicsReplays(count: 1, seed: 1) == nil)
  }
}
