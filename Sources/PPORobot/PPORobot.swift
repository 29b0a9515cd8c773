import ArgumentParser
import Environments
import Robotics

/// The command `ppo-robot`. Another package, which imports `PPORobot`, `Robotics` and `Robots`, gets one with robots of
/// its own in one line: `PPORobot.main(catalog: .standard + [.init("my-robot", MyRobot(), WalkForward())])`.
public enum PPORobot {
  /// The version that `--version` tells.
  public static let version = "0.1.0"

  /// Does what the process's arguments ask for, with the robots of `catalog`. Returns when it is done; ends the process
  /// with a status other than zero when it cannot be.
  public static func main(catalog: Catalog) {
    AuthorCode.tellTraps()
    let command: any CatalogCommand
    do {
      var parsed = try RootCommand.parseAsRoot(RootCommand.completed(Array(CommandLine.arguments.dropFirst())))
      guard let known = parsed as? any CatalogCommand else {
        // The parser's own: help, mostly.
        return try parsed.run()
      }
      command = known
    } catch { RootCommand.exit(withError: RootCommand.unknownCommand(in: CommandLine.arguments) ?? error) }
    do {
      try catalog.refuseMistakes()
      try command.run(with: catalog)
    } catch let error where error is ExitCode || error is CleanExit || error is ValidationError {
      RootCommand.exit(withError: error)
    } catch {
      Output.fail(error)
      RootCommand.exit(withError: ExitCode.failure)
    }
  }

  /// Does what `arguments`, the program's name left out, ask for, unless that is help. Errors are the caller's to tell.
  package static func run(_ arguments: [String], with catalog: Catalog) throws {
    guard let command = try RootCommand.parseAsRoot(RootCommand.completed(arguments)) as? any CatalogCommand else {
      return
    }
    try catalog.refuseMistakes()
    try command.run(with: catalog)
  }
}

extension Catalog {
  /// Throws what is wrong with the catalog itself.
  fileprivate func refuseMistakes() throws {
    if let mistake { throw CommandError("the catalog: \(mistake)") }
  }
}
