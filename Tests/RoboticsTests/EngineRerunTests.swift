import Environments
import Robotics
import Testing

/// A rerun must do the physics of the env to the bit, or it would measure something else.
struct EngineRerunTests {
  private let cart = Cart(actuator: .position(stiffness: 100, damping: 5, limit: 50, reach: 0.5))

  @Test(arguments: [1, 2])
  func followsItsEnvToTheBit(_ shards: Int) throws {
    // Episodes of seven steps, so that a rollout of 25 holds several starts.
    let entry = Catalog.Entry("cart", cart, Probe(endAfter: 7))
    let envs = try entry.makeVectorEnv(count: 3, shards: shards, seed: 9, start: .together)
    let reruns = try #require(try entry.makeEngineReruns(count: 3, seed: 9))
    let policy = RandomPolicy(spec: envs.spec)
    for _ in 0..<2 {
      envs.collect(steps: 25, with: policy, on: Workers(threads: 1))
      var index = 0
      for shard in 0..<envs.shardCount {
        let rollout = envs.rollout(ofShard: shard)
        for env in 0..<rollout.envCount {
          let actions = RolloutActions(of: rollout, env: env)
          #expect(actions.isOver.count == 25 && actions.isOver.filter(\.self).count >= 3)
          reruns[index].follow(actions)
          try reruns[index].rerun()
          index += 1
        }
      }
      var whole = StateWriter()
      envs.save(to: &whole)
      for rerun in reruns {
        var part = StateWriter()
        rerun.save(to: &part)
        #expect(part.bytes.count > 100)
        #expect(whole.bytes.firstRange(of: part.bytes) != nil)
      }
    }
  }

  @Test func anotherSeedIsAnotherPhysics() throws {
    let entry = Catalog.Entry("cart", cart, Probe())
    let states = try [1, 2].map { (seed: UInt64) in
      var writer = StateWriter()
      try #require(try entry.makeEngineReruns(count: 1, seed: seed))[0].save(to: &writer)
      return writer.bytes
    }
    #expect(states[0] != states[1])
  }

  @Test func envsOfTheirOwnHaveNone() throws {
    let entry = Catalog.Entry("cart", summary: "") { [cart] in try RobotEnv(cart, Probe()) }
    #expect(try entry.makeEngineReruns(count: 1, seed: 1) == nil)
  }
}
