import Foundation
import Learning
import Networks
import Physics
import Reporting
import Robotics
import Robots
import TestRuns
import Testing
import Training

struct PlaySessionTests {
  /// The part of a page's message that matters here.
  private struct Message: Decodable {
    let time: Double
    let episode: Int
    let ending: String?
    let poses: [Double]
    let quantities: [[Double?]]
  }

  private func session(_ robot: String, _ policy: String) throws -> PlaySession {
    let subject = try PolicySource.find(robot: robot, policy: policy, in: .standard, stochastic: false)
    return PlaySession(try #require(try subject.entry.makeLive(subject.policy)), seed: 0)
  }

  /// Lets `seconds` pass and gives the last message.
  private func last(of session: PlaySession, after seconds: Double, _ orders: [PlayRequest] = []) throws -> Message {
    var orders = orders
    var text: String?
    for _ in 0..<Int(seconds / session.interval) {
      text = session.advance(orders) ?? text
      orders = []
    }
    return try JSONDecoder().decode(Message.self, from: Data(try #require(text).utf8))
  }

  @Test func aRobotGoesWhereItIsSteered() throws {
    let session = try session("quadruped", "trained")
    let steered = try last(of: session, after: 3, [.steer(Steering(forward: 9, turning: -0.5))])
    // Within what it has learned.
    #expect(steered.quantities.map { $0[1] } == [1, 0, -0.5])
    #expect(abs(try #require(steered.quantities[0][0]) - 1) < 0.3)
    let standing = try last(of: session, after: 3, [.steer(.standing)])
    #expect(standing.quantities.map { $0[1] } == [0, 0, 0])
    #expect(abs(try #require(standing.quantities[0][0])) < 0.15)
    // Time goes on beyond an episode's 20 s, and a new start keeps the command.
    let late = try last(of: session, after: 20)
    #expect(late.episode == 1 && late.ending == nil && late.time > 25)
    let restarted = try last(of: session, after: 0.1, [.steer(Steering(sideways: 0.5)), .restart])
    #expect(restarted.episode == 2 && restarted.time < 0.15)
    #expect(restarted.quantities.map { $0[1] } == [0, 0.5, 0])
  }

  @Test func aPushMovesTheRobotThatWay() throws {
    for (change, axis) in [(Vector3(0, 1, 0), 1), (Vector3(-1, 0, 0), 0)] {
      let (pushed, left) = (try session("quadruped", "trained"), try session("quadruped", "trained"))
      let stand = PlayRequest.steer(.standing)
      for session in [pushed, left] { _ = try last(of: session, after: 1, [stand]) }
      let end = try last(of: pushed, after: 0.4, [.push(part: 0, change: change)])
      let still = try last(of: left, after: 0.4)
      let way = end.poses[axis] - still.poses[axis]
      #expect(way * change[axis] > 0.08)
    }
    // A part that there is not, and a push beyond all measure.
    let session = try session("quadruped", "trained")
    let end = try last(
      of: session, after: 0.2, [.push(part: 99, change: .unitX), .push(part: 1, change: [1e300, 0, 0])])
    #expect(end.poses.allSatisfy { $0.isFinite && abs($0) < 10 })
  }

  @Test func whoFallsStartsAnew() throws {
    let session = try session("biped", "zero")
    var message = try last(of: session, after: 0.1)
    while message.ending == nil { message = try last(of: session, after: 0.1) }
    #expect(message.ending == "fell" || message.ending == "touched")
    #expect(message.episode == 1)
    let restarted = try last(of: session, after: PlaySession.pause + 0.2)
    #expect(restarted.episode == 2 && restarted.ending == nil && restarted.time < 0.3)
  }

  @Test func whatIsBoltedDownStartsAnewWhenTimeIsOver() throws {
    let session = try session("reacher", "zero")
    let spec = try #require(Catalog.standard["reacher"]).spec()
    let seconds = Double(spec.episodeSteps) * spec.controlInterval
    #expect(try last(of: session, after: seconds + 0.1).ending == "truncated")
    #expect(try last(of: session, after: 1).episode == 2)
  }

  @Test func aPageKnowsWhatItCanSteer() throws {
    let text = { (robot: String) in try self.session(robot, "zero").document.line }
    #expect(
      try text("hexapod").contains(#""steering":{"forward":[-0.4,0.4],"sideways":[-0.2,0.2],"turning":[-0.5,0.5]}"#))
    #expect(try text("biped").contains(#""steering":null"#))
    #expect(try text("arm").contains(#""floats":false"#))
    #expect(try text("arm").contains(#""greatest_push":4"#))
    // An env that draws itself has nothing that a push could act on.
    #expect(try text("pendulum").contains(#""greatest_push":0"#))
  }

  @Test func mistakesAreTold() throws {
    let folder = try TemporaryFolder()
    for (arguments, complaint) in [
      (["play"], "nothing to play; give --robot NAME, --policy PATH or both"),
      (["play", "--robot", "quadruped", "--port", "99999"], "--port is '99999'"),
      (["play", "--robot", "quadruped", "--seed", "x"], "--seed is 'x'"),
    ] {
      let result = try Command.run(arguments, in: folder)
      #expect(result.status != 0)
      #expect(result.errors.contains(complaint))
    }
  }
}
