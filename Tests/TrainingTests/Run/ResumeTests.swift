import Environments
import Foundation
import Learning
import Networks
import Storage
import TestRuns
import TestSupport
import Testing
import Training

/// Trainings that are stopped in every way and go on, by the built command.
@Suite struct ResumeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Some sixty iterations, each with a checkpoint, every third or fourth with an evaluation.
  private static let steps = 60_000
  private static let training = [
    "train", "--robot", "pendulum", "--set", "evaluation.interval=3500", "--set", "evaluation.episodes=5", "--set",
    "evaluation.final_episodes=10", "--set", "checkpoint_seconds=0", "--json",
  ]

  private func train(_ name: String, _ more: String..., steps: Int = ResumeTests.steps) throws -> Command.Outcome {
    try Command.run(Self.training + ["--steps", "\(steps)", "--run-dir", name] + more, in: folder)
  }

  private func resume(_ name: String, _ more: String...) throws -> Command.Outcome {
    try Command.run(["train", "--resume", "--run-dir", name] + more, in: folder)
  }

  private func data(_ name: String) throws -> [UInt8] { [UInt8](try folder.data(name)) }

  /// What stands in a run directory, file by file.
  private func snapshot(_ name: String) throws -> [String: Data] {
    let files = folder.contents.filter { $0.hasPrefix(name + "/") && $0 != name + "/checkpoints" }
    return try Dictionary(uniqueKeysWithValues: files.map { ($0, try folder.data($0)) })
  }

  /// Half of the sessions ask for half of the steps.
  @Test func killedAtAnyMoment() throws {
    #expect(try train("whole").status == 0)
    var random = Random(seed: 1)
    var kills = 0
    for session in 0..<10 {
      let steps = session < 5 ? Self.steps / 2 : Self.steps
      let outcome = try Command.kill(
        Self.training + ["--steps", "\(steps)", "--run-dir", "killed", "--resume", "--or-start"], in: folder,
        after: random.index(below: 9), microseconds: random.index(below: 5000))
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
      if outcome.status == -SIGKILL { kills += 1 }
      // Until there is something to continue, it starts.
      if let first = outcome.lines.first {
        #expect(first.hasPrefix(#"{"event":"started","#) || first.hasPrefix(#"{"event":"resumed","step":"#))
      }
    }
    #expect(kills > 5)
    let last = try train("killed", "--resume", "--or-start")
    #expect(last.status == 0, "\(last.errors)")
    #expect(try RunContents("killed", in: folder).differences(from: RunContents("whole", in: folder)) == [])
  }

  /// Whatever the learner keeps, such as a replay buffer in files of its own.
  @Test(arguments: LearnerKind.all.map(\.name)) func everyLearnerGoesOnAfterKills(_ name: String) throws {
    let training = [
      "train", "--robot", "pendulum", "--learner", name, "--steps", "6000", "--set", "\(name).hidden_layers=16",
      "--set",
      "\(name).value_layers=16", "--set", "\(name).horizon=16", "--set", "evaluation.interval=3000", "--set",
      "evaluation.episodes=3", "--set", "evaluation.final_episodes=5", "--set", "checkpoint_seconds=0", "--json",
    ]
    let whole = try Command.run(training + ["--run-dir", "whole"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    var kills = 0
    for lines in [4, 9, 12] {
      let outcome = try Command.kill(
        training + ["--run-dir", "killed", "--resume", "--or-start"], in: folder, after: lines, microseconds: 300)
      #expect(outcome.errors.isEmpty, "\(outcome.errors)")
      if outcome.status == -SIGKILL { kills += 1 }
    }
    #expect(kills > 0)
    let last = try Command.run(training + ["--run-dir", "killed", "--resume", "--or-start"], in: folder)
    #expect(last.status == 0, "\(last.errors)")
    #expect(try RunContents("killed", in: folder).differences(from: RunContents("whole", in: folder)) == [])
    let settings = try SettingsFile.read(folder.path + "/whole/config.yaml").assignments
    #expect(settings.contains { $0.key == "learner" && $0.text == name })
    #expect(
      settings.allSatisfy {
        $0.key.hasPrefix("\(name).") || LearnerKind.named(String($0.key.prefix { $0 != "." })) == nil
      })
  }

  @Test func aCompleteRunIsExtended() throws {
    _ = try train("whole")
    // The evaluation at the end, which falls between two others, must leave no trace.
    _ = try train("extended", steps: Self.steps / 2)
    let outcome = try resume("extended", "--steps", "\(Self.steps)", "--json", "--threads", "1")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines.first == #"{"event":"resumed","step":30720}"#)
    #expect(try RunContents("extended", in: folder).differences(from: RunContents("whole", in: folder)) == [])
    let settings = try SettingsFile.read(folder.path + "/extended/config.yaml").assignments
    #expect(settings.contains { $0.key == "steps" && $0.text == "\(Self.steps)" })
    #expect(settings.contains { $0.key == "threads" && $0.text == "1" })
    let commands = try folder.text("extended/command.txt").split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(commands.count == 2)
    #expect(commands[1].hasSuffix("train --resume --run-dir extended --steps 60000 --json --threads 1"))
  }

  @Test func aCompleteRunIsLeftAsItIs() throws {
    let done = try #require(try train("run", steps: 5000).lines.last)
    let before = try snapshot("run")
    let again = try resume("run")
    #expect(again.status == 0)
    #expect(again.output == "The run in 'run' is complete: pendulum, 5,120 steps; a larger --steps would extend it\n")
    let lines = try resume("run", "--json").lines
    #expect(lines.count == 2)
    #expect(lines[0] == #"{"event":"resumed","step":5120}"#)
    let documents = try [done, lines[1]].map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary }
    #expect(documents[0] == documents[1])
    #expect(try snapshot("run") == before)
  }

  @Test func withoutACheckpointItStartsAtTheBeginning() throws {
    _ = try train("whole", steps: 5000)
    let outcome = try train("run", "--resume", "--or-start", steps: 5000)
    // As any new run.
    #expect(outcome.lines.first?.hasPrefix(#"{"event":"started","#) == true)
    let loud = try Command.run(
      ["train", "--robot", "pendulum", "--steps", "2000", "--resume", "--or-start", "--run-dir", "loud"], in: folder)
    #expect(loud.errors.hasPrefix("Training pendulum for 2,000 steps"), "\(loud.errors)")
    #expect(try RunContents("run", in: folder).differences(from: RunContents("whole", in: folder)) == [])
    try FileManager.default.removeItem(atPath: folder.path + "/run/checkpoints/last.safetensors")
    let again = try resume("run", "--quiet")
    #expect(again.errors == "There is no checkpoint to resume in 'run': the training starts at step 0\n")
    #expect(try RunContents("run", in: folder).differences(from: RunContents("whole", in: folder)) == [])
  }

  /// The checkpoint is read before anything is made that is as large as config.yaml says: far more than there may be here.
  @Test(.enabled(if: test_is_sanitized() == 0), arguments: ["ppo.hidden_layers", "ppo.value_layers"])
  func enormousNetworksAreNotMadeFirst(_ key: String) throws {
    _ = try train("run", steps: 3000)
    let config = try folder.text("run/config.yaml")
    let name = key.dropFirst(4)
    let layers = "[\(Array(repeating: "4096", count: 16).joined(separator: ","))]"
    let changed = config.replacing(try Regex("  \(name): \\[[^\\]]*\\]"), with: "  \(name): \(layers)")
    #expect(changed != config)
    _ = try folder.write(changed, to: "run/config.yaml")
    let script = #"ulimit -v 1500000 2>/dev/null; exec "$0" train --resume --run-dir run --quiet"#
    let outcome = try Command.run("/bin/sh", ["-c", script, Command.binary().path], in: folder)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("it was made with \(key) [") && outcome.errors.contains("but config.yaml says [4096,"))
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    // A checkpoint that says the same has not got their weights.
    let file = folder.path + "/run/checkpoints/last.safetensors"
    var state = try TensorFile(contentsOf: file)
    state.metadata["settings"] = try state.text("settings").replacing(
      try Regex("  \(name): \\[[^\\]]*\\]"), with: "  \(name): \(layers)")
    try state.write(to: file)
    let other = try Command.run("/bin/sh", ["-c", script, Command.binary().path], in: folder)
    #expect(other.status == 1)
    #expect(other.errors.contains("cannot be resumed: ") && other.errors.contains(".weight"), "\(other.errors)")
    #expect(other.errors.split(separator: "\n").count == 1, "\(other.errors)")
  }

  /// What a kill between two writes, or in the middle of one, leaves.
  @Test func whatIsHalfDoneIsDoneAgain() throws {
    _ = try train("whole")
    _ = try train("run", steps: Self.steps / 2)
    try FileManager.default.removeItem(atPath: folder.path + "/run/summary.json")
    for (name, text) in [("progress.csv", "31,31744,0,-1.2"), ("evaluations.csv", "3")] {
      _ = try folder.write(try folder.text("run/\(name)") + text, to: "run/\(name)")
    }
    // A better policy has been written, but not the checkpoint that knows of it.
    try folder.data("whole/checkpoints/best.safetensors").write(
      to: URL(fileURLWithPath: folder.path + "/run/checkpoints/best.safetensors"))
    for name in ["config.yaml", "summary.json", "checkpoints/last.safetensors", "checkpoints/best.safetensors"] {
      _ = try folder.write("half", to: "run/\(name).partial")
    }
    let half = try resume("run", "--quiet")
    #expect(half.status == 0, "\(half.errors)")
    #expect(!folder.contents.contains { $0.hasSuffix(".partial") })
    _ = try train("half", steps: Self.steps / 2)
    #expect(try RunContents("run", in: folder).differences(from: RunContents("half", in: folder)) == [])
    _ = try resume("run", "--quiet", "--steps", "\(Self.steps)")
    #expect(try RunContents("run", in: folder).differences(from: RunContents("whole", in: folder)) == [])
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aStoppedRunGoesOn(_ signal: Int32) throws {
    _ = try train("whole")
    let stopped = try Command.run(
      Self.training + ["--steps", "\(Self.steps)", "--run-dir", "run", "--set", "checkpoint_seconds=4"], in: folder,
      at: #""iteration":5,"#
    ) { kill($0.processIdentifier, signal) }
    #expect(stopped.status == 128 + signal)
    #expect(try resume("run", "--quiet").status == 0)
    #expect(try RunContents("run", in: folder).differences(from: RunContents("whole", in: folder)) == [])
  }

  /// The goal, and how often it seemed reached, are part of a run's state.
  @Test func untilSolvedGoesOn() throws {
    let arguments = [
      "train", "--robot", "pendulum", "--until-solved", "--set", "evaluation.interval=5000", "--set",
      "checkpoint_seconds=0", "--json",
    ]
    let whole = try Command.run(arguments + ["--run-dir", "whole"], in: folder)
    let done = try #require(whole.lines.last)
    #expect(done.contains(#""solved":true"#))
    var random = Random(seed: 2)
    for _ in 0..<3 {
      _ = try Command.kill(
        arguments + ["--run-dir", "run", "--resume", "--or-start"], in: folder, after: 20 + random.index(below: 40),
        microseconds: 0)
    }
    // Killed before the summary: the full evaluation is made again.
    #expect(try resume("run", "--quiet").status == 0)
    let wholeContents = try RunContents("whole", in: folder)
    #expect(try RunContents("run", in: folder).differences(from: wholeContents) == [])
    try FileManager.default.removeItem(atPath: folder.path + "/run/summary.json")
    #expect(try resume("run", "--quiet").status == 0)
    #expect(try RunContents("run", in: folder).differences(from: wholeContents) == [])
  }

  @Test func onlyOneProcessTrainsInAFolder() throws {
    var second: Command.Outcome?
    let first = try Command.run(
      ["train", "--robot", "pendulum", "--steps", "20_000_000", "--run-dir", "run", "--json"], in: folder,
      at: #""iteration":3,"#
    ) { process in
      second = try? resume("run", "--quiet")
      kill(process.processIdentifier, SIGKILL)
    }
    #expect(first.status == -SIGKILL)
    #expect(second?.status == 1)
    #expect(second?.errors == "Error: 'run' is in use: another process is training in it\n")
    // The lock has died with its owner.
    #expect(try resume("run", "--quiet", "--steps", "2000").status == 0)
  }

  @Test(arguments: [
    (["--seed", "2"], "--seed is '2', but the run in 'run' has 1; "),
    (["--set", "ppo.clip=0.3"], "setting 'ppo.clip' is '0.3', but the run in 'run' has 0.2; "),
    (["--robot", "arm"], "the robot is 'arm', but the run in 'run' trains 'pendulum'"),
    (
      ["--init", "trained", "--robot", "pendulum"],
      "the initial policy is 'trained', but the run in 'run' did not start with it; "
    ),
    (["--config", "none.yaml"], "cannot read 'none.yaml': No such file or directory"),
  ])
  func anotherTrainingIsNotAResumedOne(_ options: [String], _ message: String) throws {
    _ = try train("run", steps: 3000)
    let before = try snapshot("run")
    let outcome = try Command.run(["train", "--resume", "--run-dir", "run"] + options, in: folder)
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("Error: " + message), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(try snapshot("run") == before)
  }

  @Test func whatIsMissingIsNamed() throws {
    _ = try train("run", steps: 5000)
    let before = try snapshot("run")
    func expect(_ message: String) throws {
      let outcome = try Command.run(
        ["train", "--resume", "--run-dir", "run", "--steps", "9000", "--quiet"], in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasPrefix("Error: " + message), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
      for (name, data) in before { try data.write(to: URL(fileURLWithPath: folder.path + "/" + name)) }
    }
    try FileManager.default.removeItem(atPath: folder.path + "/run/progress.csv")
    try expect("'run/progress.csv' is gone; ")
    _ = try folder.write("steps\n", to: "run/evaluations.csv")
    try expect("'run/evaluations.csv' has 6 bytes where ")
    let rows = try folder.text("run/progress.csv")
    _ = try folder.write(rows.replacing("explained_variance", with: "explained-variance"), to: "run/progress.csv")
    try expect("'run/progress.csv' has other columns than this version of ppo-robot writes; ")
    let settings = try folder.text("run/config.yaml")
    _ = try folder.write(settings.replacing("clip: 0.2 ", with: "clip: 0.1 "), to: "run/config.yaml")
    try expect(
      "'run/checkpoints/last.safetensors' cannot be resumed: it was made with ppo.clip 0.2, but config.yaml says 0.1")
    _ = try folder.write(settings.replacing("ppo:", with: "po:"), to: "run/config.yaml")
    try expect("'run/config.yaml': unknown setting 'po.horizon'; did you mean 'ppo.horizon'?")
    try FileManager.default.removeItem(atPath: folder.path + "/run/config.yaml")
    try expect("'run' is not a run directory: it has no config.yaml; ")
  }

  /// Extending the goal's own rule touches no learning: a run that ended at its goal goes on, or one is held to it later.
  @Test func whatTouchesNoLearningMayChange() throws {
    _ = try train("run", steps: 5000)
    let learned = try RunContents("run", in: folder)
    let again = try resume("run", "--set", "evaluation.final_episodes=7", "--json")
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.lines.last?.contains(#""episodes":7,"#) == true)
    #expect(try folder.text("run/summary.json").contains(#""episodes": 7,"#))
    #expect(try resume("run", "--until-solved").output.contains("Not solved; "))
    // Only what the run tells of its end is new.
    #expect(try RunContents("run", in: folder).differences(from: learned) == ["summary.json"])
    let found = try resume("run", "--watch", "0")
    #expect(found.output.hasPrefix("The run in 'run' is complete"), "\(found.errors)")
  }

  @Test func aSolvedRunGoesOnWithoutItsGoal() throws {
    let arguments = [
      "train", "--robot", "pendulum", "--until-solved", "--set", "evaluation.interval=5000", "--steps", "300000",
      "--quiet",
    ]
    _ = try Command.run(arguments + ["--run-dir", "run"], in: folder)
    let steps = { try RunContents("run", in: folder).evaluations.last?[0] ?? "" }
    let solvedAt = try #require(Int(try steps()))
    #expect(solvedAt < 300_000)
    let more = try resume("run", "--set", "until_solved=false", "--steps", "\(solvedAt + 10_000)", "--quiet")
    #expect(more.status == 0, "\(more.errors)")
    #expect(try #require(Int(try steps())) > solvedAt)
    #expect(!(try folder.text("run/summary.json").contains("solved")))
  }
}
