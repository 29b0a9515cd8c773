import ArgumentParser
import Robotics
import Storage
import Training

/// Repeats a fault that a training has saved.
struct RerunCrashCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "rerun-crash",
    abstract: "Repeats a step in which an env failed.",
    discussion: """
      A training saves what is needed to repeat its first \(FaultLog.mostFiles) faults in RUN/crashes. The exit status is 0 \
      if the env fails again in the same step.
      """,
    aliases: ["replay-crash"])

  @Argument(help: "The crash file.")
  var file: String

  @Flag(help: "Print a JSON document.")
  var json = false

  func run(with catalog: Catalog) throws {
    let rerun = try CrashRerun(ofFileAt: file, in: catalog, notify: Output.show)
    Output.print(json ? rerun.json.document : rerun.text)
    guard rerun.isReproduced else { throw CommandError("\(quoted(file)): \(rerun.verdict)") }
    if !json { Output.print("\n\(rerun.verdict)") }
  }
}
