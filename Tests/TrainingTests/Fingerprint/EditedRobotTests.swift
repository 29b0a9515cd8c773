import Foundation
import Learning
import Networks
import Robotics
import Storage
import TestRuns
import Testing
import Training

/// What is said where a robot or its task was edited after a policy was trained.
@Suite struct EditedRobotTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func training(_ robot: LeggedRobot, _ task: Standing = Standing()) throws -> Training {
    var request = TrainingRequest()
    request.robot = "legged"
    request.assignments = ["steps=256", "envs=4", "ppo.horizon=16", "ppo.minibatch=32", "threads=1"]
    return try Training(TrainingPlan(request, in: Catalog([.legged(robot, task)])))
  }

  @Test func aTrainingDoesNotGoOnWithAnotherRobot() throws {
    let file = try training(LeggedRobot()).checkpoint()
    var same = try training(LeggedRobot())
    try same.restore(from: file)
    var heavier = try training(LeggedRobot(thighMass: .total(50)))
    let error = #expect(throws: LearningError.self) { try heavier.restore(from: file) }
    #expect(error?.description == "robot or task have changed since: robot: mass of 'left thigh' was 5, is 50")
    var turned = try training(LeggedRobot(), Standing(spinReward: { 0.1 * $0 }))
    let reward = #expect(throws: LearningError.self) { try turned.restore(from: file) }
    #expect(
      reward?.description.hasPrefix("robot or task have changed since: behavior: sum of reward term 'spin'") == true)
  }

  @Test func aCheckpointOfBeforeFingerprintsGoesOn() throws {
    var file = try training(LeggedRobot()).checkpoint()
    file.metadata["fingerprint"] = nil
    var heavier = try training(LeggedRobot(thighMass: .total(50)))
    try heavier.restore(from: file)
  }

  /// Makes a run of the pendulum look like one of a pendulum with another observation scale.
  private func edit(_ name: String) throws {
    var file = try TensorFile(contentsOf: folder.path + "/" + name)
    let text = try #require(file.metadata["fingerprint"])
    let scale = try #require(text.firstRange(of: "\tscale\t1\n"))
    file.metadata["fingerprint"] = text.replacingCharacters(in: scale, with: "\tscale\t10\n")
    try file.write(to: folder.path + "/" + name)
  }

  private let difference = "spec: scale of observation 'cosine' was 10, is 1"

  @Test func commandsWarnAndResumingIsRefused() throws {
    let trained = try Command.run(
      ["train", "--robot", "pendulum", "--steps", "1000", "--run-dir", "run", "--quiet"], in: folder)
    #expect(trained.status == 0 && trained.errors.isEmpty, "\(trained.errors)")
    let clean = try Command.run(["evaluate", "--policy", "run", "--episodes", "2"], in: folder)
    #expect(clean.status == 0 && clean.errors.isEmpty, "\(clean.errors)")
    try edit("run/checkpoints/best.safetensors")
    try edit("run/checkpoints/last.safetensors")
    let warning = " was trained with another 'pendulum' than there is now: \(difference)\n"
    for arguments in [
      ["evaluate", "--policy", "run", "--episodes", "2"], ["describe", "--policy", "run"],
      ["compare", "run", "zero", "--episodes", "2"],
      ["train", "--robot", "pendulum", "--init", "run", "--steps", "1000", "--run-dir", "next", "--quiet"],
    ] {
      let outcome = try Command.run(arguments, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("Warning: 'run") && outcome.errors.hasSuffix(warning), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
    let resumed = try Command.run(["train", "--resume", "--run-dir", "run", "--steps", "3000", "--quiet"], in: folder)
    #expect(resumed.status == 1)
    #expect(
      resumed.errors.hasPrefix(
        "Error: 'run/checkpoints/last.safetensors' cannot be resumed: robot or task have changed since: \(difference); "
      ),
      "\(resumed.errors)")
  }

  @Test func aDamagedFingerprintIsRefused() throws {
    let trained = try Command.run(
      ["train", "--robot", "pendulum", "--steps", "1000", "--run-dir", "run", "--quiet"], in: folder)
    #expect(trained.status == 0)
    let path = folder.path + "/run/checkpoints/best.safetensors"
    var file = try TensorFile(contentsOf: path)
    file.metadata["fingerprint"] = "nonsense"
    try file.write(to: path)
    let outcome = try Command.run(["evaluate", "--policy", path], in: folder)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(" is not a sound policy file: its fingerprint is damaged; "))
  }
}
