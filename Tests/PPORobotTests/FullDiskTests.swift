import Foundation
import PPORobot
import TestRuns
import TestSupport
import Testing

/// Disks that are full, as far as a limit on the size of files can play one: it fails the same calls, and anybody may set
/// it.
@Suite struct FullDiskTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Many short iterations, so that what is noted of them outgrows the checkpoint.
  private let training = [
    "train", "--robot", "pendulum", "--steps", "24000", "--set", "envs=2", "--set", "ppo.horizon=8", "--set",
    "ppo.minibatch=16", "--set", "ppo.epochs=1", "--set", "evaluation.interval=160", "--set", "evaluation.episodes=2",
    "--set", "evaluation.final_episodes=2", "--set", "checkpoint_seconds=0.02", "--quiet", "--run-dir",
  ]

  /// - Parameters:
  ///   - blocks: the limit, in the 512 bytes that POSIX gives `ulimit`.
  ///   - seconds: the time between two checkpoints.
  ///   - file: the one that is the first not to fit.
  @Test(
    .enabled(if: test_is_sanitized() == 0),
    arguments: [
      (4, "0.02", "config.yaml"), (20, "100", "checkpoints/best.safetensors"),
      (20, "1e-9", "checkpoints/last.safetensors"), (600, "0.02", "events.out.tfevents."),
    ])
  func everyFileMayNotFit(_ blocks: Int, _ seconds: String, _ file: String) throws {
    _ = try Command.run(training + ["whole"], in: folder)
    let binary = try Command.binary().path
    let full = try Command.run(
      "/bin/sh",
      ["-c", #"ulimit -f \#(blocks); exec "$0" "$@""#, binary] + training + ["run"]
        + ["--set", "checkpoint_seconds=\(seconds)"], in: folder)
    #expect(full.status == 1)
    #expect(full.output.isEmpty)
    #expect(full.errors.split(separator: "\n").count == 1)
    #expect(full.errors.contains("run/\(file)") && full.errors.contains("File too large"), "\(full.errors)")
    #expect(!folder.contents.contains { $0.hasSuffix(".partial") })
    let last = "run/checkpoints/last.safetensors"
    #expect(folder.contents.contains(last) == (file == "events.out.tfevents."))
    if folder.contents.contains(last) {
      #expect(try Command.run(["evaluate", "--policy", last, "--episodes", "1"], in: folder).status == 0)
    }
    // There is room again.
    let resumed = try Command.run(training + ["run", "--resume", "--or-start"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try RunContents("run", in: folder).differences(from: RunContents("whole", in: folder)) == [])
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aReadOnlyFolderEndsTheRun() throws {
    let checkpoints = folder.path + "/run/checkpoints"
    let outcome = try Command.run(
      training.map { $0 == "--quiet" ? "--json" : $0 } + ["run"], in: folder, at: #""iteration":3,"#
    ) { _ in _ = unsafe chmod(checkpoints, 0o555) }
    unsafe chmod(checkpoints, 0o755)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("cannot be written: Permission denied"))
    #expect(try Command.run(training + ["run", "--resume", "--or-start"], in: folder).status == 0)
  }
}
