import Foundation
import TestRuns
import Testing
import Training

/// Trainings with several seeds that are stopped and continued.
@Suite struct SeedRunsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let settings = [
    "--robot", "pendulum", "--set", "evaluation.interval=3500", "--set", "evaluation.episodes=3", "--set",
    "evaluation.final_episodes=4", "--set", "ppo.clip=0.25", "--steps", "6000",
  ]

  private func train(_ arguments: String...) throws -> Command.Outcome {
    try Command.run(["train", "--json"] + arguments, in: folder)
  }

  private func figures(_ name: String) throws -> NSDictionary {
    let summary = try JSONSerialization.jsonObject(with: folder.data("\(name)/summary.json")) as? [String: Any]
    return try #require(summary?["over_runs"] as? NSDictionary)
  }

  /// A stopped set continues with the settings it began with, whether or not they are given again.
  @Test func aStoppedSetGoesOn() throws {
    let whole = try Command.run(
      ["train", "--json", "--seeds", "1-3", "--run-dir", "whole"] + Self.settings, in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let stopped = try Command.run(
      ["train", "--json", "--seeds", "1-3", "--run-dir", "set", "--set", "checkpoint_seconds=0"] + Self.settings,
      in: folder, at: #""seed":2,"#
    ) { kill($0.processIdentifier, SIGTERM) }
    #expect(stopped.status == 128 + SIGTERM)
    #expect(!folder.contents.contains("set/summary.json"))
    let single = try train("--resume", "--run-dir", "set")
    #expect(
      single.errors
        == "Error: 'set' holds the runs of several seeds; name their seeds to continue them, or the folder of one\n")
    let resumed = try train("--resume", "--seeds", "1-3", "--run-dir", "set")
    #expect(resumed.status == 0, "\(resumed.errors)")
    for seed in 1...3 {
      let differences = try RunContents("set/seed-\(seed)", in: folder).differences(
        from: RunContents("whole/seed-\(seed)", in: folder))
      #expect(differences == [], "seed \(seed)")
    }
    #expect(try figures("set") == figures("whole"))
    #expect(
      resumed.lines.last?.hasPrefix(#"{"event":"done","robot":"pendulum","run_dir":"set","seeds":[1,2,3]"#) == true)
  }

  @Test func aSetIsExtendedByStepsAndBySeeds() throws {
    _ = try Command.run(["train", "--quiet", "--seeds", "1", "--run-dir", "set"] + Self.settings, in: folder)
    let more = try train("--resume", "--seeds", "1-2", "--run-dir", "set", "--steps", "9000")
    #expect(more.status == 0, "\(more.errors)")
    let settings = try SettingsFile.read(folder.path + "/set/seed-2/config.yaml").assignments
    #expect(settings.contains { $0.key == "ppo.clip" && $0.text == "0.25" })
    #expect(settings.contains { $0.key == "steps" && $0.text == "9000" })
    let again = try Command.run(["train", "--seeds", "1", "--run-dir", "set", "--robot", "pendulum"], in: folder)
    #expect(again.errors.hasPrefix("Error: 'set' holds the runs of several seeds; resume them"))
  }

  @Test func theNewestSetOfARobot() throws {
    let none = ["train", "--quiet", "--resume", "--seeds", "1"]
    #expect(try Command.run(none + Self.settings + ["--or-start"], in: folder).status == 0)
    let sets = folder.contents.filter { $0.hasSuffix("seed-1") }
    #expect(sets.count == 1)
    #expect(try Command.run(none + Self.settings, in: folder).status == 0)
    #expect(folder.contents.filter { $0.hasSuffix("seed-1") } == sets)
    let single = try Command.run(["train", "--resume", "--robot", "pendulum"], in: folder)
    #expect(
      single.errors.contains(" are those of several seeds; name their seeds to continue them, "), "\(single.errors)")
    _ = try Command.run(["train", "--quiet"] + Self.settings, in: folder)
    let set = try Command.run(none + ["--robot", "pendulum"], in: folder)
    #expect(set.errors.contains(" has a single seed; name no seeds"), "\(set.errors)")
  }
}
