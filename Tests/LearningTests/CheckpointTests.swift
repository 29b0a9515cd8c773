import Environments
import Learning
import Networks
import Storage
import TestEnvs
import Testing

@Suite struct CheckpointTests {
  private static func trained() throws -> NetworkPolicy {
    let envs = try VectorEnv(count: 8, seed: 1) { _ in try PointEnv() }
    var settings = PPOSettings()
    settings.hiddenLayers = [7]
    var ppo = try PPO(spec: envs.spec, settings: settings, seed: 1)
    let workers = Workers(threads: 1)
    for _ in 0..<2 { _ = try ppo.improve(in: envs, on: workers) }
    return ppo.policy
  }

  private static func act(_ policy: NetworkPolicy) -> [Float] {
    let observations: [Float] = [1, 0.5, -0.25, 0, -1, -0.3, 0.8, 0.5]
    var actions: [Float] = [0, 0, 0, 0]
    var none: [Float] = []
    var random = Random(seed: 1)
    var span = actions.mutableSpan
    var memory = none.mutableSpan
    policy.act(on: observations.span, memory: &memory, random: &random, into: &span)
    return actions
  }

  @Test func aPolicyLoadsFromItsFileAlone() throws {
    let policy = try Self.trained()
    let file = try TensorFile(decoding: Checkpoint.policyFile(policy, robot: "point").encoded())
    let loaded = try NetworkPolicy(from: file)
    #expect(loaded.spec == policy.spec && loaded.network == policy.network && loaded.std == policy.std)
    #expect(Self.act(loaded) == Self.act(policy))
    #expect(file.metadata["robot"] == "point")
    // As PyTorch keeps it: outputs × inputs.
    #expect(file.tensors["policy.0.weight"]?.shape == [7, 3])
  }

  @Test func aTrainingStateIsAPolicyFileToo() throws {
    let envs = try VectorEnv(count: 4, seed: 1) { _ in try PointEnv() }
    let ppo = try PPO(spec: envs.spec, seed: 1)
    let file = try ppo.trainingFile(envs: envs, robot: "point")
    #expect(try NetworkPolicy(from: file).network == ppo.policy.network)
  }

  @Test func misfitsAreToldInOneLine() throws {
    let policy = try Self.trained()
    let changes: [(inout TensorFile) -> Void] = [
      { $0.metadata["version"] = "99" }, { $0.metadata["format"] = nil }, { $0.metadata["spec"] = "{}" },
      { $0.metadata["layers"] = "[3,8,2]" }, { $0.metadata["layers"] = "[3,7,3]" }, { $0.metadata["layers"] = "[]" },
      { $0.metadata["activation"] = "sine" }, { $0.metadata["min_std"] = "-1" },
      { $0.metadata["observation_clip"] = "x" }, { $0.set("policy.raw_log_std", .float32([.nan, 0])) },
      { $0.set("policy.1.bias", .float32([.infinity, 0])) }, { $0.set("policy.normalizer.count", .float64([-1])) },
    ]
    for change in changes {
      var file = Checkpoint.policyFile(policy, robot: "point")
      change(&file)
      do {
        _ = try NetworkPolicy(from: file)
        Issue.record("a damaged policy was loaded")
      } catch {
        #expect(!"\(error)".contains("\n") && !"\(error)".isEmpty)
      }
    }
  }

  /// A few bytes can claim gigabytes; what they claim must be there before room is made for it.
  @Test func aNetworkIsNotMadeBeforeItsTensorsAreSeen() throws {
    var file = Checkpoint.policyFile(try Self.trained(), robot: "point")
    file.metadata["layers"] = "[3,\(Array(repeating: "4096", count: 128).joined(separator: ",")),2]"
    #expect(throws: StorageError("the tensor 'policy.0.weight' has the shape [7, 3], not [4096, 3]")) {
      try NetworkPolicy(from: file)
    }
    file.metadata["layers"] = "[3,7\(String(repeating: ",7", count: 100_000)),2]"
    #expect(throws: StorageError("the tensor 'policy.1.weight' has the shape [2, 7], not [7, 7]")) {
      try NetworkPolicy(from: file)
    }
  }

  @Test func aRefusedRestoreChangesNothing() throws {
    let envs = try VectorEnv(count: 4, seed: 1) { _ in try PointEnv() }
    var ppo = try PPO(spec: envs.spec, seed: 1)
    var wider = PPOSettings()
    wider.hiddenLayers = [65, 64]
    let other = try PPO(spec: envs.spec, settings: wider, seed: 1)
    let file = try other.trainingFile(envs: envs, robot: "point")
    let before = ppo.policy.network
    do {
      try ppo.restore(envs: envs, from: file)
      Issue.record("it was restored")
    } catch {
      #expect("\(error)".contains("65"))
    }
    #expect(ppo.policy.network == before)
  }

  @Test func specsComeBackToTheBit() throws {
    let spec = try EnvSpec(
      observations: [
        ObservationSlice("a \"b\"", count: 2, for: .policy), ObservationSlice("c", count: 1, for: .critic),
        ObservationSlice("d", count: 3, for: .critic),
      ], actions: [ActionChannel("x", low: -0.1, high: .greatestFiniteMagnitude)], controlInterval: 1 / 3,
      episodeSteps: 17, rewardTerms: ["r"], endings: ["fell", "flew"], metrics: ["m"])
    let network = try MLP(sizes: [2, 1], activation: .relu)
    let policy = try NetworkPolicy(spec: spec, network: network)
    let loaded = try NetworkPolicy(from: Checkpoint.policyFile(policy, robot: ""))
    #expect(loaded.spec == spec)
  }
}
