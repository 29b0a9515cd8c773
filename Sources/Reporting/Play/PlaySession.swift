import Environments
import Physics
import Robotics
import Storage
import Training

/// A robot that acts under a policy for a page of `ppo-robot play`, one control step after another.
///
/// After an episode has ended, its last frame stays for a moment, and then the next episode begins. An episode that only ran
/// out of time goes on where the robot can move about freely; where it is bolted to its place the next one begins.
package final class PlaySession {
  /// Seconds that an episode's last frame stays.
  package static let pause = 0.8
  /// The greatest change of velocity by which a page can push the robot, m/s.
  package static let greatestPush = 4.0
  /// Pictures a second that a page is sent at most.
  private static let pictureRate = 60.0

  private let robot: any LiveRobot
  private var seed: UInt64
  private var frame: Recording.Frame
  /// Control steps of the present episode, and episodes begun.
  private var steps = 0
  private var episodes = 0
  /// How the episode ended, and the control steps until the next one begins.
  private var ending: (name: String, stepsLeft: Int)?
  private var ticks = 0

  /// - Parameter seed: where the first episode's start is drawn from.
  package init(_ robot: any LiveRobot, seed: UInt64) {
    self.robot = robot
    self.seed = seed
    frame = robot.frame
    begin()
  }

  /// Seconds of a control step.
  package var interval: Double { robot.spec.controlInterval }

  private func begin() {
    robot.begin(seed: seed)
    frame = robot.frame
    seed &+= 1
    (steps, ending) = (0, nil)
    episodes += 1
  }

  /// Applies the requests of pages and takes a control step.
  ///
  /// - Returns: a message for the pages, where it is time for one.
  package func advance(_ requests: [PlayRequest]) -> String? {
    for request in requests { carryOut(request) }
    if let over = ending {
      if over.stepsLeft > 0 { ending?.stepsLeft -= 1 } else { begin() }
    } else {
      step()
    }
    ticks += 1
    return ticks % max(1, Int((1 / (Self.pictureRate * interval)).rounded())) == 0 ? message : nil
  }

  private func carryOut(_ request: PlayRequest) {
    switch request {
    case .steer(let steering): robot.steer(steering)
    case .restart: begin()
    case .push(let part, let change):
      guard ending == nil, part < frame.poses.count else { return }
      let length = change.length
      robot.push(part: part, by: (length > Self.greatestPush ? Self.greatestPush / length : 1) * robot.mass * change)
    }
  }

  private func step() {
    let ending = robot.step()
    if ending == .faulted {
      // The frame before is the last that shows anything.
      return finish(ending)
    }
    steps += 1
    frame = robot.frame
    if ending == .running || ending == .truncated && robot.isFloating { return }
    finish(ending)
  }

  private func finish(_ ending: Ending) {
    self.ending = (robot.spec.name(of: ending) ?? "", Int((Self.pause / interval).rounded()))
  }

  /// The present moment for the pages.
  private var message: String {
    JSON.object([
      ("time", Self.rounded(Double(steps) * interval)), ("episode", .whole(episodes)),
      ("ending", ending.map { .text($0.name) } ?? .null),
      ("poses", .array(frame.poses.flatMap { EpisodeDocument.numbers(of: $0).map(Self.rounded) })),
      (
        "markers",
        .array(
          frame.markers.map {
            .array([$0.position.x, $0.position.y, $0.position.z, $0.radius].map(Self.rounded))
          })
      ),
      (
        "quantities",
        .array(
          frame.readings.quantities.map { .array([Self.rounded($0.actual), $0.target.map(Self.rounded) ?? .null]) })
      ),
    ]).line
  }

  /// To a hundredth of a millimeter, so that a message stays short.
  private static func rounded(_ value: Double) -> JSON { .number((value * 1e5).rounded() / 1e5) }

  /// What a page must know before it is shown anything.
  package var document: JSON {
    var body = robot.body
    body.frames = [frame]
    return .object(
      EpisodeDocument.outline(of: body) + [
        ("steering", robot.steeringLimits.map(Self.limits) ?? .null),
        ("greatest_push", .number(robot.mass > 0 ? Self.greatestPush : 0)),
      ])
  }

  private static func limits(_ limits: SteeringLimits) -> JSON {
    .object([
      ("forward", .interval(limits.forward)), ("sideways", .interval(limits.sideways)),
      ("turning", .interval(limits.turning)),
    ])
  }
}
