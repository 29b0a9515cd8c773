import ArgumentParser
import Environments
import Robotics
import Training

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The command `ppo-robot`. Another package, which imports `PPORobot`, `Robotics`, `Robots` and `Tasks`, gets one with
/// robots of its own in one line: `PPORobot.main(catalog: .standard + [.init("my-robot", MyRobot(), WalkForward())])`.
public enum PPORobot {
  /// The version that `--version` prints.
  public static let version = Program.version

  /// Does what the process's arguments ask for, with the robots of `catalog`. Returns when it is done; ends the process
  /// with a status other than zero when it cannot be.
  public static func main(catalog: Catalog) {
    UserCode.reportTraps()
    let status = status(ofRunningWith: catalog)
    // What was to be printed and is lost makes a failure of any command.
    if status != 0 || Output.isLost { exit(status != 0 ? status : EXIT_FAILURE) }
  }

  /// Runs the command that the process's arguments name and prints errors.
  ///
  /// - Returns: the status that the process is to end with.
  private static func status(ofRunningWith catalog: Catalog) -> Int32 {
    do {
      let arguments = try Program.arguments()
      do {
        var parsed = try RootCommand.parseAsRoot(RootCommand.completed(arguments))
        if let command = parsed as? any CatalogCommand {
          try catalog.refuseMistakes()
          try command.runReadingRobot(with: catalog)
        } else {
          // The parser's own: help, mostly.
          try parsed.run()
        }
      } catch let error where RootCommand.exitCode(for: error) != .failure || error is ExitCode {
        return report(RootCommand.unknownCommand(in: arguments) ?? error)
      }
    } catch {
      Output.fail(error)
      return EXIT_FAILURE
    }
    return EXIT_SUCCESS
  }

  /// Prints the parser's message, which may be the help.
  ///
  /// - Returns: the status that goes with it.
  private static func report(_ error: any Error) -> Int32 {
    let status = RootCommand.exitCode(for: error).rawValue
    let message = RootCommand.fullMessage(for: error)
    if !message.isEmpty { Output.pass(message + "\n", to: status == EXIT_SUCCESS ? STDOUT_FILENO : STDERR_FILENO) }
    return status
  }

  /// Does what `arguments`, the program's name left out, ask for, unless that is help. Errors are thrown.
  package static func run(_ arguments: [String], with catalog: Catalog) throws {
    guard let command = try RootCommand.parseAsRoot(RootCommand.completed(arguments)) as? any CatalogCommand else {
      return
    }
    try catalog.refuseMistakes()
    try command.runReadingRobot(with: catalog)
  }
}

extension Catalog {
  /// Throws what is wrong with the catalog itself.
  fileprivate func refuseMistakes() throws {
    if let mistake { throw CommandError("the catalog: \(mistake)") }
  }
}
