import ArgumentParser
import Robotics
import Training

/// Makes a package with a robot as a starting point.
struct NewCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Writes a package with a robot and a task to start from.",
    discussion: """
      The package is a command like this one with another robot in its catalog: a cart that balances a pole, which is \
      trained in seconds. Documentation/AddingARobot.md explains it.
      """)

  @Argument(help: "The name of the package, of its command and of the robot, such as my-robot.")
  var name: String

  @Option(help: ArgumentHelp("The folder that the package goes into.", valueName: "dir"))
  var at = "."

  @Option(
    help: ArgumentHelp(
      "The folder of ppo-robot's package, or the URL of its repository. (default: what this program was built from)",
      valueName: "path"))
  var framework: String?

  func run(with catalog: Catalog) throws {
    let package = NewPackage(
      name: try PackageName(name, besides: catalog.names), framework: try FrameworkSource(framework))
    let folder = try package.write(into: at)
    Output.print(
      """
      \(folder): \(package.files.map(\.path).joined(separator: ", "))
      Next: cd \(Shell.quoted(folder)) && swift run -c release \(name) check \(name)
      """)
  }
}
