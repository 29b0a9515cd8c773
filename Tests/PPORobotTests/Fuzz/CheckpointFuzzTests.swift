import Environments
import Foundation
import Learning
import Networks
import Robotics
import Robots
import Storage
import TestRuns
import Testing
import Training

/// Checkpoints with a sound digest that say odd things: each is refused in one line, or the training goes on.
@Suite struct CheckpointFuzzTests {
  /// Robots whose tasks keep all kinds of state, and their domain randomization.
  private static let plans: [[String]] = [
    ["quadruped", "randomization.push=0...1", "randomization.latency=0...0.03", "randomization.mass=0.8...1.2"],
    ["biped", "randomization.noise=0...1", "curriculum.start=0.2"],
    ["arm7"], ["pusher"], ["cartpole"], ["pendulum"], ["walker2d"],
  ]

  private func plan(_ robot: String, _ settings: [String]) throws -> TrainingPlan {
    var request = TrainingRequest()
    request.robot = robot
    request.assignments =
      [
        "envs=2", "shards=1", "ppo.horizon=8", "ppo.minibatch=4", "ppo.epochs=1", "ppo.hidden_layers=[4]",
        "ppo.value_layers=[4]",
      ]
      + settings
    return try TrainingPlan(request, in: .standard)
  }

  @Test(arguments: plans)
  func aTrainingGoesOnOrSaysWhyNot(_ words: [String]) throws {
    let plan = try plan(words[0], Array(words.dropFirst()))
    let training = try Training(plan)
    let workers = Workers(threads: 1)
    // A robot that stands gets another command within the steps that follow.
    training.envs.collect(steps: 246, with: ZeroPolicy(spec: training.envs.spec), on: workers)
    let sound = try training.checkpoint()
    var mutation = Mutation(seed: 11)
    var accepted = 0
    let count = FuzzCount.of(40, many: 720)
    for _ in 0..<count {
      var file = sound
      mutation.change(&file)
      var resumed = try Training(plan)
      do {
        try resumed.restore(from: TensorFile(decoding: file.encoded()))
      } catch {
        // What the checkpoint says of itself reaches the user through the one line that the command makes of it.
        #expect("\(error)".count < 20_000)
        continue
      }
      accepted += 1
      let report = try resumed.learner.improve(in: resumed.envs, on: workers)
      _ = resumed.doctor.examine(report, processorSeconds: 1)
      _ = resumed.doctor.findings.map(\.json.line)
      _ = try resumed.checkpoint().encoded()
      // Some to the end of their episodes, and into the next.
      guard accepted % 16 == 1 else { continue }
      resumed.envs.collect(steps: 300, with: resumed.learner.policy, on: workers)
    }
    #expect(accepted > 0 && accepted < count)
  }

  /// The built command, from the file to the end of the training.
  @Test func theCommandIsClean() throws {
    let folder = try TemporaryFolder()
    let arguments = [
      "train", "--robot", "quadruped", "--set", "envs=2", "--set", "shards=1", "--set", "ppo.horizon=8", "--set",
      "ppo.hidden_layers=[4]", "--set", "ppo.value_layers=[4]", "--set", "randomization.push=0...1", "--set",
      "evaluation.interval=16", "--set", "evaluation.episodes=1", "--set", "evaluation.final_episodes=1", "--run-dir",
      "sound",
    ]
    #expect(try Command.run(arguments + ["--steps", "32"], in: folder).status == 0)
    let sound = try TensorFile(contentsOf: folder.path + "/sound/checkpoints/last.safetensors")
    var mutation = Mutation(seed: 12)
    for number in 0..<FuzzCount.of(10, many: 300) {
      let run = "run-\(number)"
      try FileManager.default.copyItem(atPath: folder.path + "/sound", toPath: "\(folder.path)/\(run)")
      var file = sound
      mutation.change(&file)
      try file.write(to: "\(folder.path)/\(run)/checkpoints/last.safetensors")
      let outcome = try Command.run(["train", "--resume", "--run-dir", run, "--steps", "64"], in: folder)
      #expect(outcome.isClean, "\(number): \(outcome)")
      let watched = try Command.run(["evaluate", "--policy", run, "--episodes", "1"], in: folder)
      #expect(watched.isClean, "\(number): \(watched)")
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(run)")
    }
  }
}
