import Foundation
import PPORobot
import Storage
import TestRuns
import Testing
import Training

/// Trainings by the built command, on the robot that is quickest to simulate.
@Suite struct TrainCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let short = [
    "train", "--robot", "pendulum", "--steps", "5000", "--set", "evaluation.final_episodes=10", "--set",
    "evaluation.interval=500",
  ]

  @Test func theRunDirectory() throws {
    let outcome = try Command.run(short + ["--run-dir", "run"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let events = try #require(folder.contents.first { $0.hasPrefix("run/events.out.tfevents.") })
    #expect(
      folder.contents.filter { $0 != events } == [
        "run", "run/checkpoints", "run/checkpoints/best.safetensors", "run/checkpoints/last.safetensors",
        "run/command.txt", "run/config.yaml", "run/evaluations.csv", "run/progress.csv", "run/replay.html",
        "run/summary.json",
      ])
    #expect(outcome.output.contains("10 of 10 episodes lasted the full 10 s; return "))
    #expect(outcome.output.contains("ppo-robot evaluate --policy run"))
    #expect(outcome.errors.contains("Evaluation after 1,024 steps: return "))
    #expect(!outcome.errors.contains("\r"))

    let rows = try folder.text("run/progress.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.count == 6)
    #expect(rows.allSatisfy { $0.count == rows[0].count })
    #expect(rows.dropFirst().map { $0[1] } == ["1024", "2048", "3072", "4096", "5120"])
    let settings = try SettingsFile.parse(Array(folder.text("run/config.yaml").utf8))
    #expect(settings.robot == "pendulum")
    #expect(settings.assignments.map(\.key) == TrainingKey.all(of: .standard).map(\.name))

    // The evaluation at the end is the one that the next command makes.
    let summary = try #require(
      try JSONSerialization.jsonObject(with: folder.data("run/summary.json")) as? [String: Any])
    let evaluated = try #require(summary["evaluation"] as? [String: Any])
    let again = try Command.run(["evaluate", "--policy", "run", "--episodes", "10", "--json"], in: folder)
    #expect(
      NSDictionary(dictionary: evaluated) == NSDictionary(dictionary: try #require(again.json() as? [String: Any])))

    // And a run is not written over.
    let second = try Command.run(short + ["--run-dir", "run"], in: folder)
    #expect(second.status == 1)
    #expect(
      second.errors
        == "Error: 'run' holds a run already; resume it, or name another run directory for a new one\n")
    try FileManager.default.createDirectory(atPath: folder.path + "/full/folder", withIntermediateDirectories: true)
    let third = try Command.run(short + ["--run-dir", "full"], in: folder)
    #expect(third.errors == "Error: 'full' is not empty; the run directory of a new run must be new or empty\n")
  }

  @Test func aRunGetsAFolderOfItsOwn() throws {
    #expect(try Command.run(short + ["--quiet"], in: folder).errors.isEmpty)
    _ = try Command.run(short + ["--quiet"], in: folder)
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/runs/pendulum")
    #expect(runs.count == 2)
  }

  @Test func jsonLines() throws {
    let outcome = try Command.run(short + ["--json", "--run-dir", "run"], in: folder)
    #expect(outcome.errors.isEmpty)
    let documents = try outcome.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(
      documents.map { $0["event"] as? String } == ["started"] + Array(repeating: "iteration", count: 5) + ["done"])
    #expect(documents[1]["steps"] as? Int == 1024)
    #expect(documents[1]["return"] is NSNull)
    #expect(documents[6]["policy"] as? String == "run/checkpoints/best.safetensors")
    #expect(documents[6]["best_return_ci95_low"] is Double)
  }

  private func train(_ settings: String..., in run: String, _ options: String...) throws -> Command.Outcome {
    let settings = ["evaluation.final_episodes=10"] + settings
    return try Command.run(
      ["train", "--robot", "pendulum", "--steps", "40_000", "--run-dir", run] + options
        + settings.flatMap { ["--set", $0] }, in: folder)
  }

  @Test func theDoctorSpeaks() throws {
    // Sick by far, so that no machine's rounding makes it well: most draws lie outside, and no update is small enough.
    let outcome = try train(
      "ppo.schedule=constant", "ppo.learning_rate=0.0001", "ppo.target_kl=1e-7", "ppo.final_kl=0", "ppo.initial_std=4",
      in: "run")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let said = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("Doctor: the KL divergence is ") }
    #expect(said.count == 1)
    #expect(said.first?.contains("--set ppo.learning_rate=") == true)
    #expect(said.first?.hasSuffix("--set ppo.schedule=adaptive.") == true)
    #expect(outcome.output.contains(" % of the actions are at or beyond a limit"))
  }

  @Test func theDoctorSpeaksToPrograms() throws {
    // The floor is where the deviation begins.
    let outcome = try train("ppo.min_std=0.499", in: "run", "--json")
    #expect(outcome.errors.isEmpty)
    let documents = try outcome.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let said = documents.filter { $0["event"] as? String == "doctor" }
    let floor = try #require(said.first { $0["id"] as? String == "std_at_floor" })
    // Nine tenths of the window of twenty iterations of 1,024 steps.
    #expect(floor["step"] as? Int == 18 * 1024)
    #expect(floor["severity"] as? String == "note")
    #expect((floor["hint"] as? String)?.contains("--set ppo.min_std=") == true)
    let summary = try #require(
      try JSONSerialization.jsonObject(with: folder.data("run/summary.json")) as? [String: Any])
    let last = try #require(summary["doctor"] as? [[String: Any]])
    #expect(last.contains { $0["id"] as? String == "std_at_floor" && $0["sentence"] is String })
    #expect(try train("ppo.min_std=0.499", in: "quiet", "--quiet").errors.isEmpty)
  }

  @Test func threadsAndRepetitionChangeNoBit() throws {
    for (name, threads) in [("one", "1"), ("two", "2"), ("again", "2")] {
      _ = try Command.run(short + ["--threads", threads, "--run-dir", name, "--quiet"], in: folder)
    }
    let one = try RunContents("one", in: folder)
    #expect(try RunContents("two", in: folder).differences(from: one) == [])
    #expect(try RunContents("again", in: folder).differences(from: one) == [])
    #expect(
      try Command.run(short + ["--seed", "2", "--run-dir", "other", "--quiet"], in: folder).status == 0)
    #expect(try RunContents("other", in: folder).differences(from: one).isEmpty == false)
  }

  /// `--steps` only says when to stop.
  @Test func aLongerTrainingBeginsAsAShorterOne() throws {
    _ = try Command.run(
      ["train", "--robot", "pendulum", "--steps", "5000", "--run-dir", "short", "--quiet"], in: folder)
    _ = try Command.run(
      ["train", "--robot", "pendulum", "--steps", "9000", "--run-dir", "long", "--quiet"], in: folder)
    let (short, long) = (try RunContents("short", in: folder), try RunContents("long", in: folder))
    #expect(long.progress.prefix(short.progress.count).elementsEqual(short.progress))
    #expect(long.progress.count > short.progress.count)
  }

  /// The penalty on the divergence is a column, and what it was when a run stopped is what it goes on with.
  @Test func thePenaltyGoesOn() throws {
    let arguments = [
      "train", "--robot", "pendulum", "--set", "ppo.objective=penalty", "--set", "ppo.target_kl=1e-4", "--set",
      "ppo.final_kl=0", "--set", "evaluation.interval=1000", "--quiet",
    ]
    for (run, steps) in [("straight", "9000"), ("stopped", "5000")] {
      let outcome = try Command.run(arguments + ["--steps", steps, "--run-dir", run], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let resumed = try Command.run(
      ["train", "--resume", "--run-dir", "stopped", "--steps", "9000", "--quiet"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let (straight, stopped) = (try RunContents("straight", in: folder), try RunContents("stopped", in: folder))
    #expect(stopped.progress == straight.progress && stopped.last == straight.last)
    let column = try #require(straight.progress[0].firstIndex(of: "penalty"))
    let penalties = straight.progress.dropFirst().compactMap { Double($0[column]) }
    #expect(penalties.count == 9 && penalties[0] == 1 && penalties[5] > 1, "\(penalties)")
    #expect(!straight.progress[0].contains("clip_fraction"))
    let other = try Command.run(
      ["train", "--resume", "--run-dir", "stopped", "--set", "ppo.objective=clip", "--quiet"], in: folder)
    #expect(other.status == 1 && other.errors.contains("ppo.objective"), "\(other.errors)")
  }

  /// The best policy is the one whose return has the highest lower bound, not the highest mean.
  @Test func theBestPolicyIsTheOneThatSurelyGetsMost() throws {
    _ = try Command.run(
      ["train", "--robot", "pendulum", "--steps", "60000", "--set", "evaluation.interval=1000", "--run-dir", "run"],
      in: folder)
    let rows = try RunContents("run", in: folder).evaluations
    let low = try #require(rows[0].firstIndex(of: "return/ci95_low"))
    var (best, bestMean) = (-Double.infinity, -Double.infinity)
    var meansDisagree = false
    for row in rows.dropFirst() {
      let (score, mean) = (try #require(Double(row[low])), try #require(Double(row[3])))
      #expect((row[1] == "1") == (score > best))
      if (score > best) != (mean > bestMean) { meansDisagree = true }
      (best, bestMean) = (max(best, score), max(bestMean, mean))
    }
    #expect(meansDisagree)
    let summary = try #require(
      try JSONSerialization.jsonObject(with: folder.data("run/summary.json")) as? [String: Any])
    // Not to the bit: a JSON reader may round differently from a CSV reader.
    let recorded = try #require(summary["best_return_ci95_low"] as? Double)
    #expect(abs(recorded - best) < 1e-9)
  }

  @Test func untilSolvedEndsEarly() throws {
    let arguments = [
      "train", "--robot", "pendulum", "--until-solved", "--set", "evaluation.interval=10_000", "--json", "--run-dir",
      "run",
    ]
    let outcome = try Command.run(arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let documents = try outcome.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let done = try #require(documents.last)
    #expect(done["event"] as? String == "done")
    #expect(done["solved"] as? Bool == true)
    let steps = try #require(done["steps"] as? Int)
    #expect(steps < 300_000)
    // The policy that reached the goal is the one that is handed out.
    #expect(done["best_step"] as? Int == steps)
    let evaluated = try #require(done["evaluation"] as? [String: Any])
    let mean = try #require((evaluated["return"] as? [String: Any])?["mean"] as? Double)
    #expect(mean >= -170)
    let iteration = documents.last { $0["event"] as? String == "iteration" }
    let last = try #require(iteration?["evaluation"] as? [String: Any])
    #expect((last["confirmation"] as? [String: Any])?["solved"] as? Bool == true)

    // The full evaluation can be made again.
    let seed = try #require(evaluated["seed"] as? Int)
    let again = try Command.run(
      ["evaluate", "--policy", "run", "--episodes", "100", "--seed", "\(seed)", "--json"], in: folder)
    #expect(
      NSDictionary(dictionary: evaluated) == NSDictionary(dictionary: try #require(again.json() as? [String: Any])))
  }

  @Test func aGoalThatIsNotReachedIsSaid() throws {
    let outcome = try Command.run(short + ["--until-solved", "--run-dir", "run"], in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Not solved; of the robot's goal it misses: return -"))
    let summary = try #require(
      try JSONSerialization.jsonObject(with: folder.data("run/summary.json")) as? [String: Any])
    #expect(summary["solved"] as? Bool == false)
    #expect(summary["steps"] as? Int == 5120)
  }

  /// Long enough not to be over before the third iteration has been read.
  private let long = ["train", "--robot", "pendulum", "--steps", "20_000_000", "--json", "--run-dir", "run"]
  private let thirdIteration = #""iteration":3,"#

  @Test(arguments: [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")])
  func aSignalEndsBySaving(_ signal: Int32, _ name: String) throws {
    let outcome = try Command.run(
      long + ["--set", "evaluation.interval=20_000_000"], in: folder, at: thirdIteration
    ) { kill($0.processIdentifier, signal) }
    #expect(outcome.status == 128 + signal)
    #expect(outcome.lines.last?.hasPrefix(#"{"event":"interrupted","signal":"\#(name)","step":"#) == true)
    #expect(folder.contents.contains("run/checkpoints/last.safetensors"))
    #expect(!folder.contents.contains("run/summary.json"))
    let evaluated = try Command.run(["evaluate", "--policy", "run", "--episodes", "2", "--json"], in: folder)
    #expect(evaluated.status == 0, "\(evaluated.errors)")
  }

  @Test func aFolderThatVanishesEndsTheRun() throws {
    let run = folder.path + "/run"
    let outcome = try Command.run(
      long + ["--set", "evaluation.interval=5000"], in: folder, at: thirdIteration
    ) { _ in try? FileManager.default.moveItem(atPath: run, toPath: run + "-gone") }
    #expect(outcome.status == 1)
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.errors.contains("cannot be written: No such file or directory"))
    let resumed = try Command.run(
      ["train", "--resume", "--run-dir", "run-gone", "--steps", "1", "--quiet"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
  }
}
