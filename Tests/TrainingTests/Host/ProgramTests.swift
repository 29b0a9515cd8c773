import Foundation
import TestRuns
import Testing
import Training

@Suite struct ProgramTests {
  @Test(arguments: [
    ("ppo-robot", "/home/me", "ppo-robot"),
    ("/usr/local/bin/my-robot", "/home/me", "my-robot"),
    ("/opt/robots/my-robot", "/home/me", "/opt/robots/my-robot"),
    ("./my-robot", "/home/me", "./my-robot"),
    (
      "/home/me/ppo/.build/x86_64-unknown-linux-gnu/release/ppo-robot", "/home/me/ppo", "swift run -c release ppo-robot"
    ),
    (".build/release/ppo-robot", "/home/me/ppo", "swift run -c release ppo-robot"),
    ("./.build/release/ppo-robot", "/home/me/ppo", "swift run -c release ppo-robot"),
    ("/home/me/ppo/.build/debug/my-robot", "/home/me/ppo/Sources", "swift run my-robot"),
    (
      "/home/me/a ppo/.build/release/ppo-robot", "/home/me", "'/home/me/a ppo/.build/release/ppo-robot'"
    ),
    ("/home/me/ppo/.build/release/ppo-robot", "/home/me/ppo-2", "/home/me/ppo/.build/release/ppo-robot"),
  ])
  func commandsWorkWhereTheyArePrinted(_ path: String, _ folder: String, _ command: String) {
    #expect(Program.command(startedAs: path, in: folder, searching: ["/bin", "/usr/local/bin"]) == command)
  }

  /// A copy under another name, as another package's command has.
  @Test func hintsNameTheProgramThatRuns() throws {
    let folder = try TemporaryFolder()
    let program = folder.path + "/my-robot"
    try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: Command.binary().path)
    let help = try Command.run(program, ["evaluate", "--help"], in: folder)
    #expect(
      help.output.contains("USAGE: my-robot evaluate ") && help.output.contains("'my-robot list'"), "\(help.output)")
    #expect(!help.output.contains("ppo-robot"))
    let training = [
      "train", "--robot", "pendulum", "--steps", "1000", "--set", "evaluation.final_episodes=2", "--run-dir", "run",
      "--quiet",
    ]
    let trained = try Command.run(program, training, in: folder)
    #expect(trained.output.contains("\nNext:   \(Shell.quoted(program)) evaluate --policy run\n"), "\(trained.output)")
    let onPath = try Command.run(
      "/bin/sh", ["-c", "my-robot train --robot pendulum --steps 1000 --seeds 1-2 --run-dir set --quiet"], in: folder,
      environment: ["PATH": "\(folder.path):/bin:/usr/bin"])
    #expect(onPath.output.contains("\nNext:   my-robot evaluate --policy set/seed-2\n"), "\(onPath.errors)")
    #expect(onPath.output.hasSuffix("\nNext: my-robot compare OTHER set\n"), "\(onPath.output)")
  }

  @Test func namesMustBeUTF8() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      "/bin/sh",
      ["-c", #""$0" train --robot pendulum --steps 1000 --run-dir "$(printf 'a\377b')""#, Command.binary().path],
      in: folder)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "Error: argument 7, 'a\u{FFFD}b', is not UTF-8 text; names of files and folders must be\n")
    #expect(folder.contents.isEmpty)
  }
}
