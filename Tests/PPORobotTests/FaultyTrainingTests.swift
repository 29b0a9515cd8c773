import Environments
import Foundation
import PPORobot
import Robotics
import Robots
import Synchronization
import Tasks
import TestEnvs
import TestRuns
import Testing
import Training

/// Trainings in which envs fail a thousand times.
@Suite struct FaultyTrainingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An entry of which one env, the fifth that a training makes, fails at random steps; evaluations come later and
  /// get sound envs.
  private func entry<E: Env & ~Copyable>(
    like name: String, rate: Double, make: @escaping @Sendable () throws -> E
  ) throws -> Catalog.Entry {
    let model = try #require(Catalog.standard[name])
    let counter = Counter()
    return Catalog.Entry(
      name, summary: model.summary, settings: model.settings, goal: model.goal,
      env: { FaultyEnv(try make(), rate: counter.next() == 5 ? rate : 0) })
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
      count.withLock {
        $0 += 1
        return $0
      }
    }
  }

  private static func biped() throws -> RobotEnv<WalkForward> {
    try RobotEnv(Biped(), WalkForward(feet: ("left foot", "right foot"), fallHeight: 0.6))
  }

  private func train(_ entry: Catalog.Entry, _ more: String...) throws -> [String: Any] {
    let run = folder.path + "/run"
    try PPORobot.run(
      ["train", "--robot", entry.name, "--seed", "1", "--run-dir", run, "--quiet"] + more, with: Catalog([entry]))
    return try #require(try JSONSerialization.jsonObject(with: folder.data("run/summary.json")) as? [String: Any])
  }

  private func column(_ name: String) throws -> [Double] {
    let rows = try folder.text("run/progress.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let column = try #require(rows[0].firstIndex { $0 == name })
    return rows.dropFirst().map { Double($0[column]) ?? .nan }
  }

  private func mean(_ name: String, _ summary: [String: Any]) throws -> Double {
    let evaluation = try #require(summary["evaluation"] as? [String: Any])
    let metrics = try #require(evaluation["metrics"] as? [String: Any])
    return try #require(((metrics[name] ?? evaluation[name]) as? [String: Any])?["mean"] as? Double)
  }

  private func expectAThousandFaults(_ summary: [String: Any]) throws {
    let faults = try #require(summary["faults"] as? Int)
    #expect(faults >= 1000 && summary["rollbacks"] as? Int == 0)
    #expect(try column("faults").reduce(0, +) == Double(faults))
    #expect(try column("skipped_minibatches").allSatisfy { $0 == 0 })
    // An episode's fault is among its endings.
    #expect(try column("ending/fault").reduce(0, +) == Double(faults))
    #expect(folder.contents.filter { $0.hasPrefix("run/crashes/") }.count == FaultLog.mostFiles)
  }

  @Test func thePendulumIsLearnedAllTheSame() throws {
    let summary = try train(try entry(like: "pendulum", rate: 0.06) { try Pendulum() })
    try expectAThousandFaults(summary)
    #expect(try mean("return", summary) > -175)
  }

  /// Minutes of work: only in long tests.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["LONG_TESTS"] == "1"))
  func theBipedWalksAllTheSame() throws {
    let summary = try train(
      try entry(like: "biped", rate: 0.025) { try Self.biped() })
    try expectAThousandFaults(summary)
    #expect(try mean("distance_m", summary) > 16)
    #expect(try mean("length_s", summary) > 18)
    print(try folder.text("run/summary.json"))
  }

  // MARK: Crash files

  /// Every env fails now and then, and every failure can be repeated from its file.
  @Test(arguments: ["pendulum", "biped"])
  func crashFilesRepeatTheFaults(_ name: String) throws {
    let settings = try #require(Catalog.standard[name]).settings
    let catalog = { (rate: Double) in
      name == "pendulum"
        ? Catalog([.init(name, summary: "", settings: settings, env: { FaultyEnv(try Pendulum(), rate: rate) })])
        : Catalog([.init(name, summary: "", settings: settings, env: { FaultyEnv(try Self.biped(), rate: rate) })])
    }
    let (faulty, sound) = (catalog(0.004), catalog(0))
    _ = try train(
      try #require(faulty[name]), "--steps", "6000", "--set", "evaluation.final_episodes=12", "--set",
      "evaluation.episodes=1")
    let files = folder.contents.filter { $0.hasPrefix("run/crashes/") }
    #expect(files.count == FaultLog.mostFiles)
    var reasons: Set<String> = []
    var snapshots = 0
    for file in files {
      let rerun = try CrashRerun(ofFileAt: "\(folder.path)/\(file)", in: faulty)
      #expect(rerun.isReproduced, "\(rerun.verdict)")
      #expect(rerun.rerun.reason == rerun.crash.reason)
      #expect(file == "run/crashes/step-\(rerun.crash.step)-env-\(rerun.crash.env).safetensors")
      reasons.insert(rerun.crash.reason)
      snapshots += rerun.crash.tail.snapshot == nil ? 0 : 1
      // In envs that are well, nothing fails.
      let calm = try CrashRerun(ofFileAt: "\(folder.path)/\(file)", in: sound)
      #expect(!calm.isReproduced && calm.verdict.hasPrefix("not reproduced: "), "\(calm.verdict)")
    }
    #expect(reasons.count > 2, "\(reasons)")
    #expect(snapshots > 0)
  }
}
