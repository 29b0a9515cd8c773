import ArgumentParser
import Robotics

/// Measures what a robot costs on this machine.
struct BenchmarkCommand: CatalogCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measures how fast envs, policy, update and training are on this machine.",
    discussion: """
      Everything is held against what the machine can do in the same run: env steps and training against a bare loop of \
      the same physics, arithmetic against the peak of fused multiply-adds. What is compared takes turns, and every \
      figure is a median. Let nothing else run meanwhile. Without a robot it is the biped that is measured.
      """)

  @OptionGroup var robot: RobotChoice

  @Option(parsing: .unconditional, help: "The most threads to measure with. (default: all processors)")
  var threads: String?

  @Option(parsing: .unconditional, help: "Seconds for each comparison; four turns are taken at least. (default: 3)")
  var seconds: String?

  @Flag(help: "Instead, hold other ways to step the robot's physics against its own: their gain and their errors.")
  var physics = false

  @Flag(help: "Print a JSON document.")
  var json = false

  func run(with catalog: Catalog) throws {
    let entry = try catalog.entry(named: try robot.chosen() ?? "biped")
    let threads = try OptionText.threads(threads)
    let seconds = try seconds.map { try OptionText.number($0, for: "--seconds", in: .from(0, to: 3_600)) } ?? 3
    if physics {
      guard let study = entry.physicsStudy else {
        throw CommandError("robot '\(entry.name)' has no physics engine whose ways could be compared")
      }
      let report = try PhysicsReport(of: entry, study, seconds: seconds)
      return Output.print(json ? report.json.document : report.text)
    }
    let report = try Benchmark(of: entry, threads: threads, seconds: seconds).run()
    Output.print(json ? report.json.document : report.text)
  }
}
