import ArgumentParser
import Robotics

/// The command `ppo-robot`. Another package, which imports `PPORobot`, `Robotics` and `Robots`, gets one with robots of
/// its own in one line: `PPORobot.main(catalog: .standard + [.init("my-robot", MyRobot(), WalkForward())])`.
public enum PPORobot {
  /// The version that `--version` tells.
  public static let version = "0.1.0"

  /// Does what the process's arguments ask for, with the robots of `catalog`. Returns when it is done; ends the process
  /// with a status other than zero when it cannot be.
  public static func main(catalog: Catalog) {
    var command: any ParsableCommand
    do {
      command = try RootCommand.parseAsRoot()
    } catch { RootCommand.exit(withError: RootCommand.unknownCommand(in: CommandLine.arguments) ?? error) }
    do {
      try run(&command, with: catalog)
    } catch let error where error is ExitCode || error is CleanExit || error is ValidationError {
      RootCommand.exit(withError: error)
    } catch {
      Output.note("Error: \(error)")
      RootCommand.exit(withError: ExitCode.failure)
    }
  }

  /// Does what `arguments`, the command's name left out, ask for. Errors are the caller's to tell.
  package static func run(_ arguments: [String], with catalog: Catalog) throws {
    var command = try RootCommand.parseAsRoot(arguments)
    try run(&command, with: catalog)
  }

  private static func run(_ command: inout any ParsableCommand, with catalog: Catalog) throws {
    if let command = command as? any CatalogCommand {
      try command.run(with: catalog)
    } else {
      // The parser's own: help, mostly.
      try command.run()
    }
  }
}
