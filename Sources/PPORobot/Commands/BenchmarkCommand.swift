import ArgumentParser
import Robotics
import Storage
import Training

/// Measures what a robot costs on this machine.
struct BenchmarkCommand: RobotCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measures how fast envs, policy, update and training are on this machine.",
    discussion: """
      Each figure is compared with what the machine can do in the same run: env steps and training with a bare loop of the \
      same physics, arithmetic with the peak rate of fused multiply-adds. Measurements alternate, and each figure is a \
      median. Nothing else should run meanwhile. The default robot is the biped.
      """)

  @OptionGroup var robot: RobotChoice

  @Option(parsing: .unconditional, help: "Maximum number of threads. (default: all processors)")
  var threads: String?

  @Option(parsing: .unconditional, help: "Seconds for each comparison, of at least four rounds. (default: 3)")
  var seconds: String?

  @Flag(help: "Compare other solvers and steps for the robot's physics with its own instead: speed and errors.")
  var physics = false

  @Flag(help: "Print a JSON document.")
  var json = false

  func run(with catalog: Catalog) throws {
    let entry = try catalog.entry(named: try robot.chosen() ?? "biped")
    let threads = try OptionText.threads(threads)
    let seconds = try seconds.map { try OptionText.number($0, for: "--seconds", in: .from(0, to: 3_600)) } ?? 3
    if physics {
      guard let study = entry.physicsStudy else {
        throw CommandError("robot '\(entry.name)' has no physics engine whose settings could be compared")
      }
      let report = try PhysicsReport(of: entry, study, seconds: seconds)
      return Output.print(json ? report.json.document : report.text)
    }
    let report = try Benchmark(of: entry, threads: threads, seconds: seconds).run()
    Output.print(json ? report.json.document : report.text)
  }
}
