import ArgumentParser
import Robotics
import Training

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
