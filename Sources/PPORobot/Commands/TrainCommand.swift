import ArgumentParser
import Robotics

/// Trains a policy for a robot.
struct TrainCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a policy for a robot.",
    discussion: """
      Everything goes into a run directory: runs/ROBOT/TIME, or the one given by --run-dir. Ctrl-C (SIGINT) or SIGTERM \
      ends a training after the iteration under way by saving; the exit status is then 130 or 143, and a second signal \
      ends it at once. 'tensorboard --logdir runs' shows the curves.

      Lines that begin with 'Doctor:' tell what is wrong with a training, and which setting to change; they come when it \
      has lasted for some iterations, and at the end if it still does.

      Settings, in the order in which later ones win: defaults, the robot's preset, --config, --set, other options.

      \(SettingKey.help)
      """)

  @Option(help: "The robot's name; 'ppo-robot list' tells them.")
  var robot: String

  @Option(parsing: .unconditional, help: "Env steps in total, rounded up to whole iterations.")
  var steps: String?

  @Option(parsing: .unconditional, help: "Envs that are stepped side by side.")
  var envs: String?

  @Option(parsing: .unconditional, help: "Threads to work with; no result depends on it.")
  var threads: String?

  @Option(parsing: .unconditional, help: "Source of all that is random.")
  var seed: String?

  @Option(help: "The run directory; it must not exist, or be empty.")
  var runDir: String?

  @Option(help: "A YAML file with settings.")
  var config: String?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("One setting; may stand several times.", valueName: "key=value"))
  var assignments: [String] = []

  @Flag(help: "End early once an evaluation on the way, and then a full one on new starts, reaches the robot's goal.")
  var untilSolved = false

  @Flag(help: "Show no progress.")
  var quiet = false

  @Flag(help: "Print one JSON line an iteration.")
  var json = false

  func run(with catalog: Catalog) throws {
    let entry = try catalog.entry(named: robot)
    let given = [("steps", steps), ("envs", envs), ("threads", threads), ("seed", seed)]
    let options = given.compactMap { key, text in
      text.map { TrainingSettings.Assignment(key: key, text: $0, name: "--\(key)") }
    }
    let settings = try TrainingSettings.resolved(
      for: entry, file: config, assignments: assignments, options: options)
    let display: any ProgressDisplay =
      if json { JSONProgress() } else if quiet { NoProgress() } else { HumanProgress.display(on: .standardError()) }
    let goal = untilSolved ? try entry.declaredGoal() : nil
    var training = try Training(of: entry, with: settings, until: goal)
    let folder = try RunDirectory.create(at: runDir, robot: entry.name)
    try training.run(in: folder, showing: display)
  }
}
