import ArgumentParser
import Robotics

/// Looks a robot over before anybody trains it.
struct CheckCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tells what is wrong with a robot and its task.",
    discussion: """
      Drops the robot, loads its joints, lets it carry its own weight, compares its left with its right, looks at its \
      starts, plays steps beside their mirror images, and plays with zero, random and extreme actions: what it observes, how \
      it is rewarded, how it ends, and whether the same seed gives the same bits. Takes seconds. What has no simulated robot \
      is checked as far as that goes.

      A note is worth a look, a warning is likely to spoil the training, an error is wrong. The exit status is 1 if there \
      is an error.
      """)

  @OptionGroup var robot: RobotChoice

  @Flag(help: "Print a JSON document.")
  var json = false

  func run(with catalog: Catalog) throws {
    let name = try robot.required(in: catalog)
    let report = CheckReport(robot: name, findings: RobotCheck.findings(of: try catalog.entry(named: name)))
    Output.print(json ? report.json.document : report.text)
    if !report.isSound { throw ExitCode.failure }
  }
}
