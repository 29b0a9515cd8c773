import Foundation
import TestRuns
import Testing

/// Which run `--resume` continues.
@Suite struct RunSearchTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(_ arguments: String..., zone: String = "UTC") throws -> Command.Outcome {
    try Command.run(
      ["train", "--set", "evaluation.final_episodes=2", "--set", "evaluation.episodes=2"] + arguments, in: folder,
      environment: ["TZ": zone])
  }

  private func begin(_ name: String, zone: String = "UTC", steps: Int = 1000) throws {
    let outcome = try train(
      "--robot", "pendulum", "--steps", "\(steps)", "--quiet", "--run-dir", "runs/pendulum/\(name)", zone: zone)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private func resumed(_ more: String...) throws -> Command.Outcome {
    try Command.run(["train", "--resume", "--robot", "pendulum"] + more, in: folder)
  }

  /// Names and time zones say nothing of it.
  @Test(arguments: [["zzz", "aaa"], ["2027-01-01_00-00-00", "2026-01-01_00-00-00"], ["9", "10"]])
  func theNewestIsTheOneBegunLast(_ names: [String]) throws {
    try begin(names[0], zone: "Pacific/Kiritimati")
    try begin(names[1], zone: "Pacific/Niue")
    let before = try folder.data("runs/pendulum/\(names[0])/config.yaml")
    let outcome = try resumed()
    #expect(outcome.output.hasPrefix("The run in 'runs/pendulum/\(names[1])' is complete"), "\(outcome.errors)")
    #expect(try resumed("--steps", "3000", "--quiet").status == 0)
    #expect(try folder.data("runs/pendulum/\(names[0])/config.yaml") == before)
    #expect(try folder.text("runs/pendulum/\(names[0])/command.txt").split(separator: "\n").count == 2)
  }

  /// What earlier versions wrote: local time without its zone.
  @Test func oldRunsHaveATimeToo() throws {
    try begin("a")
    try begin("b")
    _ = try folder.write("# 2026-01-02_00-00-00, ppo-robot 0.1.0\ntrain\n", to: "runs/pendulum/a/command.txt")
    _ = try folder.write("# 2026-01-01_00-00-00, ppo-robot 0.1.0\ntrain\n", to: "runs/pendulum/b/command.txt")
    #expect(try resumed().output.hasPrefix("The run in 'runs/pendulum/a' is complete"))
  }

  @Test func runsWithoutATimeAreNotGuessedAt() throws {
    try begin("a")
    try begin("b")
    try FileManager.default.removeItem(atPath: folder.path + "/runs/pendulum/a/command.txt")
    let outcome = try resumed("--steps", "3000")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "Error: it is unknown which run of 'pendulum' was started last: 'runs/pendulum/a' has no command.txt that says "
        + "when it was; name its run directory\n")
    try FileManager.default.copyItem(
      atPath: folder.path + "/runs/pendulum/b/command.txt", toPath: folder.path + "/runs/pendulum/a/command.txt")
    #expect(try resumed().errors.contains("'runs/pendulum/b' say the same time") == true)
  }

  @Test func runsOfOtherRobotsDoNotCount() throws {
    try begin("a")
    let other = try train(
      "--robot", "cartpole", "--steps", "1000", "--quiet", "--run-dir", "runs/pendulum/cart")
    #expect(other.status == 0)
    #expect(try resumed().output.hasPrefix("The run in 'runs/pendulum/a' is complete"))
  }

  @Test func whatIsNotThereIsNotStarted() throws {
    let gone = try Command.run(["train", "--resume", "--run-dir", "rnu", "--robot", "pendulum"], in: folder)
    #expect(gone.status == 1)
    #expect(
      gone.errors
        == "Error: there is no run in 'rnu' to resume; name one with --run-dir, or give --or-start to start one\n")
    let none = try Command.run(["train", "--resume", "--robot", "arm"], in: folder)
    #expect(
      none.errors
        == "Error: there is no run of 'arm' to resume in 'runs/arm'; name one with --run-dir, or give --or-start to start "
        + "one\n")
    let which = try Command.run(["train", "--resume"], in: folder)
    #expect(which.errors.hasPrefix("Error: resuming needs a run directory, or a robot "))
    let alone = try Command.run(["train", "--or-start", "--robot", "arm"], in: folder)
    #expect(alone.errors == "Error: --or-start says what --resume does where there is no run; give --resume as well\n")
    let seeds = try Command.run(
      ["train", "--resume", "--seeds", "1-2", "--run-dir", "rnu", "--robot", "pendulum"], in: folder)
    #expect(seeds.errors.hasPrefix("Error: there is no run in 'rnu' to resume; "))
    #expect(folder.contents.isEmpty)
  }

  /// What a script gives that starts a training until it is done.
  @Test func orStartBeginsAndContinues() throws {
    let loop = ["train", "--robot", "pendulum", "--steps", "1000", "--resume", "--or-start", "--quiet"]
    let first = try Command.run(loop, in: folder)
    #expect(first.status == 0, "\(first.errors)")
    let second = try Command.run(loop, in: folder)
    #expect(second.output.contains("is complete"))
    #expect(folder.contents.filter { $0.hasSuffix("config.yaml") }.count == 1)
    #expect(try Command.run(loop + ["--run-dir", "here/"], in: folder).status == 0)
    #expect(folder.contents.contains("here/config.yaml"))
  }
}
