import ArgumentParser
import Environments
import Reporting
import Robotics
import Storage
import Training

/// Checks a robot before it is trained.
struct CheckCommand: RobotCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Reports what is wrong with a robot and its task.",
    discussion: """
      Drops the robot, loads its joints, lets it carry its own weight, compares left and right, examines its starts, compares \
      steps with their mirror images, and runs episodes of zero, random and extreme actions to examine observations, rewards, \
      endings and repeatability. It takes seconds. An env without a simulated robot gets the checks that apply to it.

      A note is worth a look, a warning is likely to impair the training, an error must be corrected. The exit status is 1 if \
      there is an error.

      --policy evaluates a policy as 'evaluate' does, then again with half the physics step, and warns of figures that \
      change by more than \(NumberText.short(100 * StepHalving.tolerance)) %: such a policy exploits the step.
      """)

  @OptionGroup var robot: RobotChoice

  @Option(help: "A policy file, a run directory, or the name of a policy that the robot comes with.")
  var policy: String?

  @Option(parsing: .unconditional, help: "Episodes at each step, with --policy. (default: 100)")
  var episodes: String?

  @Option(parsing: .unconditional, help: "Seed of the starts of --policy. (default: 0)")
  var seed: String?

  @Flag(help: "Print a JSON document.")
  var json = false

  var subject: String? { policy }

  func run(with catalog: Catalog) throws {
    let name = try robot.required(in: catalog)
    let entry = try catalog.entry(named: name)
    let report = CheckReport(
      robot: name, findings: RobotCheck.findings(of: entry), halving: try halving(of: entry, in: catalog))
    let design = try DesignReport(of: entry)
    if json {
      guard case .object(let members) = report.json else { return }
      Output.print(JSON.object(members + (design.map { [("design", $0.json)] } ?? [])).document)
    } else {
      if let design { Output.print(design.text + "\n") }
      Output.print(report.text)
    }
    if !report.isSound { throw ExitCode.failure }
  }

  private func halving(of entry: Catalog.Entry, in catalog: Catalog) throws -> StepHalving? {
    guard let policy else {
      guard episodes == nil, seed == nil else {
        throw CommandError("--episodes and --seed say how --policy is evaluated; give --policy as well")
      }
      return nil
    }
    let subject = try PolicySource.find(
      robot: entry.name, policy: policy, in: catalog, stochastic: false, notify: Output.show)
    let halving = try StepHalving(
      of: subject.policy, for: entry, episodes: try OptionText.episodes(episodes),
      seed: try OptionText.evaluationSeed(seed), on: Workers(threads: Host.processors))
    guard let halving else {
      throw CommandError(
        "no physics engine steps robot '\(entry.name)', so there is no step to halve; leave --policy out")
    }
    return halving
  }
}
