import ArgumentParser
import RobotFiles
import Robotics
import Training

/// The robot that a command is about.
struct RobotChoice: ParsableArguments {
  @Argument(help: "The robot's name ('\(Program.name) list' prints them), or a URDF or MJCF file.")
  var name: String?

  @Option(name: .customLong("robot"), help: ArgumentHelp("The same as an option.", valueName: "name"))
  var option: String?

  @Option(help: ArgumentHelp("What a robot from a file is to do: \(tasks).", valueName: "name"))
  var task: String?

  @Option(
    help: ArgumentHelp("What the root of a robot from a file can do: floating, fixed or planar.", valueName: "kind"))
  var base: String?

  @Option(
    help: ArgumentHelp(
      "The sidecar of a robot from a file. (default: the .yaml file of its name beside it)", valueName: "file.yaml"))
  var robotConfig: String?

  private static let tasks = DerivedTask.allCases.map(\.rawValue).joined(separator: ", ")

  /// The name, if one was given.
  func chosen() throws -> String? {
    guard let name else { return option }
    if let option, option != name {
      throw CommandError("the robot is \(quoted(name)) and, by --robot, \(quoted(option)); give one of them")
    }
    return name
  }

  /// Chooses a robot by name.
  mutating func choose(_ robot: String) {
    name = robot
    option = nil
  }

  /// Throws where an option is given that only a robot from a file takes.
  func refuseFileOptions() throws {
    for (option, value) in [("--task", task), ("--base", base), ("--robot-config", robotConfig)] where value != nil {
      throw CommandError("\(option) is for a robot from a file; give --robot the path of a URDF or MJCF file")
    }
  }

  /// The name, where there must be one.
  func required(in catalog: Catalog) throws -> String {
    guard let name = try chosen() else {
      throw CommandError("no robot is named; the robots are \(catalog.names.joined(separator: ", "))")
    }
    return name
  }
}
