import Robotics
import Training

/// A command about a robot, which may be one of the catalog or come from a file.
protocol RobotCommand: CatalogCommand {
  var robot: RobotChoice { get set }
}

extension CatalogCommand {
  /// Runs the command with the robots of a catalog, and the one of the file that it names, if it does.
  func runReadingRobot(with catalog: Catalog) throws {
    guard var command = self as? any RobotCommand else { return try run(with: catalog) }
    try command.runReadingFile(with: catalog)
  }
}

extension RobotCommand {
  fileprivate mutating func runReadingFile(with catalog: Catalog) throws {
    guard let path = try robot.chosen(), catalog[path] == nil, RobotSource.isFile(path) else {
      try robot.refuseFileOptions()
      return try run(with: catalog)
    }
    let loaded = try RobotSource.robot(
      at: path, sidecar: robot.robotConfig, task: robot.task, base: robot.base)
    for warning in loaded.warnings { Output.show(.information("\(warning)")) }
    let entry = try loaded.entry()
    robot.choose(entry.name)
    try run(with: catalog.replacing(with: entry))
  }
}
