import Environments
import Physics
import Robotics
import Testing

struct CatalogTests {
  private let workers = Workers(threads: 1)
  private let cart = Cart(actuator: .torque(limit: 1))

  /// A policy by hand, to be recognized by what it asks for.
  private struct Half: Policy {
    let spec: EnvSpec
    func act(
      on observations: Span<Float>, memory: inout MutableSpan<Float>, random: inout Random,
      into actions: inout MutableSpan<Float>
    ) {
      for i in actions.indices { actions[i] = 0.5 }
    }
  }

  @Test func findsEntriesByName() {
    let catalog = Catalog([.init("a", cart, Probe()), .init("b", cart, Probe())])
    #expect(catalog.names == ["a", "b"])
    #expect(catalog["b"]?.name == "b")
    #expect(catalog["c"] == nil)
    #expect(catalog["a"]?.summary == "is looked at")
  }

  @Test func growsByAddition() {
    let catalog = Catalog([.init("a", cart, Probe())])
    let more = catalog + [.init("b", cart, Probe()), .init("c", cart, Probe())]
    #expect(more.names == ["a", "b", "c"])
    #expect(catalog.names == ["a"])
  }

  @Test func oneRobotMayServeSeveralTasks() throws {
    let catalog = Catalog([
      .init("short", cart, Probe(episodeSeconds: 0.1)), .init("long", cart, Probe(episodeSeconds: 0.4)),
    ])
    #expect(try catalog["short"]?.spec().episodeSteps == 5)
    #expect(try catalog["long"]?.spec().episodeSteps == 20)
  }

  @Test func makesEnvsOfARobot() throws {
    let entry = Catalog.Entry("cart", cart, Probe())
    let envs = try entry.makeVectorEnv(count: 5, shards: 2, seed: 1, start: .together)
    #expect(envs.count == 5 && envs.shardCount == 2)
    #expect(try envs.spec == entry.spec())
    #expect(envs.spec.actions.map(\.name) == ["x"])
    envs.collect(steps: 12, with: ZeroPolicy(spec: envs.spec), on: workers)
    #expect(envs.rollout(ofShard: 0).episodes.count == 2)
    #expect(envs.rollout(ofShard: 1).episodes.count == 3)
  }

  @Test func makesEnvsOfAnyKind() throws {
    let entry = Catalog.Entry("cart", summary: "one line") { try RobotEnv(Cart(actuator: .torque(limit: 1)), Probe()) }
    #expect(entry.summary == "one line")
    #expect(try entry.makeVectorEnv(count: 3, seed: 1).count == 3)
  }

  @Test func passesOnWhyEnvsCannotBeMade() {
    let entry = Catalog.Entry("cart", cart, Probe(failsToBegin: true))
    #expect(throws: RobotError("cannot begin")) { try entry.spec() }
    #expect(throws: EnvError.self) { try Catalog.Entry("cart", cart, Probe()).makeVectorEnv(count: 0, seed: 1) }
  }

  @Test func everyEntryComesWithZeroAndRandom() throws {
    let entry = Catalog.Entry("cart", cart, Probe(), policies: ["half": { Half(spec: $0) }])
    #expect(entry.policies.keys.sorted() == ["half", "random", "zero"])
    let spec = try entry.spec()
    #expect(try entry.policies["zero"]?(spec) is ZeroPolicy)
    #expect(try entry.policies["random"]?(spec) is RandomPolicy)
    #expect(try entry.policies["half"]?(spec) is Half)
  }

  @Test func anEntrysOwnPolicyWins() throws {
    let entry = Catalog.Entry("cart", cart, Probe(), policies: ["zero": { Half(spec: $0) }])
    #expect(try entry.policies["zero"]?(entry.spec()) is Half)
  }

  @Test func settingsAreLiterals() {
    let entry = Catalog.Entry(
      "cart", cart, Probe(), settings: ["steps": 5, "rate": 0.5, "kind": "fast", "normalized": true])
    #expect(entry.settings["steps"] == .number(5))
    #expect(entry.settings["rate"] == .number(0.5))
    #expect(entry.settings["kind"] == .text("fast"))
    #expect(entry.settings["normalized"] == .flag(true))
    #expect(entry.trainedPolicy == nil)
  }
}
