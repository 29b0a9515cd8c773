import ArgumentParser
import Robotics
import Training

/// The command itself; its subcommands do the work.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Program.name,
    abstract: "Trains and evaluates controllers for simulated robots.",
    version: "ppo-robot \(Program.version)",
    subcommands: [
      TrainCommand.self, WatchCommand.self, PlotCommand.self, EvaluateCommand.self, CompareCommand.self,
      RenderCommand.self, PlayCommand.self,
      ListCommand.self, CheckCommand.self, DescribeCommand.self, NewCommand.self, BenchmarkCommand.self,
      RerunCrashCommand.self,
    ])

  /// The arguments with a port behind every `--watch` without one.
  static func completed(_ arguments: [String]) -> [String] {
    arguments.enumerated().map { i, argument in
      let isAlone = i + 1 == arguments.count || arguments[i + 1].hasPrefix("-")
      return argument == "--watch" && isAlone ? "--watch=\(ServerAddress.anyPort)" : argument
    }
  }

  /// A better message than the parser's own where the first argument should be a command and is not.
  static func unknownCommand(in arguments: [String]) -> ValidationError? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    let aliases = configuration.subcommands.flatMap { $0.configuration.aliases }
    guard let word = arguments.first, !word.hasPrefix("-"), !(names + aliases + ["help"]).contains(word) else {
      return nil
    }
    let hint = NearestName.suggestion(for: word, among: names).map { "did you mean '\($0)'? " } ?? ""
    return ValidationError("unknown command \(quoted(word)); \(hint)the commands are \(names.joined(separator: ", "))")
  }
}

/// A command that works with the robots of a catalog.
protocol CatalogCommand: ParsableCommand {
  func run(with catalog: Catalog) throws
}
