import ArgumentParser
import Robotics

/// Tells what it takes to run a policy outside.
struct DescribeCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Tells all that a controller outside needs to act as a policy does.",
    discussion: """
      Observations with their order, units and scales, the normaliser, the network, and what each action commands: its \
      unit, scale and rest, and the gains, limits and stops of what carries it out. The policy file holds all of it, the \
      weights as tensors policy.<layer>.weight and .bias; --weights puts them into the JSON document as well.

      Give --policy, or the robot alone for the policy that comes with it.
      """)

  @Option(help: "A policy file or a run directory (its best policy).")
  var policy: String?

  @OptionGroup var robot: RobotChoice

  @Flag(help: "Tell the network's weights in the JSON document.")
  var weights = false

  @Flag(help: "Print a JSON document.")
  var json = false

  func run(with catalog: Catalog) throws {
    guard json || !weights else {
      throw CommandError("--weights puts weights into the JSON document; give --json as well")
    }
    let (file, _) = try PolicySource.trainedFile(robot: robot.chosen(), policy: policy, in: catalog)
    let description = try ControllerDescription(file, of: catalog[file.robot])
    Output.print(json ? description.json(weights: weights).document : description.text)
  }
}
