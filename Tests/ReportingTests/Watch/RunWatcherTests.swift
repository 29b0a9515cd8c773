import Foundation
import Reporting
import Robotics
import Robots
import TestRuns
import Testing

/// What the folder of a run says about it.
@Suite struct RunWatcherTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func state(_ watcher: inout RunWatcher) throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: Data(try watcher.state().line.utf8))
    return try #require(json as? [String: Any])
  }

  @Test func aRunIsSeenFromItsStartToItsEnd() throws {
    let path = folder.path + "/run"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    var watcher = RunWatcher(path, in: .standard)
    #expect(try state(&watcher)["status"] as? String == "starting")
    let arguments = ["train", "--robot", "pendulum", "--steps", "20000", "--quiet", "--run-dir", "run"]
    #expect(try Command.run(arguments, in: folder).status == 0)
    let state = try state(&watcher)
    #expect(state["status"] as? String == "complete" && state["robot"] as? String == "pendulum")
    #expect(state["steps"] as? Double == 20_480 && state["total_steps"] as? Int == 20_000)
    #expect(state["rows"] as? Int == 20 && state["seconds_left"] as? Double == 0)
    #expect(state["doctor"] is [Any] && state["policy"] is String)
    let curves = try watcher.curves()
    #expect(curves.contains("data-figure=\"return\"") && curves.contains("class=\"figures\""))
    var maker = EpisodeRecorder(path, in: .standard)
    #expect(try maker.document()?.contains(#""name":"rod""#) == true)
  }

  /// The findings of the run doctor are shown.
  @Test func theDoctorSpeaksHere() throws {
    let sick = [
      "train", "--robot", "pendulum", "--steps", "60000", "--json", "--run-dir", "sick", "--set",
      "ppo.learning_rate=0.05",
      "--set", "ppo.schedule=constant",
    ]
    let outcome = try Command.run(sick, in: folder)
    #expect(outcome.status == 0)
    let last = try JSONSerialization.jsonObject(with: Data(try #require(outcome.lines.last).utf8)) as? [String: Any]
    let said = try #require(last?["doctor"] as? [[String: Any]]).compactMap { $0["id"] as? String }
    try #require(!said.isEmpty)
    var watcher = RunWatcher(folder.path + "/sick", in: .standard)
    let seen = try #require(try state(&watcher)["doctor"] as? [[String: Any]]).compactMap { $0["id"] as? String }
    #expect(Set(said).isSubset(of: seen))
  }

  @Test func ofSeveralSeedsTheOneAtWorkIsShown() throws {
    for (seed, isComplete) in [(1, true), (2, false), (3, false)] {
      let path = "\(folder.path)/seed-\(seed)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      guard seed < 3 else { continue }
      _ = try folder.write("robot: pendulum\n", to: "seed-\(seed)/config.yaml")
      if isComplete { _ = try folder.write("{}", to: "seed-\(seed)/summary.json") }
    }
    #expect(try RunWatcher.current(in: folder.path)?.path == folder.path + "/seed-2")
    _ = try folder.write("{}", to: "seed-2/summary.json")
    #expect(try RunWatcher.current(in: folder.path)?.path == folder.path + "/seed-2")
  }

  @Test func whatHasNotChangedIsNotMadeAgain() throws {
    var cached = RefreshedValue<Int>()
    var count = 0
    func value() -> Int {
      cached.value(from: [folder.path + "/file"]) {
        count += 1
        return count
      }
    }
    #expect(value() == 1 && value() == 1)
    _ = try folder.write("a", to: "file")
    #expect(value() == 2 && value() == 2)
    // What is costly is kept for longer, however its files change.
    var costly = RefreshedValue<Int>()
    for text in ["b", "bb", "bbb"] {
      _ = try folder.write(text, to: "file")
      let value = costly.value(from: [folder.path + "/file"]) {
        count += 1
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .milliseconds(100) {}
        return count
      }
      #expect(value == 3)
    }
  }
}
