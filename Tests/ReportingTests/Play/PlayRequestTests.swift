import Environments
import Foundation
import Physics
import Reporting
import Robotics
import Robots
import TestRuns
import Testing
import Training

struct PlayOrderTests {
  @Test func ordersAreRead() {
    #expect(PlayRequest("steer 0.5 -0.25 1e-1") == .steer(Steering(forward: 0.5, sideways: -0.25, turning: 0.1)))
    #expect(PlayRequest("push 3 1 -2 0.5") == .push(part: 3, change: Vector3(1, -2, 0.5)))
    #expect(PlayRequest("restart") == .restart)
  }

  @Test(arguments: [
    "", " ", "steer", "steer 1 2", "steer 1 2 3 4", "steer nan 0 0", "steer inf 0 0", "steer 1e999 0 0", "steer 1  2 3",
    "steer 1 2 x", "push 1 2 3", "push -1 0 0 0", "push 0.5 0 0 0", "push 99999999999999999999 0 0 0", "push 1 0 0 nan",
    "restart 1", "Restart", "restart\n", "stop",
  ])
  func allElseIsNothing(_ text: String) { #expect(PlayRequest(text) == nil) }

  /// Whatever a page sends, the robot goes on, and every message shows numbers.
  @Test(arguments: ["quadruped", "biped", "cartpole", "pusher"])
  func ordersThatNoPageSends(_ robot: String) throws {
    let subject = try PolicySource.find(robot: robot, policy: nil, in: .standard, stochastic: false)
    let session = PlaySession(try #require(try subject.entry.makeLive(subject.policy)), seed: 0)
    var random = Random(seed: 5)
    let numbers = ["0", "-0", "1", "-4", "1e308", "-1e308", "1e-320", "4e18", "0x1p1023", "nan", "inf", "x", "", "9"]
    let names = ["steer", "push", "push", "restart", "stop"]
    var messages = 0
    for _ in 0..<FuzzCount.of(300, many: 6_000) {
      let orders = (0..<random.index(below: 10)).compactMap { _ in
        let words = (0..<random.index(below: 6)).map { _ in numbers[random.index(below: numbers.count)] }
        return PlayRequest(([names[random.index(below: names.count)]] + words).joined(separator: " "))
      }
      guard let message = session.advance(orders) else { continue }
      messages += 1
      let document = try JSONSerialization.jsonObject(with: Data(message.utf8)) as? [String: Any]
      let poses = try #require(document?["poses"] as? [Double])
      #expect(poses.allSatisfy { $0.isFinite })
    }
    #expect(messages > 20)
  }
}
