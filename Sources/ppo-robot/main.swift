import PPORobot
import Robots

PPORobot.main(catalog: .standard)
