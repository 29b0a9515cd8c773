import Foundation
import PPORobot
import TestRuns
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

#if Watch
  import Live

  /// What a user of `train --watch` and `watch` sees.
  @Suite struct WatchCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A port that was free a moment ago.
    private func freePort() throws -> Int {
      let server = try LiveServer(host: "127.0.0.1", port: 0, routes: [:])
      server.close()
      return server.port
    }

    /// The answer of a path; nil where there is none.
    private func ask(_ path: String, port: Int) -> String? {
      guard let url = URL(string: "http://127.0.0.1:\(port)/\(path)") else { return nil }
      return try? String(contentsOf: url, encoding: .utf8)
    }

    @Test func aTrainingIsWatchedAndStopped() throws {
      let port = try freePort()
      var answers: [String?] = []
      let outcome = try Command.run(
        ["train", "--robot", "pendulum", "--steps", "100000000", "--json", "--run-dir", "run", "--watch", "\(port)"],
        in: folder, at: #""event":"iteration""#
      ) { process in
        for path in ["", "state", "curves", "episode", "state"] { answers.append(ask(path, port: port)) }
        process.interrupt()
      }
      #expect(outcome.status == 130)
      #expect(outcome.errors == "Watch: http://127.0.0.1:\(port)/\n")
      #expect(outcome.lines.last?.hasPrefix(#"{"event":"interrupted""#) == true)
      #expect(answers[0]?.contains("<main>") == true)
      #expect(
        answers[1]?.contains(#""status":"training""#) == true && answers[1]?.contains(#""robot":"pendulum""#) == true)
      #expect(answers[2]?.contains("data-figure=\"value_loss\"") == true)
      // There is an episode to show from the first checkpoint on.
      #expect(answers[3] == "null" || answers[3]?.contains(#""name":"rod""#) == true)
      #expect(ask("", port: port) == nil)
    }

    @Test func anotherProcessIsWatched() throws {
      let train = ["train", "--robot", "pendulum", "--steps", "10000", "--quiet", "--run-dir", "run"]
      #expect(try Command.run(train, in: folder).status == 0)
      let port = try freePort()
      let process = Process()
      process.executableURL = try Command.binary()
      process.arguments = ["watch", "run/", "--port", "\(port)"]
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      process.standardError = FileHandle.nullDevice
      try process.run()
      while ask("", port: port) == nil, process.isRunning { usleep(10_000) }
      #expect(ask("state", port: port)?.contains(#""status":"complete""#) == true)
      let taken = try Command.run(["watch", "run", "--port", "\(port)"], in: folder)
      #expect(taken.status == 1)
      #expect(taken.errors == "Error: port \(port) is in use; name another one, or none to take one that is free\n")
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(ask("", port: port) == nil)
    }

    @Test(arguments: [
      (["watch", "none"], "there is no folder 'none'"),
      (["watch", "."], "'.' is not a run directory: it has no config.yaml"),
      (
        ["train", "--robot", "pendulum", "--watch", "many"],
        "--watch is 'many'; it must be a port from 1 to 65535, or 0 for any that is free"
      ),
      (
        ["train", "--robot", "pendulum", "--watch=70000"],
        "--watch is '70000'; it must be a port from 1 to 65535, or 0 for any that is free"
      ),
      (
        ["train", "--robot", "pendulum", "--watch-host", "0.0.0.0"],
        "--watch-host is where the page of --watch is; give --watch as well"
      ),
      (
        ["train", "--robot", "pendulum", "--watch", "--watch-host", "192.0.2.1"],
        "'192.0.2.1' is not this machine; name a port that is free"
      ),
    ])
    func mistakesGetOneLine(_ arguments: [String], _ message: String) throws {
      let outcome = try Command.run(arguments, in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors == "Error: \(message)\n")
      #expect(folder.contents.isEmpty)
    }
  }
#endif
