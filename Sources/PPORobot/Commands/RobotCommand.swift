import Robotics
import Training

/// A command about a robot, which may be one of the catalog or come from a file.
protocol RobotCommand: CatalogCommand {
  var robot: RobotChoice { get set }
  /// A run directory or a policy whose robot the command is about where none is named; nil for none.
  var subject: String? { get }
}

extension CatalogCommand {
  /// Runs the command with the robots of a catalog, and the one of the file that it names, if it does.
  func runReadingRobot(with catalog: Catalog) throws {
    guard var command = self as? any RobotCommand else { return try run(with: catalog) }
    try command.runReadingFile(with: catalog)
  }
}

extension RobotCommand {
  var subject: String? { nil }

  fileprivate mutating func runReadingFile(with catalog: Catalog) throws {
    let path = try robot.chosen()
    guard let path, catalog[path] == nil, RobotSource.isFile(path) else {
      try robot.refuseFileOptions()
      // A name of the catalog goes before what a run has kept.
      guard path.map({ catalog[$0] == nil }) ?? true, let subject,
        let kept = try RobotSource.entry(keptFor: subject)
      else { return try run(with: catalog) }
      return try run(with: catalog.replacing(with: kept))
    }
    let entry = try RobotSource.entry(
      .init(path: path, sidecar: robot.robotConfig, task: robot.task, base: robot.base), notify: Output.show)
    robot.choose(entry.name)
    try run(with: catalog.replacing(with: entry))
  }
}
