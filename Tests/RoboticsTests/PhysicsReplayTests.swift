import Environments
import Robotics
import Testing

/// A replay must do the physics of the env to the bit, or it would measure something else.
struct PhysicsReplayTests {
  private let cart = Cart(actuator: .position(stiffness: 100, damping: 5, limit: 50, reach: 0.5))

  @Test(arguments: [1, 2])
  func followsItsEnvToTheBit(_ shards: Int) throws {
    // Episodes of seven steps, so that a rollout of 25 holds several starts.
    let entry = Catalog.Entry("cart", cart, Probe(endAfter: 7))
    let envs = try entry.makeVectorEnv(count: 3, shards: shards, seed: 9, start: .together)
    let replays = try #require(try entry.makePhysicsReplays(count: 3, seed: 9))
    let policy = RandomPolicy(spec: envs.spec)
    for _ in 0..<2 {
      envs.collect(steps: 25, with: policy, on: Workers(threads: 1))
      var index = 0
      for shard in 0..<envs.shardCount {
        let rollout = envs.rollout(ofShard: shard)
        for env in 0..<rollout.envCount {
          let tape = EnvTape(of: rollout, env: env)
          #expect(tape.isOver.count == 25 && tape.isOver.filter(\.self).count >= 3)
          replays[index].follow(tape)
          try replays[index].replay()
          index += 1
        }
      }
      var whole = StateWriter()
      envs.save(to: &whole)
      for replay in replays {
        var part = StateWriter()
        replay.save(to: &part)
        #expect(part.bytes.count > 100)
        #expect(whole.bytes.firstRange(of: part.bytes) != nil)
      }
    }
  }

  @Test func anotherSeedIsAnotherPhysics() throws {
    let entry = Catalog.Entry("cart", cart, Probe())
    let states = try [1, 2].map { (seed: UInt64) in
      var writer = StateWriter()
      try #require(try entry.makePhysicsReplays(count: 1, seed: seed))[0].save(to: &writer)
      return writer.bytes
    }
    #expect(states[0] != states[1])
  }

  @Test func envsOfTheirOwnHaveNone() throws {
    let entry = Catalog.Entry("cart", summary: "") { [cart] in try RobotEnv(cart, Probe()) }
    #expect(try entry.makePhysicsReplays(count: 1, seed: 1) == nil)
  }
}
