import Foundation
import Learning
import Networks
import Storage
import TestRuns
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A path is checked before it is read: pipes would block, devices never end.
@Suite struct InputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func refused(_ arguments: [String], _ reason: String) throws {
    let outcome = try Command.run(arguments, in: folder)
    #expect(outcome.status == 1 && outcome.output.isEmpty, "\(arguments)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.contains(reason), "\(arguments): \(outcome.errors)")
  }

  private func place(_ kind: String, at path: String) throws {
    try? FileManager.default.removeItem(atPath: path)
    if kind == "pipe" {
      #expect(unsafe mkfifo(path, 0o600) == 0)
    } else {
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
    }
  }

  @Test(arguments: ["pipe", "device"])
  func whatIsNoFileIsNotRead(_ kind: String) throws {
    let train = ["train", "--robot", "pendulum", "--steps", "2000", "--set", "ppo.horizon=64", "--quiet"]
    #expect(try Command.run(train + ["--run-dir", "run"], in: folder).status == 0)
    try place(kind, at: folder.path + "/it")
    let reason = "it is a \(kind), not a file"
    for arguments in [
      ["evaluate", "--policy", "it"], ["describe", "--policy", "it"], ["check", "pendulum", "--policy", "it"],
      ["compare", "it", "run"], ["rerun-crash", "it"], train + ["--init", "it", "--run-dir", "new"],
      train + ["--config", "it", "--run-dir", "new"],
    ] {
      try refused(arguments, reason)
    }
    #expect(!folder.contents.contains("new"))
    for (name, arguments) in [
      ("progress.csv", ["plot", "run"]), ("evaluations.csv", ["plot", "run"]),
      ("checkpoints/best.safetensors", ["evaluate", "--policy", "run"]),
      ("checkpoints/last.safetensors", ["train", "--resume", "--run-dir", "run", "--steps", "9000"]),
      ("config.yaml", ["train", "--resume", "--run-dir", "run"]), ("config.yaml", ["plot", "run"]),
    ] {
      let file = folder.path + "/run/\(name)"
      try FileManager.default.moveItem(atPath: file, toPath: folder.path + "/kept")
      try place(kind, at: file)
      try refused(arguments, reason)
      try FileManager.default.removeItem(atPath: file)
      try FileManager.default.moveItem(atPath: folder.path + "/kept", toPath: file)
    }
    #expect(try Command.run(["evaluate", "--policy", "run", "--episodes", "1"], in: folder).status == 0)
  }

  /// A pipe that the shell makes for the command is read like a file; one that never ends is not.
  @Test func settingsMayComeFromTheShell() throws {
    let binary = try Command.binary().path
    func shell(_ script: String) throws -> Command.Outcome {
      try Command.run("/bin/bash", ["-c", script, binary], in: folder)
    }
    let piped = try shell(#"exec "$0" train --robot pendulum --print-config --config <(echo 'steps: 4321')"#)
    #expect(piped.status == 0 && piped.output.contains("\nsteps: 4321 "), "\(piped.errors)")
    let late = try shell(
      #"(sleep 0.2; echo 'steps: 4321') | "$0" train --robot pendulum --print-config --config /dev/stdin"#)
    #expect(late.output.contains("\nsteps: 4321 "), "\(late.errors)")
    let endless = try shell(#"exec "$0" train --robot pendulum --print-config --config <(yes)"#)
    #expect(endless.status == 1 && endless.errors.contains("is larger than 65536 bytes\n"), "\(endless.errors)")
    let policy = try shell(#"exec "$0" evaluate --policy <(echo)"#)
    #expect(policy.status == 1 && policy.errors.contains("it is a pipe, not a file"), "\(policy.errors)")
  }

  @Test func foldersAreNoFiles() {
    #expect(throws: InputFile.Failure.unreadable("it is a folder, not a file")) {
      try InputFile.read(folder.path, limit: 1000)
    }
  }
}
