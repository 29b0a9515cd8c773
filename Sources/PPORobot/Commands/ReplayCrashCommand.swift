import ArgumentParser
import Robotics
import Storage
import Training

/// Repeats a fault that a training has put on file.
struct ReplayCrashCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay-crash",
    abstract: "Repeats a step in which an env failed.",
    discussion: """
      A training saves what is needed to repeat its first \(FaultLog.mostFiles) faults in RUN/crashes. The exit status is 0 \
      if the env fails again in the same step.
      """)

  @Argument(help: "The crash file.")
  var file: String

  @Flag(help: "Print a JSON document.")
  var json = false

  func run(with catalog: Catalog) throws {
    let replay = try CrashReplay(ofFileAt: file, in: catalog, notify: Output.show)
    Output.print(json ? replay.json.document : replay.text)
    guard replay.isReproduced else { throw CommandError("\(quoted(file)): \(replay.verdict)") }
    if !json { Output.print("\n\(replay.verdict)") }
  }
}
