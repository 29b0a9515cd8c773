import PPORobot
import Robotics
import Robots

PPORobot.main(
  catalog: .standard + [.init("my-robot", MyRobot(), Balance(), policies: ["by-hand": { ByHand(spec: $0) }])])
