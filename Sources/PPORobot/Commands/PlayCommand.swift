import ArgumentParser
import Reporting
import Robotics
import Training

/// Lets a user drive and push a robot in the browser.
struct PlayCommand: RobotCommand {
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: "Drives and pushes a robot in the browser in real time.",
    discussion: """
      Name the robot, a policy or both, as for evaluate. Only this machine can open the page. A robot that follows commanded \
      speeds is steered by keyboard (W, S or up, down: forward, back; A, D or left, right: sideways; Q, E: turning; shift \
      for half the speed) or by a gamepad's sticks; every robot is pushed by dragging one of its links with the mouse. \
      After a fall the next episode starts. The simulation pauses while no page is open. Ctrl-C (SIGINT) or SIGTERM ends it.
      """)

  @OptionGroup var robot: RobotChoice

  @Option(help: "A policy file, a run directory (its best policy), or a policy the robot comes with, such as zero.")
  var policy: String?

  @Option(help: "The port of the page. (default: the first that is free from 8080 on)")
  var port: String?

  @Option(parsing: .unconditional, help: "Seed of the first start. (default: 0)")
  var seed: String?

  var subject: String? { policy }

  func run(with catalog: Catalog) throws {
    let robot = try robot.chosen()
    guard robot != nil || policy != nil else {
      throw CommandError("nothing to play; give --robot NAME, --policy PATH or both")
    }
    let seed = try OptionText.evaluationSeed(seed)
    let place = try ServerAddress(host: nil, port: port, option: "--port")
    let subject = try PolicySource.find(
      robot: robot, policy: policy, in: catalog, stochastic: false, notify: Output.show)
    guard let live = try subject.entry.makeLive(subject.policy) else {
      throw ReportingError.nothingToShow(of: subject.entry)
    }
    StopRequest.listen()
    let server = try PlayServer(
      PlaySession(live, seed: seed), at: place, robot: subject.entry.name,
      subtitle: "\(subject.entry.summary); policy \(subject.name)")
    Output.note("Play: \(server.address)")
    server.run { StopRequest.signal != nil }
    server.close()
  }
}
