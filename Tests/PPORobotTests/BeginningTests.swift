import Environments
import Foundation
import Learning
import Networks
import PPORobot
import Robotics
import TestRuns
import Testing
import Training

/// What a run begins with: an initial policy, settings as they are printed, the sources it is made with.
@Suite struct BeginningTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(_ arguments: String...) throws -> Command.Outcome {
    try Command.run(
      ["train", "--robot", "pendulum", "--set", "evaluation.final_episodes=10", "--quiet"] + arguments, in: folder)
  }

  private func firstReturn(_ name: String) throws -> Double {
    let rows = try RunContents(name, in: folder).evaluations
    return try #require(Double(rows[1][3]))
  }

  @Test func aRunSetsOutFromATrainedPolicy() throws {
    #expect(try train("--init", "trained", "--steps", "1000", "--run-dir", "run").status == 0)
    // An untrained one gets about −1,300.
    #expect(try firstReturn("run") > -400)
    #expect(folder.contents.contains("run/checkpoints/init.safetensors"))
    // A run directory stands for its best policy, a file for itself.
    for source in ["run", "run/checkpoints/best.safetensors"] {
      #expect(try train("--init", source, "--steps", "1000", "--run-dir", "from-\(source.count)").status == 0)
      #expect(try firstReturn("from-\(source.count)") > -400)
    }
  }

  @Test func whatWasSetOutFromIsPartOfTheRun() throws {
    _ = try train("--init", "trained", "--steps", "30000", "--run-dir", "whole")
    _ = try train("--init", "trained", "--steps", "5000", "--run-dir", "run")
    #expect(try train("--init", "trained", "--steps", "30000", "--run-dir", "run", "--resume").status == 0)
    let whole = try RunContents("whole", in: folder)
    #expect(try RunContents("run", in: folder).differences(from: whole) == [])
    // Even without a checkpoint.
    try FileManager.default.removeItem(atPath: folder.path + "/run/checkpoints/last.safetensors")
    _ = try Command.run(["train", "--resume", "--run-dir", "run", "--quiet"], in: folder)
    #expect(try RunContents("run", in: folder).differences(from: whole) == [])
    let other = try train("--init", "whole", "--run-dir", "run", "--resume")
    #expect(
      other.errors == "Error: the initial policy is 'whole', but the run in 'run' did not start with it; leave it out\n"
    )
  }

  @Test func aPolicyBringsItsShape() throws {
    _ = try train(
      "--steps", "1000", "--set", "ppo.hidden_layers=[16]", "--set", "ppo.activation=tanh", "--run-dir", "a")
    _ = try train("--steps", "1000", "--init", "a", "--run-dir", "b")
    let settings = try SettingsFile.read(folder.path + "/b/config.yaml").assignments
    #expect(settings.contains { $0.key == "ppo.hidden_layers" && $0.text == "[16]" })
    #expect(settings.contains { $0.key == "ppo.activation" && $0.text == "tanh" })
    let wrong = try train("--init", "a", "--set", "ppo.hidden_layers=[64, 64]", "--run-dir", "c")
    #expect(
      wrong.errors
        == "Error: setting 'ppo.hidden_layers' is [64, 64], but the initial policy has [16]; leave it out\n")
    #expect(!folder.contents.contains("c"))
  }

  /// Settings of a run are used, refused, or not written down.
  @Test func settingsOfAPolicyAreHonoredOrRefused() throws {
    _ = try train("--steps", "1000", "--run-dir", "a")
    let gain = try train("--init", "a", "--set", "ppo.output_gain=0.5", "--run-dir", "b")
    #expect(
      gain.errors
        == "Error: setting 'ppo.output_gain' is 0.5, but the initial policy has its output weights; leave it out\n")
    #expect(!folder.contents.contains("b"))
    _ = try train("--init", "a", "--steps", "1000", "--run-dir", "c")
    let keys = try SettingsFile.read(folder.path + "/c/config.yaml").assignments.map(\.key)
    #expect(!keys.contains("ppo.initial_std") && !keys.contains("ppo.output_gain"))
    #expect(try folder.text("c/config.yaml").contains("  # initial_std: that of the initial policy\n"))
    let resumed = try train("--run-dir", "c", "--resume", "--set", "ppo.initial_std=0.5")
    #expect(resumed.status == 1 && resumed.errors.contains("started from a trained policy, which has its own"))
    #expect(try train("--run-dir", "c", "--resume", "--steps", "3000").status == 0)

    // A spread of its own; the settings of a printed file ask for nothing.
    _ = try train("--init", "a", "--steps", "1000", "--set", "ppo.initial_std=0.9", "--run-dir", "d")
    let rows = try RunContents("d", in: folder).progress
    let column = try #require(rows[0].firstIndex(of: "std/torque"))
    #expect(try abs(#require(Double(rows[1][column])) - 0.9) < 1e-3)
    let printed = try train("--print-config")
    _ = try folder.write(printed.output, to: "settings.yaml")
    _ = try train("--init", "a", "--steps", "1000", "--config", "settings.yaml", "--run-dir", "e")
    let settings = try SettingsFile.read(folder.path + "/e/config.yaml").assignments
    #expect(settings.contains { $0.key == "ppo.frozen_steps" && $0.text == "2048" })
    #expect(!settings.contains { $0.key == "ppo.initial_std" })

    // Another value network has to learn first; and settings of the user are kept.
    _ = try train("--init", "a", "--steps", "1000", "--set", "ppo.value_layers=[8]", "--run-dir", "f")
    let fresh = try SettingsFile.read(folder.path + "/f/config.yaml").assignments
    #expect(fresh.contains { $0.key == "ppo.frozen_steps" && $0.text == "16384" })
    _ = try train("--init", "a", "--steps", "1000", "--set", "ppo.frozen_steps=0", "--run-dir", "g")
    let eager = try SettingsFile.read(folder.path + "/g/config.yaml").assignments
    #expect(eager.contains { $0.key == "ppo.frozen_steps" && $0.text == "0" })
  }

  /// A policy goes on at the pace at which its training ended.
  @Test func aPolicyBringsItsPace() throws {
    let entry = Catalog.Entry.walker(settings: ["steps": 1_000])
    let catalog = Catalog([entry])
    let spec = try Walker().spec
    var settings = TrainingSettings()
    settings.ppo.finalKL = 0.001
    settings.ppo.totalSteps = 1_000
    settings.evaluation.interval = 100
    let ppo = try PPO(spec: spec, settings: settings.ppo, seed: 1)
    var file = try ppo.policyFile(robot: "other")
    file.metadata["settings"] = SettingsFile.essentials(of: settings, robot: "other")
    file.metadata["steps"] = "500"
    try file.write(to: folder.path + "/p")
    let initial = try PolicySource.initial(folder.path + "/p", for: entry, in: catalog)
    let found = try TrainingSettings.resolved(for: entry, from: initial, file: nil, assignments: [], options: [])
    #expect(abs(found.ppo.targetKL - 0.0105) < 1e-9 && found.ppo.learningRate == 1e-3)
    #expect(found.ppo.frozenSteps == 2 * 32 * 32)
    let wished = try TrainingSettings.resolved(
      for: entry, from: initial, file: nil, assignments: ["ppo.target_kl=0.03", "ppo.learning_rate=5e-4"], options: [])
    #expect(wished.ppo.targetKL == 0.03 && wished.ppo.learningRate == 5e-4)
  }

  /// What is best at the start stays, and is evaluated first.
  @Test func theFirstPolicyIsEvaluated() throws {
    #expect(try train("--init", "trained", "--steps", "1000", "--run-dir", "run").status == 0)
    let rows = try RunContents("run", in: folder).evaluations
    #expect(rows[1][0] == "0" && rows.count == 3)
  }

  /// Two processes that train the same leave the same, but for how long it took.
  @Test func equalTrainingsLeaveEqualCheckpoints() throws {
    for name in ["a", "b"] {
      let arguments = ["train", "--robot", "biped", "--steps", "4096", "--set", "evaluation.episodes=2"]
      let more = ["--set", "evaluation.final_episodes=2", "--set", "evaluation.interval=2048", "--quiet"]
      #expect(try Command.run(arguments + more + ["--run-dir", name], in: folder).status == 0)
    }
    #expect(try RunContents("b", in: folder).differences(from: RunContents("a", in: folder)) == [])
  }

  @Test func whatIsNoPolicyForTheRobotIsRefused() throws {
    _ = try folder.write("hello", to: "text")
    for (source, message) in [
      ("zero", "no policy 'zero'; the initial policy must be a policy file, a run directory, or trained"),
      ("text", "'text' is not a sound policy file: it is too short for a safetensors file; "),
    ] {
      let outcome = try train("--init", source, "--run-dir", "run")
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasPrefix("Error: " + message), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    _ = try train("--steps", "1000", "--run-dir", "a")
    let arm = try Command.run(["train", "--robot", "arm", "--init", "a", "--run-dir", "run"], in: folder)
    #expect(
      arm.errors.hasPrefix(
        "Error: 'a', of robot 'pendulum', does not fit robot 'arm' as it is now: it was trained on 3 "))
    #expect(!folder.contents.contains("run"))
  }

  /// The env may have come to reward otherwise; what the policy sees and does must be the same.
  @Test func aPolicyMovesToARobotThatRewardsOtherwise() throws {
    let policy = try NetworkPolicy(spec: Walker().spec, network: MLP(sizes: [1, 1], activation: .tanh))
    try Checkpoint.policyFile(policy, robot: "walker").write(to: folder.path + "/p")
    let spec = try EnvSpec(
      observations: policy.spec.observations, actions: policy.spec.actions, controlInterval: 0.1, episodeSteps: 50,
      rewardTerms: ["other"])
    #expect(try policy.moved(to: spec).spec == spec)
    let entry = Catalog.Entry.walker()
    #expect(
      try PolicySource.initial(folder.path + "/p", for: entry, in: Catalog([entry])).start.policy.network
        == policy.network)
    let wider = Catalog.Entry.walker { try Walker(observationCount: 2) }
    #expect(throws: TrainingError.self) {
      try PolicySource.initial(folder.path + "/p", for: wider, in: Catalog([wider]))
    }
  }

  @Test func printedSettingsReadBack() throws {
    let arguments = ["--steps", "12345", "--set", "ppo.hidden_layers=[32]", "--threads", "3"]
    let printed = try Command.run(["train", "--robot", "biped", "--print-config"] + arguments, in: folder)
    #expect(printed.status == 0)
    #expect(printed.errors.isEmpty)
    #expect(folder.contents.isEmpty)
    for key in TrainingKey.all(of: .standard) {
      #expect(printed.output.contains(key.summary) && printed.output.contains(key.kind.expectation))
    }
    #expect(printed.output.contains("\nsteps: 12345  # "))
    _ = try folder.write(printed.output, to: "settings.yaml")
    let again = try Command.run(
      ["train", "--robot", "biped", "--config", "settings.yaml", "--print-config"], in: folder)
    #expect(again.output == printed.output)
    #expect(folder.contents == ["settings.yaml"])
    // And they are what a run writes down.
    _ = try train("--steps", "1000", "--threads", "1", "--run-dir", "run")
    let run = try Command.run(["train", "--resume", "--run-dir", "run", "--print-config"], in: folder)
    #expect(run.output == (try folder.text("run/config.yaml")))
  }

  @Test func robotsOfAnyNameAreWrittenDown() throws {
    for name in ["walker", "a: b", "true", "- x", "Zoë's", "a \"b\" #c", "1", "@x", "R&D", "*", "& * #"] {
      let text = SettingsFile.text(of: TrainingSettings(), robot: name)
      #expect(try SettingsFile.parse(Array(text.utf8)).robot == name)
    }
  }

  @Test func theCommandIsWrittenDown() throws {
    _ = try train("--steps", "1000", "--run-dir", "a folder")
    let lines = try folder.text("a folder/command.txt").split(separator: "\n")
    #expect(lines.count == 2)
    // The sources' commit follows where the folder for temporary files lies in a checkout.
    #expect(lines[0].hasPrefix("# 2") && lines[0].contains(", ppo-robot \(PPORobot.version)"))
    #expect(lines[1].hasSuffix("--steps 1000 --run-dir 'a folder'"))
  }
}
