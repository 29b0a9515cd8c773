import ArgumentParser
import Learning
import Reporting
import Robotics
import Storage
import Training

/// Trains a policy for a robot.
struct TrainCommand: RobotCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a policy for a robot.",
    discussion: """
      Everything is written into a run directory: runs/ROBOT/TIME, or --run-dir. Ctrl-C (SIGINT) or SIGTERM saves and ends a \
      training after the present iteration; the exit status is then 130 or 143, and a second signal ends it at once. \
      --resume continues a run from its last checkpoint; the result is the same, to the bit, as without the interruption. \
      'tensorboard --logdir runs' shows the curves.

      Lines that begin with 'Doctor:' report what is wrong with a training and which setting to change: once it has lasted for \
      some iterations, and at the end if it still does.

      Settings, in the order in which later ones win: defaults, the robot's preset, --config, --set, other options.

      The learners: \(LearnerKind.all.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ")).

      Those of the learner '\(shownKind.name)'; --learner NAME --help shows another's:

      \(TrainingKey.help(for: shownKind))
      """)

  /// The learner whose settings the help shows: the one that the command line names.
  private static var shownKind: LearnerKind {
    let arguments = CommandLine.arguments
    let following = arguments.firstIndex(of: "--learner").map { arguments.index(after: $0) }
    let joined = arguments.first { $0.hasPrefix("--learner=") }.map { String($0.dropFirst("--learner=".count)) }
    let name = following.flatMap { $0 < arguments.endIndex ? arguments[$0] : nil } ?? joined
    return name.flatMap(LearnerKind.named) ?? .standard
  }

  @OptionGroup var robot: RobotChoice

  @Option(
    parsing: .unconditional, help: "Env steps in total, rounded up to whole iterations; more of them extend a run.")
  var steps: String?

  @Option(help: "The algorithm that improves the policy: \(LearnerKind.all.map(\.name).joined(separator: ", ")).")
  var learner: String?

  @Option(parsing: .unconditional, help: "Envs that are simulated at the same time.")
  var envs: String?

  @Option(parsing: .unconditional, help: "Threads to use; no result depends on it.")
  var threads: String?

  @Option(parsing: .unconditional, help: "Seed of all random numbers.")
  var seed: String?

  @Option(help: "Several seeds, trained one after another into seed-1, seed-2, … of the run directory: 1-5, or 1,2,7.")
  var seeds: String?

  @Option(help: "The run directory; without --resume it must not exist, or be empty.")
  var runDir: String?

  @Flag(help: "Continue the run in --run-dir, or the latest one of the robot, with its own settings.")
  var resume = false

  @Flag(
    help:
      "With --resume: start a run if there is none to continue, for scripts that restart trainings.")
  var orStart = false

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "A trained policy to start from: a policy file, a run directory (its best policy), or trained. Its value network and "
        + "its learning rate are taken over; the policy of another robot can be used if its observations and actions match."
    ))
  var initial: String?

  @Option(help: "A YAML file with settings.")
  var config: String?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("One setting; can be given several times.", valueName: "key=value"))
  var assignments: [String] = []

  @Flag(help: "End early once an evaluation, and then a full one on new starts, reach the robot's goal.")
  var untilSolved = false

  @Flag(help: "Print all settings, as a file that --config takes, and do nothing else.")
  var printConfig = false

  @Option(
    help: ArgumentHelp(
      "Show the training on a page in the browser, on this port. (default: the first that is free from 8080 on)",
      valueName: "port"))
  var watch: String?

  @Option(help: "The host name or address of that page; 0.0.0.0 opens it to the network. (default: 127.0.0.1)")
  var watchHost: String?

  @Flag(help: "Show no progress.")
  var quiet = false

  @Flag(help: "Print one JSON line per iteration.")
  var json = false

  var subject: String? { resume ? runDir : nil }

  func run(with catalog: Catalog) throws {
    let request = try request()
    guard let seeds = try seeds.map(OptionText.seeds) else {
      if resume, !orStart, try RunSearch.run(at: runDir, robot: request.robot) == nil { throw nothingToResume(request) }
      let plan = try TrainingPlan(request, in: catalog, notify: Output.show)
      if printConfig { return printSettings(of: plan) }
      let outcome = try withDisplay(in: catalog) { try train(plan, showing: $0) }
      if case .interrupted = outcome { throw stopped }
      return
    }
    guard seed == nil else { throw CommandError("--seed and --seeds exclude each other; give one of them") }
    let begun = try resume ? RunSearch.set(at: runDir, robot: request.robot) : nil
    if resume, !orStart, begun == nil { throw nothingToResume(request) }
    // Before anything is written.
    let first = try TrainingPlan(
      SeedRuns.request(request, for: seeds[0], in: begun), in: catalog, notify: Output.show)
    if printConfig { return printSettings(of: first) }
    let outcome = try withDisplay(in: catalog) { display in
      let folder = try begun ?? seedsFolder(for: first.entry.name)
      return try SeedRuns.train(seeds, in: folder) { seed in
        let request = try SeedRuns.request(request, for: seed, in: folder)
        return try train(TrainingPlan(request, in: catalog, notify: Output.show), showing: display)
      }
    }
    switch outcome {
    case .completed(let summary): present(summary)
    case .interrupted: throw stopped
    }
  }

  private func nothingToResume(_ request: TrainingRequest) -> CommandError {
    CommandError(
      RunSearch.nothing(at: runDir, robot: request.robot) + "; name one with --run-dir, or give --or-start to start one"
    )
  }

  /// The exit status after a signal, as shells expect it.
  private var stopped: ExitCode { ExitCode(128 + (StopRequest.signal ?? 0)) }

  private func printSettings(of plan: TrainingPlan) {
    Output.print(SettingsFile.text(of: plan.settings, robot: plan.entry.name), terminator: "")
  }

  private func train(_ plan: TrainingPlan, showing display: any ProgressDisplay) throws -> TrainingOutcome {
    var training = try Training(plan, observer: display, stop: StopRequest.Signal(), replayPage: Replay.page)
    StopRequest.listen()
    do {
      let outcome = try training.run()
      display.finish(outcome)
      return outcome
    } catch {
      display.clear()
      throw error
    }
  }

  /// Calls `body` with what shows its progress, on a page as well if there is one.
  private func withDisplay<Outcome>(
    in catalog: Catalog, _ body: (any ProgressDisplay) throws -> Outcome
  ) throws -> Outcome {
    let server = try watchServer()
    defer { server?.close() }
    let display: any ProgressDisplay =
      if json { JSONProgress() } else if quiet { QuietProgress() } else { HumanProgress(on: .standardError()) }
    guard let server else { return try body(display) }
    return try body(WatchedProgress(display) { server.show($0, in: catalog) })
  }

  /// Makes the folder of a new set of runs; with --or-start a start that was cut short may have made it already.
  private func seedsFolder(for robot: String) throws -> String {
    guard resume, let runDir else { return try RunDirectory.createFolder(at: runDir, robot: robot) }
    let folder = try RunDirectory.trimmed(runDir)
    try Files.createFolder(folder)
    return folder
  }

  private func present(_ summary: SeedSummary) {
    guard json else { return Output.print("\n\(summary.text)") }
    guard case .object(let members) = summary.json else { return }
    Output.print(JSON.object([("event", .text("done"))] + members).line)
  }

  /// The page's server, if there is to be one.
  private func watchServer() throws -> WatchServer? {
    guard watch != nil || watchHost == nil else {
      throw CommandError("--watch-host is where the page of --watch is; give --watch as well")
    }
    return try watch.map { try WatchServer(at: ServerAddress(host: watchHost, port: $0, option: "--watch")) }
  }

  private func request() throws -> TrainingRequest {
    guard resume || !orStart else {
      throw CommandError("--or-start says what --resume does where there is no run; give --resume as well")
    }
    var options = [("learner", learner), ("steps", steps), ("envs", envs), ("threads", threads), ("seed", seed)]
      .compactMap { key, text in
        text.map { TrainingSettings.Assignment(key: key, text: $0, name: "--\(key)") }
      }
    if untilSolved { options.append(.init(key: "until_solved", text: "true", name: "--until-solved")) }
    var request = TrainingRequest()
    request.robot = try robot.chosen()
    request.folder = runDir
    request.isResumed = resume
    request.mayStart = orStart
    request.file = config
    request.assignments = assignments
    request.options = options
    request.initial = initial
    return request
  }
}
