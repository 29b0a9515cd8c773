import Foundation
import TestRuns
import Testing

/// Lost output is an error of the command that made it.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))) struct LostOutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs the command with its standard output going to `place`.
  private func run(_ arguments: [String], to place: String) throws -> Command.Outcome {
    try Command.run(
      "/bin/sh", ["-c", #"exec "$0" "$@" >\#(place)"#, Command.binary().path] + arguments, in: folder)
  }

  private static let training = [
    "train", "--robot", "pendulum", "--steps", "1000", "--set", "evaluation.episodes=2", "--set",
    "evaluation.final_episodes=2", "--run-dir",
  ]

  @Test(arguments: [
    ["list"], ["list", "--json"], ["--help"], ["train", "--help"], ["help", "evaluate"], ["--version"],
    ["--generate-completion-script", "bash"], [],
    ["evaluate", "--robot", "pendulum", "--policy", "zero", "--episodes", "2"],
    ["evaluate", "--robot", "pendulum", "--policy", "zero", "--episodes", "2", "--json"],
    ["compare", "zero", "random", "--robot", "pendulum", "--episodes", "2"],
    ["compare", "zero", "random", "--robot", "pendulum", "--episodes", "2", "--json"],
    ["describe", "--robot", "pendulum"], ["describe", "--robot", "pendulum", "--json", "--weights"],
    ["check", "pendulum"], ["check", "pendulum", "--json"],
    ["train", "--robot", "pendulum", "--print-config"],
    ["benchmark", "--robot", "pendulum", "--threads", "1", "--seconds", "0"],
    ["new", "my-robot"],
    training + ["run"], training + ["run", "--quiet"], training + ["run", "--json"],
    training + ["run", "--seeds", "1", "--quiet"],
  ])
  func aFullDiskIsAnError(_ arguments: [String]) throws {
    let outcome = try run(arguments, to: "/dev/full")
    #expect(outcome.status == 1, "\(outcome.errors)")
    let reported = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
    #expect(reported == ["Error: standard output cannot be written: No space left on device"])
    // A training has not been in vain.
    if arguments.first == "train", arguments.contains("run") {
      #expect(folder.contents.contains { $0.hasSuffix("summary.json") })
    }
  }

  @Test func plotsAndCrashesToo() throws {
    #expect(try Command.run(Self.training + ["run", "--quiet"], in: folder).status == 0)
    #expect(try run(["plot", "run"], to: "/dev/full").status == 1)
    #expect(try run(["train", "--resume", "--run-dir", "run", "--print-config"], to: "/dev/full").status == 1)
    #expect(try run(["train", "--resume", "--run-dir", "run"], to: "/dev/full").status == 1)
  }

  @Test func aClosedOutputIsAnErrorToo() throws {
    #expect(try run(["list"], to: "&-").status == 1)
  }

  /// The reader decides how much is written.
  @Test func aReaderWhoHasGoneIsNone() throws {
    let outcome = try Command.run(
      "/bin/sh",
      ["-c", #"{ sleep 0.2; "$0" "$@"; echo $? >&2; } | true"#, Command.binary().path] + Self.training + [
        "run", "--json",
      ],
      in: folder)
    #expect(outcome.errors == "0\n")
    #expect(folder.contents.contains("run/summary.json"))
  }
}
