import ArgumentParser
import Environments
import Learning
import Networks
import Reporting
import Robotics
import Storage
import Training

/// Evaluates a policy over episodes that no training sees.
struct EvaluateCommand: RobotCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluates a policy over many episodes.",
    discussion: """
      Name the robot, a policy or both. With a robot alone, the trained policy that comes with it is used; a policy file \
      contains the name of its robot. The 95 % interval of a mean is a percentile bootstrap of \(Statistics.resamples) \
      resamples with a fixed seed, that of a share is Wilson's score interval. The same seed gives the same figures on any \
      number of threads.

      --robustness increases one disturbance at a time until fewer than half of the episodes succeed: pushes (a change of the \
      whole robot's velocity in a random horizontal direction every 5 s), ground friction, all masses, the gains and limits \
      of the motors, the delay from an action to its effect, and sensor noise (its standard deviation as a share of that of \
      each observation). The table is saved as robustness.csv in the run directory, if --policy names one, or as \
      --robustness-out.

      --replay writes a web page that plays the best, the median and the worst episode, with reward, joints, torques and \
      contacts beside the picture. The page is a single file. With --stochastic the actions on it are other samples, from the same \
      starts.
      """)

  @OptionGroup var robot: RobotChoice

  @Option(help: "A policy file, a run directory (its best policy), or a policy the robot comes with, such as zero.")
  var policy: String?

  @Option(
    parsing: .unconditional,
    help: "Number of episodes, also for each disturbance. (default: 100, or 50 with --robustness)")
  var episodes: String?

  @Option(parsing: .unconditional, help: "Seed of the starts. (default: 0)")
  var seed: String?

  @Flag(help: "Sample actions as in training; without it a trained policy takes the mean action.")
  var stochastic = false

  @Option(parsing: .unconditional, help: "Threads to use. (default: all processors)")
  var threads: String?

  @Flag(help: "Measure how much disturbance the policy tolerates.")
  var robustness = false

  @Option(help: ArgumentHelp("File for the table of --robustness.", valueName: "file.csv"))
  var robustnessOut: String?

  @Option(help: ArgumentHelp("File for a page that plays episodes.", valueName: "file.html"))
  var replay: String?

  @Flag(help: "Print a JSON document.")
  var json = false

  var subject: String? { policy }

  func run(with catalog: Catalog) throws {
    let episodes = try OptionText.episodes(episodes, usually: robustness ? 50 : 100)
    let seed = try OptionText.evaluationSeed(seed)
    let threads = try OptionText.threads(threads)
    guard robustness || robustnessOut == nil else {
      throw CommandError("--robustness-out says where the table of --robustness goes; give --robustness as well")
    }
    let subject = try PolicySource.find(
      robot: robot.chosen(), policy: policy, in: catalog, stochastic: stochastic, notify: Output.show)
    if robustness { try Robustness.check(subject.entry) }
    if replay != nil { try Replay.check(subject.entry) }
    let workers = Workers(threads: threads)
    let evaluator = Evaluator(entry: subject.entry, workers: workers)
    guard let evaluation = try evaluator.evaluate(subject.policy, episodes: episodes, seed: seed, for: .evaluation)
    else { return }
    var report = try evaluator.report(on: evaluation, policy: subject.name, seed: seed)
    if !json { Output.print(report.text) }
    if let replay {
      let page = try Replay.page(of: subject.policy, named: subject.name, by: evaluator, report: report)
      try AtomicFile.write(page, to: replay)
      Output.note("\(replay): the best, the median and the worst episode; open it in a browser")
    }
    guard robustness else {
      if json { Output.print(report.json.document) }
      return
    }
    let terminal = Terminal.standardError()
    let found = try Robustness(of: subject.policy, for: subject.entry, nominal: evaluation, seed: seed, on: workers) {
      if terminal.isInteractive { Output.draw("\r\($0)\u{1B}[K") }
    }
    if terminal.isInteractive { Output.draw("\r\u{1B}[K") }
    report.robustness = found
    Output.print(json ? report.json.document : "\n\(found.table)\n\n\(found.sentences)")
    if let path = robustnessOut ?? runDirectory(of: subject).map({ "\($0)/robustness.csv" }) {
      try AtomicFile.write(Array(found.csv.utf8), to: path)
      Output.note("The table is saved in \(path)")
    }
  }

  /// The run directory that `--policy` names, if it does.
  private func runDirectory(of subject: PolicySource.Subject) -> String? {
    // A policy that the robot comes with goes by its own name, whatever folders there are.
    guard let policy, policy != subject.name, Files.kind(at: policy) == .folder else { return nil }
    return Files.withoutTrailingSlash(policy)
  }
}
