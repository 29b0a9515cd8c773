import PPORobot
import Robotics
import Robots

PPORobot.main(
  catalog: .standard + [.init("cart-pole", CartPole(), Balance(), policies: ["by-hand": { ByHand(spec: $0) }])])
