import Environments
import Foundation
import Learning
import Networks
import Reporting
import Robotics
import Robots
import Storage
import TestRuns
import Testing
import Training

/// Policy files and crash files with a sound digest that say odd things.
@Suite struct PolicyFuzzTests {
  private static func shipped(_ robot: String) throws -> TensorFile {
    let entry = try #require(Catalog.standard[robot])
    return try TensorFile(decoding: try #require(entry.trainedPolicy?()))
  }

  @Test(arguments: ["pendulum", "arm7", "quadruped"])
  func aPolicyActsOrSaysWhyNot(_ robot: String) throws {
    let sound = try Self.shipped(robot)
    let entry = try #require(Catalog.standard[robot])
    var mutation = Mutation(seed: 13)
    var accepted = 0
    let count = FuzzCount.of(100, many: 1_700)
    for _ in 0..<count {
      var file = sound
      mutation.change(&file)
      do {
        let found = try PolicyFile.read(file.encoded(), from: "it")
        accepted += 1
        let description = try ControllerDescription(found, of: entry)
        _ = (description.text, description.json(weights: true).document)
        var policy = found.policy
        policy.mode = .stochastic
        if policy.spec.difference(from: try entry.spec()) == nil {
          _ = try policy.moved(to: try entry.spec())
          let envs = try entry.makeVectorEnv(count: 1, shards: 1, seed: 1, start: .together)
          envs.collect(steps: 3, with: policy, on: Workers(threads: 1))
        }
      } catch { #expect("\(error)".count < 20_000) }
    }
    #expect(accepted > 0 && accepted < count)
  }

  @Test func theCommandsAreClean() throws {
    let folder = try TemporaryFolder()
    let sound = try Self.shipped("pendulum")
    var mutation = Mutation(seed: 14)
    for number in 0..<FuzzCount.of(10, many: 300) {
      var file = sound
      mutation.change(&file)
      try file.write(to: folder.path + "/policy")
      let commands = [
        ["evaluate", "--policy", "policy", "--episodes", "1"], ["describe", "--policy", "policy"],
        ["describe", "--policy", "policy", "--json"],
        ["train", "--robot", "pendulum", "--init", "policy", "--steps", "1", "--print-config"],
      ]
      let outcome = try Command.run(commands[number % commands.count], in: folder)
      #expect(outcome.isClean, "\(number): \(outcome)")
    }
  }

  /// A file of a few hundred bytes that claims a network of gigabytes.
  @Test func aClaimIsNotBelieved() throws {
    let folder = try TemporaryFolder()
    var file = try Self.shipped("pendulum")
    for name in file.tensors.keys where name.hasPrefix("policy.") && name.contains("weight") {
      file.set(name, .float32([]))
    }
    file.metadata["layers"] = "[3,\(Array(repeating: "4096", count: 128).joined(separator: ",")),1]"
    try file.write(to: folder.path + "/policy")
    let outcome = try Command.run(["evaluate", "--policy", "policy"], in: folder)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasPrefix("Error: 'policy' is not a sound policy file: the tensor 'policy.0.weight' has the shape")
    )
    #expect(outcome.isClean)
  }

  @Test func escapesInNamesDoNotReachTheTerminal() throws {
    let folder = try TemporaryFolder()
    var file = try Self.shipped("pendulum")
    file.metadata["robot"] = "\u{1B}]0;owned\u{7}\u{9B}2J\nError: no"
    try file.write(to: folder.path + "/policy")
    for command in [["evaluate"], ["describe"], ["describe", "--json"], ["describe", "--robot", "pendulum"]] {
      let outcome = try Command.run(command + ["--policy", "policy"], in: folder)
      #expect(outcome.isClean, "\(outcome)")
    }
  }

  // MARK: Crash files

  @Test(arguments: ["quadruped", "arm7", "cartpole"])
  func aFaultIsRepeatedOrNot(_ robot: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/crash"
    let entry = try #require(Catalog.standard[robot])
    let spec = try entry.spec()
    let envs = try entry.makeVectorEnv(count: 1, shards: 1, seed: 3, start: .together)
    let makePolicy = try #require(entry.policies["random"])
    collect(5, in: envs, with: try makePolicy(spec))
    let rollout = envs.rollout(ofShard: 0)
    let sound = CrashFile(
      robot: robot, spec: spec, env: 0, step: 5, reason: "odd",
      tail: EpisodeTail(
        seed: 5, snapshot: Self.state(of: envs), stepsBefore: 2,
        observation: Array(rollout.observations[..<spec.observationCount]),
        actions: rollout.actions))
    var mutation = Mutation(seed: 15)
    var accepted = 0
    let count = FuzzCount.of(100, many: 1_700)
    for number in 0..<count {
      var file = sound.file
      if number > 0 { mutation.change(&file) }
      try file.write(to: path)
      do {
        let rerun = try CrashRerun(ofFileAt: path, in: .standard)
        accepted += 1
        #expect(rerun.text.split(separator: "\n").allSatisfy { isCleanLine($0) }, "\(rerun.text)")
        _ = (rerun.json.document, rerun.verdict)
      } catch {
        #expect(number > 0, "the sound one is refused: \(error)")
        #expect("\(error)".count < 20_000)
      }
    }
    #expect(accepted > 0 && accepted < count)
  }

  /// Every place of an env's state in turn holds numbers that no env would have written.
  @Test(arguments: ["quadruped", "biped", "arm7", "arm", "pusher", "reacher", "cartpole", "hopper", "pendulum"])
  func anyStateIsRefusedOrGoesOn(_ robot: String) throws {
    let entry = try #require(Catalog.standard[robot])
    let spec = try entry.spec()
    var randomization = DomainRandomization()
    randomization.latency = 0...0.02
    randomization.noise = 0...1
    randomization.strength = 0.9...1
    let make = {
      try entry.makeVectorEnv(
        count: 1, shards: 1, seed: 3, start: .together,
        randomization: entry.robot == nil ? DomainRandomization() : randomization
      )
    }
    let envs = try make()
    // A robot that stands gets another command within the steps that follow.
    collect(246, in: envs, with: ZeroPolicy(spec: spec))
    let sound = Self.state(of: envs)
    let actions = (0..<8 * spec.actionCount).map { Float($0 % 3) - 1 }
    let words: [UInt64] =
      [Double.nan, .infinity, -1, 1e300, 0x1p53, .leastNonzeroMagnitude].map(\.bitPattern)
      + [Int64.max, .min, -1, 1 << 53, 1 << 60].map { UInt64(bitPattern: $0) }
    var mutation = Mutation(seed: 16)
    var (refused, repeated) = (0, 0)
    for place in 0...max(0, sound.count - 8) {
      let tries = place % 5 == 0 ? FuzzCount.of(1, many: 2) : FuzzCount.of(0, many: 2)
      for _ in 0..<tries {
        let word = mutation.pick(words)
        var state = sound
        for i in 0..<8 { state[place + i] = UInt8(truncatingIfNeeded: word >> UInt64(8 * i)) }
        let tail = EpisodeTail(
          seed: 5, snapshot: state, stepsBefore: 2, observation: Array(repeating: 0, count: spec.observationCount),
          actions: actions)
        do {
          _ = try envs.rerun(tail)
          repeated += 1
        } catch {
          refused += 1
          #expect(isCleanLine(error))
        }
      }
    }
    #expect(refused > 0 && repeated > 0)
    _ = try envs.rerun(
      EpisodeTail(
        seed: 5, snapshot: sound, stepsBefore: 2, observation: Array(repeating: 0, count: spec.observationCount),
        actions: actions))
  }

  private func collect(_ steps: Int, in envs: VectorEnv, with policy: some Policy) {
    envs.collect(steps: steps, with: policy, on: Workers(threads: 1))
  }

  /// The state of the only env of `envs`, as a crash file holds it: what its shard writes after all of its own.
  private static func state(of envs: VectorEnv) -> [UInt8] {
    var writer = StateWriter()
    envs.save(to: &writer)
    let (number, random) = (8, 32)
    let shard = number + random + number + number + number + 4 * envs.spec.observationCount
    let episode = random + 6 * number + 1
    return Array(writer.bytes.dropFirst(shard + episode))
  }
}
