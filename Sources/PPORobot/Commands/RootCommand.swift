import ArgumentParser
import Robotics

/// The command itself; its subcommands do the work.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Program.name,
    abstract: "Trains and evaluates controllers for simulated robots.",
    version: "ppo-robot \(PPORobot.version)",
    subcommands: [
      TrainCommand.self, WatchCommand.self, PlotCommand.self, EvaluateCommand.self, CompareCommand.self,
      RenderCommand.self, PlayCommand.self,
      ListCommand.self, CheckCommand.self, DescribeCommand.self, NewCommand.self, BenchmarkCommand.self,
      ReplayCrashCommand.self,
    ])

  /// What stands for the port where `--watch` names none.
  static let anyPort = "any"

  /// The arguments with a port behind every `--watch` that stands alone.
  static func completed(_ arguments: [String]) -> [String] {
    arguments.enumerated().map { i, argument in
      let isAlone = i + 1 == arguments.count || arguments[i + 1].hasPrefix("-")
      return argument == "--watch" && isAlone ? "--watch=\(anyPort)" : argument
    }
  }

  /// A better message than the parser's own where the first argument should be a command and is not.
  static func unknownCommand(in arguments: [String]) -> ValidationError? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let word = arguments.first, !word.hasPrefix("-"), !(names + ["help"]).contains(word) else {
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

extension Catalog {
  /// The entry of that name.
  ///
  /// - Throws: `CommandError` with the nearest name and all others.
  public func entry(named name: String) throws -> Entry {
    if let entry = self[name] { return entry }
    guard !names.isEmpty else { throw CommandError("unknown robot \(quoted(name)); the catalog is empty") }
    // The robot stands where other programs expect a file.
    guard Files.kind(at: name) == .nothing else {
      throw CommandError("unknown robot \(quoted(name)); --policy takes files and run directories")
    }
    let hint = NearestName.suggestion(for: name, among: names).map { "did you mean '\($0)'? " } ?? ""
    throw CommandError("unknown robot \(quoted(name)); \(hint)the robots are \(names.joined(separator: ", "))")
  }
}

/// The robot that a command is about.
struct RobotChoice: ParsableArguments {
  @Argument(help: "The robot's name; '\(Program.name) list' prints them.")
  var name: String?

  @Option(name: .customLong("robot"), help: ArgumentHelp("The same as an option.", valueName: "name"))
  var option: String?

  /// The name, if one was given.
  func chosen() throws -> String? {
    guard let name else { return option }
    if let option, option != name {
      throw CommandError("the robot is \(quoted(name)) and, by --robot, \(quoted(option)); give one of them")
    }
    return name
  }

  /// The name, where there must be one.
  func required(in catalog: Catalog) throws -> String {
    guard let name = try chosen() else {
      throw CommandError("no robot is named; the robots are \(catalog.names.joined(separator: ", "))")
    }
    return name
  }
}

/// Options whose text is checked like settings, so that all complaints read alike.
enum OptionText {
  static func whole(_ text: String, for option: String, in range: ClosedRange<Int>) throws -> Int {
    guard let value = SettingKind.whole(text), range.contains(value) else {
      throw CommandError("\(option) is \(quoted(text)); it must be \(SettingKind.whole(range).expectation)")
    }
    return value
  }

  static func number(_ text: String, for option: String, in range: NumberRange) throws -> Double {
    guard let value = SettingKind.number(text), range.contains(value) else {
      throw CommandError("\(option) is \(quoted(text)); it must be \(SettingKind.number(range).expectation)")
    }
    return value
  }

  /// `--threads`, or all processors.
  static func threads(_ text: String?) throws -> Int {
    try text.map { try whole($0, for: "--threads", in: 1...1_024) } ?? Host.processors
  }

  /// `--episodes` of what evaluates policies, or `usual` where it is not given.
  static func episodes(_ text: String?, usually usual: Int = 100) throws -> Int {
    try text.map { try whole($0, for: "--episodes", in: 1...1_000_000) } ?? usual
  }

  /// `--seed` of what evaluates policies.
  static func judgementSeed(_ text: String?) throws -> UInt64 {
    guard let text else { return EvaluateCommand.defaultSeed }
    guard let value = SettingKind.seed(text) else {
      throw CommandError("--seed is \(quoted(text)); it must be \(SettingKind.seed.expectation)")
    }
    return value
  }
}
