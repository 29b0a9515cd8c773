import ArgumentParser
import Reporting
import Robotics
import Storage
import Training

/// Tells what it takes to run a policy outside.
struct DescribeCommand: RobotCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Prints everything that a controller on a machine needs to reproduce a policy.",
    discussion: """
      Observations with their order, units and scales, the normalizer, the network, and what each action commands: its unit, \
      scale and rest position, and the gains, limits and stops of its actuator. The policy file contains the same, with the \
      weights as tensors policy.<layer>.weight and .bias; --weights adds them to the JSON document.

      Give --policy, or the robot alone for the policy that comes with it.
      """)

  @Option(help: "A policy file or a run directory (its best policy).")
  var policy: String?

  @OptionGroup var robot: RobotChoice

  @Flag(help: "Include the network's weights in the JSON document.")
  var weights = false

  @Flag(help: "Print a JSON document.")
  var json = false

  var subject: String? { policy }

  func run(with catalog: Catalog) throws {
    guard json || !weights else {
      throw CommandError("--weights puts weights into the JSON document; give --json as well")
    }
    let (file, _) = try PolicySource.trainedFile(
      robot: robot.chosen(), policy: policy, in: catalog, notify: Output.show)
    let description = try ControllerDescription(file, of: catalog[file.robot])
    Output.print(json ? description.json(weights: weights).document : description.text)
  }
}
