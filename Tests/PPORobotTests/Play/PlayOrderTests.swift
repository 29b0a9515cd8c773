import PPORobot
import Physics
import Robotics
import Testing

struct PlayOrderTests {
  @Test func ordersAreRead() {
    #expect(PlayOrder("steer 0.5 -0.25 1e-1") == .steer(Steering(forward: 0.5, sideways: -0.25, turning: 0.1)))
    #expect(PlayOrder("push 3 1 -2 0.5") == .push(part: 3, change: Vector3(1, -2, 0.5)))
    #expect(PlayOrder("restart") == .restart)
  }

  @Test(arguments: [
    "", " ", "steer", "steer 1 2", "steer 1 2 3 4", "steer nan 0 0", "steer inf 0 0", "steer 1e999 0 0", "steer 1  2 3",
    "steer 1 2 x", "push 1 2 3", "push -1 0 0 0", "push 0.5 0 0 0", "push 99999999999999999999 0 0 0", "push 1 0 0 nan",
    "restart 1", "Restart", "restart\n", "stop",
  ])
  func allElseIsNothing(_ text: String) { #expect(PlayOrder(text) == nil) }
}
